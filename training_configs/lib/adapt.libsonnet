// Adaptation before use: theta' = theta - lr * grad L_S(theta), num_steps times, for the model of an archive, whose own
// archive then is evaluated and predicts as any other (docs/estimators.md). It is fine-tuning by plain SGD with the
// whole support set as one batch.
local drawn = import 'drawn.libsonnet';
local run = import 'run.libsonnet';
function(
  task, support, support_size, lr, num_steps, seed, base, base_config=null, validation=null, protocol=null
) run(task, seed, base, base_config, validation, protocol) + {
  dataset_reader: drawn(task.training_reader, support_size, seed),
  train_data_path: support,
  // More than the windows of any question: one batch, whatever its size.
  data_loader: { batch_size: 1000 * support_size, shuffle: false },
  trainer: {
    type: 'resumable',
    num_epochs: num_steps,
    optimizer: { type: 'sgd', lr: lr },
  },
}
