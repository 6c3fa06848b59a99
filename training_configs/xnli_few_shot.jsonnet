// allennlp train training_configs/xnli_few_shot.jsonnet --include-package xlamaml_allennlp -s runs/xnli_few_shot
//
// Stage 3b, few-shot transfer on XNLI: one epoch of ordinary fine-tuning on the target's development set.
// The few-shot rows of table 3. `base` is the target's own meta-training, here that of the one-line config
//   (import 'xlamaml/xnli_xla_maml.jsonnet')(support=['sw'])
// run with -s runs/xnli_xla_maml_sw, or stage 1's archive for the few-shot baseline. The paper gives no batch size and
// rate: these are stage 1's.
local earlier = import 'lib/earlier.libsonnet';
local official = import 'lib/data.libsonnet';
local finetune = import 'lib/finetune.libsonnet';
local nli = import 'lib/nli.libsonnet';

function(
  encoder='bert-base-multilingual-cased',
  labels=null,  // in their order, if not entailment, neutral, contradiction; the same in every stage
  label_aliases=null,  // other names that files have for them: {contradictory: 'contradiction'}
  data=null,  // own files instead of the official ones: {language: path}
  target=if data == null then 'sw' else official.target_of(data),
  xnli=official.xnli,  // a folder or archive that holds xnli.dev.tsv
  base=earlier.for_target('xnli', target, data, official.xnli_dev(xnli)).archive,
  batch_size=32,
  num_epochs=1,
  lr=2e-5,
  seed=0,
  cache=official.cache,  // a folder, or null to tokenize anew in every run
  validation=null,  // a path or {language: path}: a result per language after every epoch
  protocol=null,  // what may be trained, selected and tested on: {train: ['en'], select: ['en']} (docs/data_use.md)
  buckets=false,  // batches of like lengths: up to half as many tokens, other batches than the paper's
  moving_average=null,  // { type: 'exponential', decay: 0.99 }: the archive holds averages (docs/estimators.md)
  shots=null,  // as many pairs of the target's, drawn: a set that is the same in runs of any seed; null for all
  shots_seed=0  // of the draw: another number is another set
) finetune(
  nli(encoder, labels=labels, label_aliases=label_aliases, cache=cache),
  official.paths([target], data, function(language) official.xnli_dev(xnli)),
  batch_size,
  num_epochs,
  lr,
  seed,
  base,
  earlier.for_target('xnli', target, data, official.xnli_dev(xnli)).config({
    encoder: encoder,
    labels: labels,
    label_aliases: label_aliases,
    xnli: if xnli == official.xnli then null else xnli,
  }),
  validation,
  protocol,
  buckets,
  moving_average,
  shots,
  shots_seed
)
