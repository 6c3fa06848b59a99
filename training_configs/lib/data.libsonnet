// Where the data are: the official ones, archives on the web that are read in place (a folder of the same layout serves
// as well), or a user's own.
local within(root, name) = if std.endsWith(root, '/') then root + name else root + '/' + name;
{
  mnli: 'https://cims.nyu.edu/~sbowman/multinli/multinli_1.0.zip!multinli_1.0',
  xnli: 'https://dl.fbaipublicfiles.com/XNLI/XNLI-1.0.zip!XNLI-1.0',
  squad_train: 'https://rajpurkar.github.io/SQuAD-explorer/dataset/train-v1.1.json',
  mlqa: 'https://dl.fbaipublicfiles.com/MLQA/MLQA_V1.zip!MLQA_V1',

  // Where tokenized examples are kept between runs (docs/data.md).
  cache: '~/.cache/xlamaml_allennlp',

  mnli_train(root):: within(root, 'multinli_1.0_train.jsonl'),
  // One file holds the development sets of all fifteen languages.
  xnli_dev(root):: within(root, 'xnli.dev.tsv'),
  xnli_test(root):: within(root, 'xnli.test.tsv'),
  // One file per language of the context and language of the question; these are the same language.
  mlqa_dev(root, language):: within(root, 'dev/dev-context-' + language + '-question-' + language + '.json'),
  mlqa_test(root, context, question):: within(root, 'test/test-context-' + context + '-question-' + question + '.json'),

  // {language: path} of some languages: from `own`, a user's {language: path}, or where that is null from `official`,
  // a function from a language to its path. The two are never mixed.
  paths(languages, own, official):: {
    [language]: if own == null then official(language) else $.own_path(own, language)
    for language in std.set(languages)
  },
  own_path(own, language)::
    if std.objectHas(own, language) then own[language] else error (
      "data has no file of '%s', only of %s. Give data one, or choose languages that it has: support, query, target."
      % [language, std.join(', ', std.objectFields(own))]
    ),

  // What languages are for, where a config does not say: English, if it is there, supports the others; without it each
  // supports each other.
  support_of(own):: local all = std.objectFields(own); if std.member(all, 'en') then ['en'] else all,
  query_of(own)::
    local all = std.objectFields(own), others = std.filter(function(language) language != 'en', all);
    if others == [] then all else others,
  target_of(own)::
    local all = std.objectFields(own);
    if std.length(all) == 1 then all[0] else error (
      'data has files of %s: say which of these languages is the target.' % std.join(', ', all)
    ),
}
