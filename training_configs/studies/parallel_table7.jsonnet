// python -m xlamaml_allennlp study training_configs/studies/parallel_table7.jsonnet -s runs/table7 --keep-archives none
//
// Table 7: XLA-MAML on XNLI with parallel and with non-parallel support and query sets, with Hindi and with bg+de.
local nli = import '../lib/study_nli.libsonnet';
local official = import '../lib/data.libsonnet';
local study = import '../lib/study.libsonnet';

function(
  encoder='bert-base-multilingual-cased',
  train=official.mnli_train(official.mnli),
  xnli=official.xnli,
  auxiliary='hi',
  pair=['bg', 'de'],
  targets=['ar', 'de', 'en', 'es', 'hi', 'vi', 'zh'],
  seeds=[0, 1, 2],
  controls=true,
  settings={}
)
  local task = nli(encoder, train, xnli, settings);
  local methods = ['XLA-MAML, parallel', 'XLA-MAML, not parallel'];
  study.of('parallel_table7', 'Table 7: parallelism', [study.english(task, seeds, targets)] + [
    study.zero_shot(
      task,
      [
        row { slug: 'parallel-' + row.slug, method: methods[0] },
        row { slug: 'non-' + row.slug, method: methods[1], parallel: false },
      ] + (if controls then study.controls(row, methods) else []),
      seeds,
      targets
    )
    for row in [study.xla_maml([auxiliary]), study.xla_maml(pair)]
  ], {
    tables: [{ paper: 'table7' }],
    comparisons: [methods],
  })
