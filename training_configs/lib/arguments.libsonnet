// What arguments of studies may be. One that a study could make nothing of, or would take for something else, ends with an
// error that names it.
local wrong(name, given, why) = error 'study: ' + name + ' is ' + std.manifestJsonMinified(given) + '; ' + why + '.';
local is_texts(given) = std.isArray(given) && given != [] && std.all([std.isString(each) for each in given]);
{
  // An array of one thing or more: seeds, rates.
  some(name, given, such_as)::
    if std.isArray(given) && given != [] then given
    else wrong(name, given, 'give an array of one or more, such as ' + such_as),

  language(name, given)::
    if std.isString(given) then given else wrong(name, given, "give one language, such as 'hi'"),

  languages(name, given)::
    if is_texts(given) then given else wrong(name, given, "give an array of languages, such as ['hi']"),

  // An object without keys that are given otherwise: {key: argument}.
  without_keys(name, given, elsewhere)::
    local found = [key for key in std.objectFields(elsewhere) if std.objectHas(given, key)];
    if found == [] then given
    else wrong(name, given, std.join(' and ', [
      key + ' is given by the argument ' + elsewhere[key]
      for key in found
    ])),

  // Languages of query sets, `support` those that support them: of one language alone there is X-MAML and nothing else.
  supported(name, given, support)::
    if given != support || std.length(given) > 1 then given
    else wrong(name, given, 'and so is support, which is X-MAML by definition. Name another language in one of them'),

  // The languages to evaluate on, all of a task's where that is null. `there` says whose they are.
  targets(given, languages, there)::
    local unknown = [each for each in $.languages('targets', given) if !std.member(languages, each)];
    if given == null then languages
    else if unknown == [] then given
    else wrong('targets', given, there + ' has no ' + std.join(', ', unknown) + ', only ' + std.join(', ', languages)),
}
