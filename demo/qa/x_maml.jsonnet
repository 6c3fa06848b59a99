// python -m xlamaml_allennlp train demo/qa/x_maml.jsonnet -s demo/runs/qa/x_maml
//
// The demo's stage 2 for question answering in the manner of X-MAML: support and query from the same auxiliary language.
local meta = import '../../training_configs/mlqa_x_maml.jsonnet';
local settings = import 'settings.libsonnet';

function(runs='demo/runs/qa', encoder=runs + '/encoder', query='hi')
  meta(
    encoder,
    query=[query],
    mlqa='demo/qa/data',
    base=settings.archive(runs, 'english'),
    inner_loop=settings.meta.inner_loop,
    lr=settings.meta.lr,
    meta_steps_per_language=settings.meta.meta_steps_per_language,
  ) + settings.model
