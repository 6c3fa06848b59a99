// The inner loops of rows and of their controls. A control has its row's in all but the step that it goes without, so that
// what the row is given (micro-batches, a support loss that counts) is given to it, too.
//
// A control says so by `without_step`, from an inner loop to its own: no key of rows, which cannot be given twice then.
local kept(inner_loop, keys) = { [key]: inner_loop[key] for key in keys if std.objectHas(inner_loop, key) };
// What every estimator that goes step by step takes, and `higher` as far as it has it; but for learned rates, with which a
// step that is off would be learned back on.
local shared = ['num_steps', 'parameters', 'support_weight', 'direction', 'normalize', 'schedule', 'micro_batch_size'];
{
  of(row, usual):: std.get(row, 'without_step', function(own) own)(std.get(row, 'inner_loop', usual)),

  // An inner step that is off, and yet takes its pass over the support set, so that dropout draws what it draws with the step
  // on: of two such runs all that differs is the step. Float32 loses one as small as this beside a weight.
  off(type='first_order'):: function(own) { num_steps: 1 } + kept(own, shared) + { type: type, lr: 1e-12 },

  // Fine-tuning: no inner step, and no pass over the support set, which is drawn all the same, and need not be large.
  none(own):: kept(own, ['micro_batch_size']) + { type: 'first_order', num_steps: 0 },
}
