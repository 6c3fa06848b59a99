// allennlp train training_configs/mlqa_few_shot.jsonnet --include-package xlamaml_allennlp -s runs/mlqa_few_shot
//
// Stage 3b, few-shot transfer on MLQA: one epoch of ordinary fine-tuning on the target's development set.
// The few-shot rows of table 4. `base` is the target's own meta-training, here that of the one-line config
//   (import 'xlamaml/mlqa_xla_maml.jsonnet')(support=['ar'])
// run with -s runs/mlqa_xla_maml_ar, or stage 1's archive for the few-shot baseline. The paper gives no batch size and
// rate: these are stage 1's.
local earlier = import 'lib/earlier.libsonnet';
local official = import 'lib/data.libsonnet';
local finetune = import 'lib/finetune.libsonnet';
local qa = import 'lib/qa.libsonnet';

function(
  encoder='bert-base-multilingual-cased',
  data=null,  // own files instead of the official ones: {language: path}
  target=if data == null then 'ar' else official.target_of(data),
  mlqa=official.mlqa,  // a folder or archive that holds dev/dev-context-ar-question-ar.json and the like
  base=earlier.for_target('mlqa', target, data, official.mlqa_dev(mlqa, 'hi')).archive,
  batch_size=12,
  num_epochs=1,
  lr=3e-5,
  seed=0,
  cache=official.cache,  // a folder, or null to tokenize anew in every run
  validation=null,  // a path or {language: path}: a result per language after every epoch
  protocol=null,  // what may be trained, selected and tested on: {train: ['en'], select: ['en']} (docs/data_use.md)
  buckets=false,  // batches of like lengths: up to half as many tokens, other batches than the paper's
  moving_average=null,  // { type: 'exponential', decay: 0.99 }: the archive holds averages (docs/estimators.md)
  shots=null,  // as many questions of the target's, drawn: a set that is the same in runs of any seed; null for all
  shots_seed=0  // of the draw: another number is another set
) finetune(
  qa(encoder, own_data=data != null, cache=cache),
  official.paths([target], data, function(language) official.mlqa_dev(mlqa, language)),
  batch_size,
  num_epochs,
  lr,
  seed,
  base,
  earlier.for_target('mlqa', target, data, official.mlqa_dev(mlqa, 'hi')).config({
    encoder: encoder,
    mlqa: if mlqa == official.mlqa then null else mlqa,
  }),
  validation,
  protocol,
  buckets,
  moving_average,
  shots,
  shots_seed
)
