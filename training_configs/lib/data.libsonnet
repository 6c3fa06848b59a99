// Where the official data are: archives on the web, read in place. A folder of the same layout serves as well.
local within(root, name) = if std.endsWith(root, '/') then root + name else root + '/' + name;
{
  mnli: 'https://cims.nyu.edu/~sbowman/multinli/multinli_1.0.zip!multinli_1.0',
  xnli: 'https://dl.fbaipublicfiles.com/XNLI/XNLI-1.0.zip!XNLI-1.0',
  squad_train: 'https://rajpurkar.github.io/SQuAD-explorer/dataset/train-v1.1.json',
  mlqa: 'https://dl.fbaipublicfiles.com/MLQA/MLQA_V1.zip!MLQA_V1',

  mnli_train(root):: within(root, 'multinli_1.0_train.jsonl'),
  // One file holds the development sets of all fifteen languages.
  xnli_dev(root):: within(root, 'xnli.dev.tsv'),
  // One file per language of the context and language of the question; these are the same language.
  mlqa_dev(root, language):: within(root, 'dev/dev-context-%s-question-%s.json' % [language, language]),
}
