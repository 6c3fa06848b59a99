// python -m xlamaml_allennlp study training_configs/studies/variants.jsonnet -s runs/variants
//
// In no table of the paper: which variant of the meta step is worth more than fine-tuning on the same data? XLA-MAML beside
// what docs/estimators.md adds to it, one at a time and together, and beside the controls. With
// --arg 'only=["reverse","ascent"]' these variants alone; with --arg dev={...} each is judged on these files, too, which is what
// to choose by; with --arg tests={...} on other files than the official test sets; with --arg task=qa on MLQA. A large alpha is
// meant to be used after adaptation: --arg 'adapted={"wide": {}}' evaluates that, too, adapted as the variant adapts. With
// several languages, --arg 'query=["hi","sw"]' --arg 'support=["en","hi","sw"]', there are also pairs to be drawn by their help.
local arguments = import '../lib/arguments.libsonnet';
local chosen_task = import '../lib/chosen_task.libsonnet';
local known = import '../lib/known.libsonnet';
local official = import '../lib/data.libsonnet';
local study = import '../lib/study.libsonnet';

function(
  task='nli',
  encoder='bert-base-multilingual-cased',
  train=null,  // English examples, if not the official ones
  xnli=official.xnli,
  mlqa=official.mlqa,
  query=['hi'],
  support=['en'],
  only=null,  // slugs of variants; null for all
  seeds=[0, 1, 2],  // of both stages
  targets=null,  // languages, if not all of the task's
  tests=null,  // {language: path}, if not the official test sets
  dev={},  // {language: path} of what no stage learns from
  adapted={},  // {slug: {}}: variants to evaluate once more, adapted; with support, support_size, lr, num_steps if not theirs
  settings={}
)
  local first(lr=1e-5, more={}) = { type: 'first_order', lr: lr, num_steps: 1 } + more;
  local exact(lr, more={}) = first(lr, more) { type: 'exact' };
  local counts = { support_weight: 1.0 };
  local uphill(rho) = { lr: rho, direction: 'ascent', normalize: true };
  local learned = chosen_task.of(task, encoder, train, xnli, mlqa, settings, tests);
  local languages = chosen_task.targets(learned, targets, tests);
  local auxiliary = arguments.languages('query', query), supporting = arguments.languages('support', support);
  local ours = study.xla_maml(arguments.supported('query', auxiliary, supporting), supporting) { inner_loop: first() };
  local both_ways = { reverse: true, episodes_per_step: 2 };
  local apart = { parallel: false };
  local pairs = [[one, other] for one in supporting for other in auxiliary if one != other];
  // By help is by how gradients agree, which this estimator holds; the row to compare with has it, too.
  local at_random = apart { sampler: 'random', inner_loop: exact(1e-5, counts) };
  local variant(slug, what, changes) = ours { slug: slug, method: 'XLA-MAML, ' + what } + changes;
  local variants = [
    variant('alpha3', 'alpha 1e-3', { inner_loop: first(1e-3) }),
    variant('support', 'support loss counts', { inner_loop: first(more=counts) }),
    variant('support3', 'support loss counts, alpha 3e-3', { inner_loop: exact(3e-3, counts) }),
    variant('support2', 'support loss counts, alpha 1e-2', { inner_loop: exact(1e-2, counts) }),
    // Of translations a step hears one thing twice; fine-tuning on both languages does not.
    variant('apart', 'support loss counts, not parallel', apart { inner_loop: first(more=counts) }),
    variant('apart3', 'support loss counts, not parallel, alpha 3e-3', apart { inner_loop: exact(3e-3, counts) }),
    // The support gradient of eight says little of the query's: it is mostly that of these eight.
    variant('wide', 'support loss counts, not parallel, support of 32, alpha 1e-2', apart {
      support_size: 32,
      inner_loop: first(1e-2, counts),
    }),
    variant('head', 'support loss counts, not parallel, head alone adapts, alpha 1e-1', apart {
      inner_loop: first(1e-1, counts { parameters: [if task == 'qa' then '^start_and_end' else '^classifier'] }),
    }),
    // One expression: some encoders have no biases.
    variant('norms', 'support loss counts, not parallel, biases and norms adapt, alpha 1e-2', apart {
      inner_loop: first(1e-2, counts { parameters: ['bias$|[Nn]orm'] }),
    }),
    variant('reverse', 'both ways', both_ways),
    variant('reverse2', 'both ways, alpha 1e-2', both_ways { inner_loop: exact(1e-2) }),
    // With gradients of length 6 (docs/estimators.md) 0.02 raises the query loss by 0.04 at first, and 0.2 took it above chance.
    variant('ascent', 'support loss counts, ascent 0.02', { inner_loop: first(more=counts + uphill(0.02)) }),
    variant('ascent2', 'both ways, ascent 0.02', both_ways { inner_loop: first(more=uphill(0.02)) }),
    variant('ascent3', 'both ways, ascent 0.05', both_ways { inner_loop: first(more=uphill(0.05)) }),
  ] + (if task == 'qa' then [] else [
    variant(slug, 'both ways, agreement %g' % weight, both_ways {
      agreement: { type: 'symmetric_kl', weight: weight },
    })
    for slug in ['agreement', 'agreement3']
    for weight in [if slug == 'agreement' then 1.0 else 0.3]
  ]) + (if std.length(auxiliary) < 2 then [] else [
    // As many examples a step, of two episodes, whose query languages may be two.
    variant('several', 'support loss counts, not parallel, two episodes of 4 and 4', apart {
      episodes_per_step: 2,
      support_size: 4,
      query_size: 4,
      inner_loop: first(more=counts),
    }),
  ]) + (if std.length(pairs) < 2 then [] else [
    variant('random', 'support loss counts, not parallel, pairs at random', at_random),
    variant('helping', 'support loss counts, not parallel, pairs by help', at_random { pairs: { type: 'exp3s' } }),
  ]) + [
    variant('rates', 'support loss counts, learned rates', { inner_loop: exact(1e-3, counts { learned_rates: {} }) }),
  ];
  local slugs(rows) = { [row.slug]: true for row in rows };
  local asked = known('study: only', slugs(variants), if only == null then slugs(variants) else { [slug]: true for slug in only });
  local chosen = [row for row in variants if std.objectHas(asked, row.slug)];
  local to_adapt = known('study: adapted', slugs(chosen), adapted);
  local controls = study.controls(ours, [row.method for row in [ours] + chosen]);
  local trained =
    study.zero_shot(learned, controls + [ours, study.x_maml(auxiliary) { inner_loop: first() }] + chosen, seeds, languages);
  local then_adapted = [
    study.adapted(learned, [row], seeds, to_adapt[row.slug], languages)
    for row in chosen
    if std.objectHas(to_adapt, row.slug)
  ];
  local english = study.english(learned, seeds, languages);
  local judged = study.evaluated(
    learned { dev(language): dev[language] },
    std.flattenArrays([part.runs for part in [english, trained] + then_adapted]),
    std.objectFields(dev),
    'dev'
  );
  study.of('variants', 'Variants of the meta step', [
    english,
    trained,
  ] + then_adapted + [
    { runs: [], evaluations: if dev == {} then [] else judged },
  ])
