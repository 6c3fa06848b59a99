// allennlp train training_configs/xnli_adapt.jsonnet --include-package xlamaml_allennlp -s runs/xnli_adapt
//
// After stage 2, adaptation on XNLI before use: a few steps of plain SGD over all parameters on a support set, so that the
// archive holds theta'. An inner loop takes the same steps if it has but lr and num_steps. It is in no table of the paper,
// which evaluates theta.
local adapt = import 'lib/adapt.libsonnet';
local earlier = import 'lib/earlier.libsonnet';
local official = import 'lib/data.libsonnet';
local nli = import 'lib/nli.libsonnet';

function(
  encoder='bert-base-multilingual-cased',
  labels=null,  // in their order, if not entailment, neutral, contradiction; the same in every stage
  label_aliases=null,  // other names that files have for them: {contradictory: 'contradiction'}
  data=null,  // own files instead of the official ones: {language: path}
  support=if data == null then ['en'] else official.support_of(data),
  xnli=official.xnli,  // a folder or archive that holds xnli.dev.tsv
  base='runs/xnli_xla_maml/model.tar.gz',
  support_size=8,  // examples, drawn with the seed from all support languages together
  num_steps=1,
  lr=1e-5,  // alpha, of all parameters
  seed=0,
  validation=null,  // a path or {language: path}: a result per language after every step
  protocol=null  // what may be trained, selected and tested on: {train: ['en'], select: ['en']} (docs/data_use.md)
) adapt(
  nli(encoder, labels=labels, label_aliases=label_aliases),
  official.paths(support, data, function(language) official.xnli_dev(xnli)),
  support_size,
  lr,
  num_steps,
  seed,
  base,
  earlier.supported_by('xnli', support, data).config({
    encoder: encoder,
    labels: labels,
    label_aliases: label_aliases,
    xnli: if xnli == official.xnli then null else xnli,
  }),
  validation,
  protocol
)
