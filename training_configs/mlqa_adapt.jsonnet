// allennlp train training_configs/mlqa_adapt.jsonnet --include-package xlamaml_allennlp -s runs/mlqa_adapt
//
// After stage 2, adaptation on MLQA before use: a few steps of plain SGD over all parameters on a support set, so that the
// archive holds theta'. An inner loop takes the same steps if it has but lr and num_steps. It is in no table of the paper,
// which evaluates theta.
local adapt = import 'lib/adapt.libsonnet';
local earlier = import 'lib/earlier.libsonnet';
local official = import 'lib/data.libsonnet';
local qa = import 'lib/qa.libsonnet';

function(
  encoder='bert-base-multilingual-cased',
  data=null,  // own files instead of the official ones: {language: path}
  support=if data == null then ['en'] else official.support_of(data),
  mlqa=official.mlqa,  // a folder or archive that holds dev/dev-context-hi-question-hi.json and the like
  base='runs/mlqa_xla_maml/model.tar.gz',
  support_size=8,  // examples, drawn with the seed from all support languages together
  num_steps=1,
  lr=1e-5,  // alpha, of all parameters
  seed=0,
  validation=null,  // a path or {language: path}: a result per language after every step
  protocol=null  // what may be trained, selected and tested on: {train: ['en'], select: ['en']} (docs/data_use.md)
) adapt(
  qa(encoder, own_data=data != null),
  official.paths(support, data, function(language) official.mlqa_dev(mlqa, language)),
  support_size,
  lr,
  num_steps,
  seed,
  base,
  earlier.supported_by('mlqa', support, data).config({
    encoder: encoder,
    mlqa: if mlqa == official.mlqa then null else mlqa,
  }),
  validation,
  protocol
)
