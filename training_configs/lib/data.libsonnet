// Where the official data are: archives on the web, read in place. A folder of the same layout serves as well.
local within(root, name) = if std.endsWith(root, '/') then root + name else root + '/' + name;
{
  mnli: 'https://cims.nyu.edu/~sbowman/multinli/multinli_1.0.zip!multinli_1.0',
  xnli: 'https://dl.fbaipublicfiles.com/XNLI/XNLI-1.0.zip!XNLI-1.0',

  mnli_train(root):: within(root, 'multinli_1.0_train.jsonl'),
  // One file holds the development sets of all fifteen languages.
  xnli_dev(root):: within(root, 'xnli.dev.tsv'),
}
