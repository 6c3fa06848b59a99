// Meta-training (stage 2), whatever the task: episodes whose support and query languages `languages` plans.
local run = import 'run.libsonnet';
function(
  task,
  train,  // {language: path}
  languages,  // a LanguagePlan
  base,  // the archive of stage 1
  base_config,  // what makes it (earlier.libsonnet)
  sampler='covering',
  support_size=8,
  query_size=8,
  parallel=true,
  meta_steps=500,  // in all; the paper counts them per query language
  episodes_per_step=1,
  inner_loop={ type: 'higher', lr: 1e-5, num_steps: 1 },
  optimizer='adamw_fused',
  lr=1e-5,
  seed=0,
  validation=null,
  protocol=null,
  moving_average=null,  // an AllenNLP MovingAverage; the archive then holds the averages
  agreement=null,  // how predictions on translations have to agree (docs/estimators.md)
  reverse=false  // whether each episode is followed by the one with support and query exchanged
) run(task, seed, base, base_config, validation, protocol) + {
  dataset_reader: { type: 'episodes', reader: task.training_reader },
  train_data_path: train,
  data_loader: {
    type: 'episodes',
    episodes_per_epoch: meta_steps * episodes_per_step,
    languages: languages,
    sampler: { type: sampler, support_size: support_size, query_size: query_size, parallel: parallel, seed: seed },
    [if reverse then 'reverse']: true,
  },
  trainer: {
    type: 'meta',
    inner_loop: inner_loop,
    [if moving_average != null then 'moving_average']: moving_average,
    [if agreement != null then 'agreement']: agreement,
    num_epochs: 1,
    num_gradient_accumulation_steps: episodes_per_step,
    optimizer: { type: optimizer, lr: lr, weight_decay: 0.01 },
    // The scheduler's own default of 100 warm-up steps would be all of a short run.
    learning_rate_scheduler: { type: 'linear_with_warmup', warmup_steps: 0 },
    // Ten in a run, however long its steps take: an interruption costs a tenth of it at most.
    checkpointer: { save_every_num_batches: std.max(1, std.floor(meta_steps / 10)) },
  },
}
