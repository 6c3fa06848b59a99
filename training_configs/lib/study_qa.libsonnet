// Question answering as a task of studies (study.libsonnet): SQuAD, then MLQA. `settings` as in study_nli.libsonnet.
local official = import 'data.libsonnet';
local rows = import 'rows.libsonnet';
local task = import 'study_task.libsonnet';
local configs = {
  finetune: import '../squad_finetune.jsonnet',
  x_maml: import '../mlqa_x_maml.jsonnet',
  xla_maml: import '../mlqa_xla_maml.jsonnet',
  few_shot: import '../mlqa_few_shot.jsonnet',
  adapt: import '../mlqa_adapt.jsonnet',
};

function(
  encoder='bert-base-multilingual-cased',
  train=official.squad_train,
  mlqa=official.mlqa,  // a folder or archive with dev/dev-context-hi-question-hi.json, test/... and the like
  settings={}
)
  local dev(language) = official.mlqa_dev(mlqa, language);
  local paper = {
    num_epochs: 2,
    batch_size: 12,
    lr: 3e-5,
    meta_steps: 100,  // per query language
    parallel: 'where_possible',
  };
  local about = {
    metric: 'f1',
    languages: ['ar', 'de', 'en', 'es', 'hi', 'vi', 'zh'],
    dev(language): dev(language),
    test(language): official.mlqa_test(mlqa, language, language),
    // Contexts in one language, questions in another.
    crossed(context, question): official.mlqa_test(mlqa, context, question),
    english_title: 'English fine-tuning on SQuAD',
  };
  local checked(row) =
    rows.without(row, { agreement: null }, 'scores of tokens have no translation to agree with. Leave it out');
  task(encoder, train, configs, dev, paper, settings, about, checked)
