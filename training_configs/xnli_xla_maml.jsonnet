// allennlp train training_configs/xnli_xla_maml.jsonnet --include-package xlamaml_allennlp -s runs/xnli_xla_maml
//
// Stage 2, XLA-MAML on XNLI: support and query from different languages. Tables 3, 5, 6 and 7, figure 2.
// A pair a+b is support=['a', 'b'], query=['a', 'b']; few-shot meta-training is support=[target].
local earlier = import 'lib/earlier.libsonnet';
local official = import 'lib/data.libsonnet';
local meta = import 'lib/meta.libsonnet';
local nli = import 'lib/nli.libsonnet';

function(
  encoder='bert-base-multilingual-cased',
  labels=null,  // in their order, if not entailment, neutral, contradiction; the same in every stage
  label_aliases=null,  // other names that files have for them: {contradictory: 'contradiction'}
  data=null,  // own files instead of the official ones: {language: path}
  support=if data == null then ['en'] else official.support_of(data),
  query=if data == null then ['hi'] else official.query_of(data),
  xnli=official.xnli,  // a folder or archive that holds xnli.dev.tsv
  base='runs/mnli_finetune/model.tar.gz',
  sampler='covering',
  support_size=8,  // examples in an episode's support set; as many in its query set where sets are parallel
  query_size=8,  // and in its query set
  parallel=data == null,  // XNLI is; own files may be
  inner_loop={ type: 'higher', lr: 1e-5, num_steps: 1 },
  optimizer='adamw_fused',
  lr=1e-5,
  meta_steps_per_language=500,
  episodes_per_step=1,
  seed=0,
  cache=official.cache,  // a folder, or null to tokenize anew in every run
  validation=null,  // a path or {language: path}: a result per language after every epoch
  protocol=null,  // what may be trained, selected and tested on: {train: ['en'], select: ['en']} (docs/data_use.md)
  moving_average=null,  // { type: 'exponential', decay: 0.99 }: the archive holds averages (docs/estimators.md)
  agreement=null,  // of predictions on translations: { type: 'symmetric_kl', weight: 0.5 } (docs/estimators.md)
  reverse=false,  // whether each episode is followed by the one with support and query exchanged
  pairs={}  // { type: 'exp3s' }, with sampler='random': pairs of languages by how much they help (docs/estimators.md)
) meta(
  nli(encoder, labels=labels, label_aliases=label_aliases, cache=cache),
  official.paths(support + query, data, function(language) official.xnli_dev(xnli)),
  { type: 'cross_lingual', support: support, query: query } + pairs,
  base,
  earlier.config('mnli_finetune', { encoder: encoder, labels: labels, label_aliases: label_aliases }),
  sampler=sampler,
  support_size=support_size,
  query_size=query_size,
  parallel=parallel,
  meta_steps=meta_steps_per_language * std.length(query),
  episodes_per_step=episodes_per_step,
  inner_loop=inner_loop,
  optimizer=optimizer,
  lr=lr,
  seed=seed,
  validation=validation,
  protocol=protocol,
  moving_average=moving_average,
  agreement=agreement,
  reverse=reverse
)
