// What a user may write into an object, and nothing else: a misspelt key would be dropped, and what it asks for with it.
// `what` opens the error, as in 'study: settings'; `keys` is an object that has the known keys. A row has it looked up for
// each of its runs: no sets, whose making takes milliseconds.
function(what, keys, given)
  local unknown = [key for key in std.objectFields(given) if !std.objectHas(keys, key)];
  if unknown == [] then given
  else error what + ': no key ' + std.join(', ', unknown) + '. There are: ' + std.join(', ', std.objectFields(keys)) + '.'
