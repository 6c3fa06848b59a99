// python -m xlamaml_allennlp study training_configs/studies/smoke.jsonnet -s runs/smoke
//
// Everything that a study has, in minutes and from what lies in a clone: a tiny random encoder on the demo's pairs, in the
// shape of table 3. Its numbers mean nothing.
local nli = import '../lib/study_nli.libsonnet';
local study = import '../lib/study.libsonnet';

function(
  encoder='tests/upstream/goldens/encoders/xlm-roberta',
  train='demo/data/xnli.dev.tsv',
  xnli='demo/data',
  seeds=[0, 1],
  targets=['en', 'hi', 'ru'],
  settings={ num_epochs: 1, lr: 1e-3, meta_steps: 10, meta_lr: 1e-3 }
)
  local task = nli(encoder, train, xnli, settings { english: { train_data_path: { en: train } } });
  study.of('smoke', 'Smoke', [
    study.english(task, seeds, targets),
    study.zero_shot(task, study.with_controls(study.xla_maml(['hi'])), seeds, targets),
    study.zero_shot(task, [study.as_control(study.x_maml(['hi']), ['XLA-MAML'])], seeds, targets),
  ])
