// python -m xlamaml_allennlp train demo/english.jsonnet -s demo/runs/english
//
// The demo's stage 1: English fine-tuning, the baseline.
local finetune = import '../training_configs/mnli_finetune.jsonnet';
local settings = import 'settings.libsonnet';

function(runs='demo/runs', encoder=runs + '/encoder')
  finetune(encoder, train='demo/data/train.en.tsv', num_epochs=2, lr=1e-4) + settings.model
