// python -m xlamaml_allennlp study training_configs/studies/xlmr_table5.jsonnet -s runs/table5 --keep-archives none
//
// Table 5, accuracy on XNLI with XLM-R base: the baseline, X-MAML and XLA-MAML with Hindi, XLA-MAML with bg+de.
local nli = import '../lib/study_nli.libsonnet';
local official = import '../lib/data.libsonnet';
local study = import '../lib/study.libsonnet';

function(
  encoder='xlm-roberta-base',
  train=official.mnli_train(official.mnli),
  xnli=official.xnli,
  auxiliary='hi',
  pair=['bg', 'de'],
  targets=null,
  seeds=[0, 1, 2],
  controls=true,
  settings={}
)
  local task = nli(encoder, train, xnli, settings);
  local columns = if targets == null then task.languages else targets;
  study.of('xlmr_table5', 'Table 5: XLM-R', [
    study.english(task, seeds, columns),
    study.zero_shot(task, [study.x_maml([auxiliary])], seeds, columns),
    study.zero_shot(task, study.with_controls(study.xla_maml([auxiliary]), controls), seeds, columns),
    study.zero_shot(task, study.with_controls(study.xla_maml(pair), controls), seeds, columns),
  ], { tables: [{ paper: 'table5' }] })
