// python -m xlamaml_allennlp train demo/qa/xla_maml.jsonnet -s demo/runs/qa/xla_maml
//
// The demo's stage 2 for question answering in the manner of XLA-MAML: support from one language, query from another.
local meta = import '../../training_configs/mlqa_xla_maml.jsonnet';
local settings = import 'settings.libsonnet';

function(runs='demo/runs/qa', encoder=runs + '/encoder', support='en', query='hi')
  meta(
    encoder,
    support=[support],
    query=[query],
    mlqa='demo/qa/data',
    base=settings.archive(runs, 'english'),
    parallel=true,  // these questions all have their translations
    inner_loop=settings.meta.inner_loop,
    lr=settings.meta.lr,
    meta_steps_per_language=settings.meta.meta_steps_per_language,
  ) + settings.model
