// Natural language inference as a task of studies (study.libsonnet): MNLI, then XNLI. `settings` replaces the paper's numbers,
// which stand here, and changes configs, as settings.libsonnet says.
local official = import 'data.libsonnet';
local task = import 'study_task.libsonnet';
local configs = {
  finetune: import '../mnli_finetune.jsonnet',
  x_maml: import '../xnli_x_maml.jsonnet',
  xla_maml: import '../xnli_xla_maml.jsonnet',
  few_shot: import '../xnli_few_shot.jsonnet',
  adapt: import '../xnli_adapt.jsonnet',
};

function(
  encoder='bert-base-multilingual-cased',
  train=official.mnli_train(official.mnli),
  xnli=official.xnli,  // a folder or archive with xnli.dev.tsv and xnli.test.tsv
  settings={}
)
  local dev(language) = official.xnli_dev(xnli);
  local paper = {
    num_epochs: 3,
    batch_size: 32,
    lr: 2e-5,
    meta_steps: 500,  // per query language
    parallel: true,
  };
  local about = {
    metric: 'accuracy',
    languages: ['ar', 'bg', 'de', 'el', 'en', 'es', 'fr', 'hi', 'ru', 'sw', 'th', 'tr', 'ur', 'vi', 'zh'],
    dev(language): dev(language),
    test(language): official.xnli_test(xnli),
    english_title: 'English fine-tuning on MNLI',
  };
  local agreeing(row) =
    local agreement = std.get(row, 'agreement');
    if agreement == null then {} else { trainer+: { agreement: agreement } };
  task(encoder, train, configs, dev, paper, settings, about, more=agreeing)
