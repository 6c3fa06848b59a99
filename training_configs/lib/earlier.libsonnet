// The config that makes an earlier stage's archive, as the line that a user would write: a run whose `base` is not there
// says how to make it.
local official = import 'data.libsonnet';
{
  // `arguments`: {name: value}; one that is null is the config's own default and left out.
  config(name, arguments):: '(import "xlamaml/%s.jsonnet")(%s)' % [
    name,
    std.join(', ', [
      key + '=' + std.manifestJsonMinified(arguments[key])
      for key in std.objectFields(arguments)
      if arguments[key] != null
    ]),
  ],

  // Meta-training with these support languages, which is what is adapted to them. Where there is no other language to ask
  // about, it is X-MAML.
  supported_by(task, support, own):: {
    local query = if own == null then ['hi'] else official.query_of(own),
    local same_language = support == query && std.length(query) == 1,
    local usual = if own == null then ['en'] else official.support_of(own),

    config(arguments):: $.config(task + (if same_language then '_x_maml' else '_xla_maml'), arguments + { data: own } + (
      if same_language then { query: query }
      else { support: if support == usual then null else support }
    )),
  },

  // Meta-training for a target, which few-shot transfer goes on from: support from the target, query from the auxiliary
  // languages. Those are the other languages of a user's own data, else Hindi; for Hindi itself that is X-MAML.
  for_target(task, target, own, official_hindi):: {
    local others = if own == null then [] else [language for language in std.objectFields(own) if language != target],
    local alone = others == [],
    local same_language = alone && target == 'hi',
    local method = if same_language then 'x_maml' else 'xla_maml',

    archive: 'runs/%s_%s_%s/model.tar.gz' % [task, method, target],
    config(arguments):: $.config('%s_%s' % [task, method], arguments + (
      if same_language then { query: [target], data: own } else {
        support: [target],
        query: if alone then null else others,
        data: if own == null || !alone then own else own { hi: official_hindi },
      }
    )),
  },
}
