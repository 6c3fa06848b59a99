// python -m xlamaml_allennlp study training_configs/studies/mlqa_table4.jsonnet -s runs/table4 --keep-archives none
//
// Table 4, EM and F1 on MLQA. Zero-shot: the baseline, X-MAML and XLA-MAML with Hindi. Few-shot, a run per target: the
// baseline and XLA-MAML with Hindi, whose column hi is X-MAML by definition: support and query are one language; its control,
// fine-tuning on its query and support examples before the epoch on the target, is done for each target, too.
local official = import '../lib/data.libsonnet';
local qa = import '../lib/study_qa.libsonnet';
local study = import '../lib/study.libsonnet';

function(
  encoder='bert-base-multilingual-cased',
  train=official.squad_train,
  mlqa=official.mlqa,
  auxiliary='hi',
  languages=null,  // all seven
  seeds=[0, 1, 2],
  controls=true,
  settings={}
)
  local task = qa(encoder, train, mlqa, settings) + (if languages == null then {} else { languages: languages });
  local before(target, seed) = study.meta_run(task, study.few_shot_row([auxiliary], target), seed).name;
  local after_english(target, seed) = 'english-' + seed;
  study.of('mlqa_table4', 'Table 4: MLQA', [
    study.english(task, seeds),
    study.zero_shot(task, [study.x_maml([auxiliary])], seeds),
    study.zero_shot(task, study.with_controls(study.xla_maml([auxiliary]), controls), seeds),
    study.few_shot(task, 'baseline', 'english', [], after_english, task.languages, seeds),
    study.trained(task, [study.few_shot_row([auxiliary], target) for target in task.languages], seeds),
    study.few_shot(task, 'XLA-MAML', 'xla', [auxiliary], before, task.languages, seeds),
  ] + (if controls then study.few_shot_xla_control(task, [auxiliary], task.languages, seeds) else []), {
    tables: [{ metric: metric, paper: 'table4' } for metric in ['f1', 'em']],
  })
