// python -m xlamaml_allennlp train demo/xla_maml.jsonnet -s demo/runs/xla_maml
//
// The demo's stage 2 in the manner of XLA-MAML: support from one language, query from another.
local meta = import '../training_configs/xnli_xla_maml.jsonnet';
local settings = import 'settings.libsonnet';

function(runs='demo/runs', encoder=runs + '/encoder', support='en', query='hi')
  meta(
    encoder,
    support=[support],
    query=[query],
    xnli='demo/data',
    base=settings.archive(runs, 'english'),
    inner_loop=settings.meta.inner_loop,
    lr=settings.meta.lr,
    meta_steps_per_language=settings.meta.meta_steps_per_language,
  ) + settings.model
