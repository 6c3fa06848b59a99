// What the stages of the demo share, and what was chosen for an encoder and data this small.
{
  // This encoder was pretrained with the mean of its tokens.
  model: { model+: { pooling: 'mean' } },

  // The archive of an earlier stage.
  archive(runs, stage):: runs + '/' + stage + '/model.tar.gz',

  meta: {
    // The paper's inner learning rate. What the first-order estimator leaves out is of that order, too small to see;
    // 'higher', the exact one, takes twice as long.
    inner_loop: { type: 'first_order', lr: 1e-5, num_steps: 1 },
    // Not quite four passes over the 216 pairs of the query language: a fifth of the paper's steps, ten times its rate.
    meta_steps_per_language: 100,
    lr: 1e-4,
  },
}
