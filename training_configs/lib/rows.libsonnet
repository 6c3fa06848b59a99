// What rows of studies (study.libsonnet) may ask for. A key that would change nothing ends with an error that names it: a run
// that does less than its row says would be reported as if it had done it.
local known = import 'known.libsonnet';
local named(row) = 'study: row "' + row.slug + '" (' + row.method + ', ' + std.join('+', row.auxiliary) + ')';
// Every key that a row may have.
local keys = {
  [key]: true
  for key in ['slug', 'method', 'auxiliary', 'support', 'query', 'same', 'inner_loop', 'meta_lr', 'moving_average']
             + ['episodes_per_step', 'steps_share', 'sampler', 'support_size', 'query_size', 'parallel', 'agreement', 'reverse', 'pairs']
};
{
  // A row as errors name it.
  named:: named,

  // The row, if it has no other keys.
  known(row):: known(named(row), keys, row),

  // The examples in a row's support and query sets.
  sizes(row):: { support: std.get(row, 'support_size', 8), query: std.get(row, 'query_size', 8) },

  // Keys of episodes whose sets are of two languages, with the values that ask for nothing.
  of_two_languages: { agreement: null, pairs: {}, parallel: false, reverse: false },

  // The row, if it, or what it has in `place`, leaves these keys out or at those values.
  without(row, keys, why, given=row, place='')::
    local asked = [place + key for key in std.objectFields(keys) if std.get(given, key, keys[key]) != keys[key]];
    if asked == [] then row
    else error named(row) + ' has ' + std.join(', ', asked) + ', but ' + why + '.',
  // Within one language an example has no translation, and there is no pair.
  same(row)::
    $.without(row, $.of_two_languages, 'its support and query sets are of one language (same: true). Leave it out'),
}
