// What the stages of the demo share, and what was chosen for an encoder and data this small (README.md says how).
{
  // This encoder was pretrained with the mean of the tokens, without token types.
  model: { model+: { pooling: 'mean' } },

  // The archive of an earlier stage.
  archive(runs, stage):: runs + '/' + stage + '/model.tar.gz',

  // About four passes over the 216 pairs of the query language, a fifth of the paper's steps, each ten times larger.
  meta: {
    inner_loop: { type: 'higher', lr: 1e-5, num_steps: 1 },
    lr: 1e-4,
    meta_steps_per_language: 100,
  },
}
