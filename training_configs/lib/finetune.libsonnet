// Ordinary fine-tuning: stage 1 (English) and the last step of few-shot transfer (target). An interrupted run that is
// recovered ends in the same weights.
// `buckets`: whether batches are of pairs of like length, of which almost nothing is padding (docs/speed.md), instead of
// pairs at random as in the paper.
local drawn = import 'drawn.libsonnet';
local run = import 'run.libsonnet';
function(
  task, train, batch_size, num_epochs, lr, seed, base=null, base_config=null, validation=null,
  protocol=null,
  buckets=false,  // batches of like lengths
  moving_average=null,  // an AllenNLP MovingAverage; the archive then holds the averages
  shots=null,  // as many examples; null for all
  shots_seed=0
) run(task, seed, base, base_config, validation, protocol) + {
  dataset_reader: if shots == null then task.training_reader else drawn(task.training_reader, shots, shots_seed),
  train_data_path: train,
  data_loader: if !buckets then { batch_size: batch_size, shuffle: true } else {
    batch_sampler: { type: 'bucket', batch_size: batch_size, sorting_keys: ['tokens'] },
  },
  trainer: {
    type: 'resumable',
    num_epochs: num_epochs,
    [if moving_average != null then 'moving_average']: moving_average,
    optimizer: { type: 'adamw_fused', lr: lr, weight_decay: 0.0 },
    learning_rate_scheduler: { type: 'linear_with_warmup', warmup_steps: 0 },
    // Within epochs too: of English data these have thousands of batches, of a target's less than a hundred.
    checkpointer: { save_every_num_batches: if base == null then 1000 else 20 },
  },
}
