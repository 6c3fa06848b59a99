// python -m xlamaml_allennlp study training_configs/studies/xnli_table3.jsonnet -s runs/table3 --keep-archives none
//
// Table 3, accuracy on XNLI. Zero-shot: the baseline, X-MAML and XLA-MAML with Hindi; the best of the 105 pairs, chosen by
// what a pair gains on development sets of languages that it has not learned from (the paper chose by other means: its
// X-MAML pairs are those of Nooralahzadeh et al.). Few-shot, a run per target: the baseline, X-MAML and XLA-MAML with
// Swahili, and with a pair where `few_shot_pair` names one. Without the pairs: --arg pairs=[]. The controls of few-shot are
// fine-tuning on the query examples (of X-MAML) or on query and support examples (of XLA-MAML) before the epoch on the target.
local nli = import '../lib/study_nli.libsonnet';
local official = import '../lib/data.libsonnet';
local study = import '../lib/study.libsonnet';

function(
  encoder='bert-base-multilingual-cased',
  train=official.mnli_train(official.mnli),
  xnli=official.xnli,
  seeds=[0, 1, 2],
  languages=null,  // all fifteen
  zero_shot_auxiliary='hi',
  few_shot_auxiliary='sw',
  few_shot_pair=[],
  pairs=null,  // all of the languages
  controls=true,
  settings={}
)
  local task = nli(encoder, train, xnli, settings)
               + (if languages == null then {} else { languages: languages });
  local every = if pairs == null then study.pairs(task.languages) else pairs;
  local x_pairs = [study.x_maml(pair) for pair in every], xla_pairs = [study.xla_maml(pair) for pair in every];
  local best(method, slug, judged, taken=function(row) row) =
    study.best(task, method, slug, judged, seeds, task.languages, taken);
  local best_x = 'X-MAML, best pair', same = 'XLA-MAML, same pair', best_xla = 'XLA-MAML, best pair';
  // The two methods of a pair one after the other, so that archives of what has lost can go.
  local of_pairs = [
    study.trained(task, rows, seeds) { evaluations: study.judged(task, rows, seeds) }
    for rows in [[study.x_maml(pair), study.xla_maml(pair)] for pair in every]
  ] + (if every == [] then [] else [
         { runs: [], evaluations: study.evaluated(task, study.english(task, seeds).runs, task.languages, 'dev') },
         best(best_x, 'best-x', x_pairs),
         best(same, 'same', x_pairs, function(row) study.xla_maml(row.auxiliary)),
         best(best_xla, 'best-xla', xla_pairs),
       ]);
  local before_x(auxiliary) = function(target, seed) study.meta_run(task, study.x_maml(auxiliary), seed).name;
  local before_xla(auxiliary) =
    function(target, seed) study.meta_run(task, study.few_shot_row(auxiliary, target), seed).name;
  // X-MAML has learned the same for all targets; with these languages it may be there already.
  local few_shot(auxiliary) =
    local targets = std.filter(function(target) !std.member(auxiliary, target), task.languages);
    local is_there = auxiliary == [zero_shot_auxiliary] || std.member(every, auxiliary);
    [
      study.trained(task, if is_there then [] else [study.x_maml(auxiliary)], seeds),
      study.trained(task, [study.few_shot_row(auxiliary, target) for target in targets], seeds),
      study.few_shot(task, 'X-MAML', 'x', auxiliary, before_x(auxiliary), targets, seeds),
      study.few_shot(task, 'XLA-MAML', 'xla', auxiliary, before_xla(auxiliary), targets, seeds),
    ] + (
      if !controls then []
      // The zero-shot row has the same control on its query examples.
      else study.few_shot_x_control(task, auxiliary, targets, seeds, is_there=auxiliary == [zero_shot_auxiliary])
           + study.few_shot_xla_control(task, auxiliary, targets, seeds)
    );
  local after_english(target, seed) = 'english-' + seed;
  study.of('xnli_table3', 'Table 3: XNLI', [
    study.english(task, seeds),
    study.zero_shot(task, [study.x_maml([zero_shot_auxiliary])], seeds),
    study.zero_shot(task, study.with_controls(study.xla_maml([zero_shot_auxiliary]), controls), seeds),
    study.few_shot(task, 'baseline', 'english', [], after_english, task.languages, seeds),
  ] + few_shot([few_shot_auxiliary]) + of_pairs + (if few_shot_pair == [] then [] else few_shot(few_shot_pair)), {
    tables: [{ paper: 'table3' }],
    // What is chosen by development data has no control of its own: its pair is known when it is chosen.
    comparisons: if every == [] then [] else [[method, 'baseline'] for method in [best_x, same, best_xla]],
  })
