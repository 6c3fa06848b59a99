// python -m xlamaml_allennlp train demo/qa/english.jsonnet -s demo/runs/qa/english
//
// The demo's stage 1 for question answering: English fine-tuning, the baseline.
local finetune = import '../../training_configs/squad_finetune.jsonnet';
local settings = import 'settings.libsonnet';

function(runs='demo/runs/qa', encoder=runs + '/encoder')
  finetune(encoder, train='demo/qa/data/train.en.json', num_epochs=1, lr=1e-4) + settings.model + {
    // Windows of like length together: nothing is computed for padding.
    data_loader: { batch_sampler: { type: 'bucket', batch_size: 12, sorting_keys: ['tokens'] } },
    // At this rate the first steps have to be small.
    trainer+: { learning_rate_scheduler+: { warmup_steps: 36 } },
  }
