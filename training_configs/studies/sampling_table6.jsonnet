// python -m xlamaml_allennlp study training_configs/studies/sampling_table6.jsonnet -s runs/table6 --keep-archives none
//
// Table 6: XLA-MAML with covering and with random sampling, on XNLI with Hindi and bg+de. Question answering, with Hindi and
// ar+hi: --arg task=qa and a folder of its own.
local chosen_task = import '../lib/chosen_task.libsonnet';
local official = import '../lib/data.libsonnet';
local study = import '../lib/study.libsonnet';

function(
  task='nli',
  encoder='bert-base-multilingual-cased',
  train=null,  // English examples, if not the official ones
  xnli=official.xnli,
  mlqa=official.mlqa,
  auxiliary='hi',
  pair=if task == 'qa' then ['ar', 'hi'] else ['bg', 'de'],
  targets=['ar', 'de', 'en', 'es', 'hi', 'vi', 'zh'],
  seeds=[0, 1, 2],
  controls=true,
  settings={}
)
  local learned = chosen_task.of(task, encoder, train, xnli, mlqa, settings);
  local languages = chosen_task.targets(learned, targets);
  local methods = ['XLA-MAML, covering', 'XLA-MAML, random'];
  study.of('sampling_table6', 'Table 6: sampling', [study.english(learned, seeds, languages)] + [
    study.zero_shot(
      learned,
      [
        row { slug: sampler + '-' + row.slug, method: 'XLA-MAML, ' + sampler, sampler: sampler }
        for sampler in ['covering', 'random']
      ] + (if controls then study.controls(row, methods) else []),
      seeds,
      languages
    )
    for row in [study.xla_maml([auxiliary]), study.xla_maml(pair)]
  ], {
    tables: [{ metric: learned.metric, paper: 'table6' }],
    comparisons: [methods],
  })
