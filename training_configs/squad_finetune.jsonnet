// allennlp train training_configs/squad_finetune.jsonnet --include-package xlamaml_allennlp -s runs/squad_finetune
//
// Stage 1, English fine-tuning on SQuAD v1.1: the baseline of table 4.
local official = import 'lib/data.libsonnet';
local finetune = import 'lib/finetune.libsonnet';
local qa = import 'lib/qa.libsonnet';

function(
  encoder='bert-base-multilingual-cased',
  train=official.squad_train,  // a file of English questions
  data={ en: train },  // or files of other languages too: {language: path}
  batch_size=12,
  num_epochs=2,
  lr=3e-5,
  seed=0,
  cache=official.cache,  // a folder, or null to tokenize anew in every run
  validation=null,  // a path or {language: path}: a result per language after every epoch
  protocol=null,  // what may be trained, selected and tested on: {train: ['en'], select: ['en']} (docs/data_use.md)
  buckets=false,  // batches of like lengths: up to half as many tokens, other batches than the paper's
  moving_average=null  // { type: 'exponential', decay: 0.99 }: the archive holds averages (docs/estimators.md)
) finetune(
  qa(encoder, own_data=std.objectFields(data) != ['en'], cache=cache),
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
