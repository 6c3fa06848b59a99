// python -m xlamaml_allennlp study training_configs/studies/sampling_table6.jsonnet -s runs/table6 --keep-archives none
//
// Table 6: XLA-MAML with covering and with random sampling, on XNLI with Hindi and bg+de. Question answering, with Hindi and
// ar+hi: --arg task=qa and a folder of its own.
local nli = import '../lib/study_nli.libsonnet';
local official = import '../lib/data.libsonnet';
local qa = import '../lib/study_qa.libsonnet';
local study = import '../lib/study.libsonnet';

function(
  task='nli',
  encoder='bert-base-multilingual-cased',
  train=if task == 'qa' then official.squad_train else official.mnli_train(official.mnli),
  xnli=official.xnli,
  mlqa=official.mlqa,
  auxiliary='hi',
  pair=if task == 'qa' then ['ar', 'hi'] else ['bg', 'de'],
  targets=['ar', 'de', 'en', 'es', 'hi', 'vi', 'zh'],
  seeds=[0, 1, 2],
  controls=true,
  settings={}
)
  local learned = if task == 'qa' then qa(encoder, train, mlqa, settings) else nli(encoder, train, xnli, settings);
  study.of('sampling_table6', 'Table 6: sampling', [study.english(learned, seeds, targets)] + [
    study.zero_shot(
      learned,
      [
        row { slug: sampler + '-' + row.slug, method: 'XLA-MAML, ' + sampler, sampler: sampler }
        for sampler in ['covering', 'random']
      ] + (if controls then study.controls(row) else []),
      seeds,
      targets
    )
    for row in [study.xla_maml([auxiliary]), study.xla_maml(pair)]
  ], {
    tables: [{ metric: learned.metric, paper: 'table6' }],
    comparisons: [['XLA-MAML, covering', 'XLA-MAML, random']],
  })
