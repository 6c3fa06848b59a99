// allennlp train training_configs/mnli_finetune.jsonnet --include-package xlamaml_allennlp -s runs/mnli_finetune
//
// Stage 1, English fine-tuning on MNLI: the baseline rows of tables 3 and 5.
local official = import 'lib/data.libsonnet';
local finetune = import 'lib/finetune.libsonnet';
local nli = import 'lib/nli.libsonnet';

function(
  encoder='bert-base-multilingual-cased',
  labels=null,  // in their order, if not entailment, neutral, contradiction; the same in every stage
  label_aliases=null,  // other names that files have for them: {contradictory: 'contradiction'}
  train=official.mnli_train(official.mnli),  // a file of English pairs
  data={ en: train },  // or files of other languages too: {language: path}
  batch_size=32,
  num_epochs=3,
  lr=2e-5,
  seed=0,
  cache=official.cache,  // a folder, or null to tokenize anew in every run
  validation=null,  // a path or {language: path}: a result per language after every epoch
  protocol=null,  // what may be trained, selected and tested on: {train: ['en'], select: ['en']} (docs/data_use.md)
  buckets=false,  // batches of like lengths: up to half as many tokens, other batches than the paper's
  moving_average=null  // { type: 'exponential', decay: 0.99 }: the archive holds averages (docs/estimators.md)
) finetune(
  nli(encoder, labels=labels, label_aliases=label_aliases, cache=cache),
  data,
  batch_size,
  num_epochs,
  lr,
  seed,
  validation=validation,
  protocol=protocol,
  buckets=buckets,
  moving_average=moving_average
)
