// What a row's model is adapted by before it is evaluated (adapt.libsonnet): its inner step, on a support set like its own,
// where `keys` say nothing else. What plain SGD over all parameters cannot do as the row does is an error.
local known = import 'known.libsonnet';
local rows = import 'rows.libsonnet';
// Keys of an inner loop that make another step of it, with the values that do not.
local of_other_steps = { direction: 'descent', learned_rates: null, normalize: false, parameters: null, schedule: null };
local why = 'adaptation is plain SGD over all parameters, of one rate. Leave the row out of what is adapted';
local takes_no_step(row, inner_loop) =
  std.objectHasAll(row, 'without_step') || std.get(inner_loop, 'num_steps', 1) == 0;
function(row, inner_loop, keys)
  local usual = {
    support: row.support,
    support_size: rows.sizes(row).support,
    lr: std.get(inner_loop, 'lr', 1e-5),
    num_steps: std.get(inner_loop, 'num_steps', 1),
  };
  local asked = usual + known('study: adaptation', usual, keys);
  assert std.isObject(rows.without(row, of_other_steps, why, inner_loop, 'inner_loop.'));
  if takes_no_step(row, inner_loop) && !(std.objectHas(keys, 'lr') && std.objectHas(keys, 'num_steps'))
  then error rows.named(row) + ' takes no inner step that it could be adapted by. Give the adaptation lr and num_steps.'
  else asked
