// python -m xlamaml_allennlp study training_configs/studies/controls.jsonnet -s runs/controls
//
// Is it the meta-learning? What the paper's tables 3 and 4 do not run: beside the baseline, X-MAML and XLA-MAML at several
// inner rates, fine-tuning on the same query examples, fine-tuning on the same query and support examples, and the method
// with its inner step switched off. Question answering with --arg task=qa; a small encoder on a CPU with, for example,
//   --arg encoder=ENCODER --arg train=multinli_1.0_subset.jsonl --arg xnli=XNLI-1.0 --arg 'targets=["ar","hi"]'
//   --arg 'settings={"num_epochs": 2, "lr": 1e-4, "meta_steps": 312, "meta_lr": 5e-5, "changes": {"model": {"pooling": "mean"}}}'
local nli = import '../lib/study_nli.libsonnet';
local official = import '../lib/data.libsonnet';
local qa = import '../lib/study_qa.libsonnet';
local study = import '../lib/study.libsonnet';

function(
  task='nli',
  encoder='bert-base-multilingual-cased',
  train=null,  // English examples, if not the official ones
  xnli=official.xnli,
  mlqa=official.mlqa,
  query='hi',
  support='en',
  alphas=[1e-5, 1e-3],  // inner rates of XLA-MAML; the controls are those of the first
  estimator='first_order',
  seeds=[0, 1, 2, 3, 4],  // of both stages
  targets=null,  // languages, if not all of the task's
  tests=null,  // {language: path}, if not the official test sets
  settings={}
)
  local alpha(lr) = { type: estimator, lr: lr, num_steps: 1 };
  local chosen = { inner_loop: alpha(alphas[0]) } + settings;
  local learned =
    (if task == 'qa' then qa(encoder, if train == null then official.squad_train else train, mlqa, chosen)
     else nli(encoder, if train == null then official.mnli_train(official.mnli) else train, xnli, chosen))
    + (if tests == null then {} else { languages: std.objectFields(tests), test(language): tests[language] });
  local languages = if targets == null then learned.languages else targets;
  local ours = study.xla_maml([query], [support]);
  local others = [
    ours { slug: 'xla' + (i + 1), method: 'XLA-MAML, alpha %g' % alphas[i], inner_loop: alpha(alphas[i]) }
    for i in std.range(1, std.length(alphas) - 1)
  ];
  local controls = study.controls(ours);
  study.of('controls', 'Controls', [
    study.english(learned, seeds, languages),
    study.zero_shot(learned, [study.x_maml([query]), ours] + others + controls, seeds, languages),
  ], {
    comparisons: [
      [row.method, control]
      for row in [ours] + others
      for control in ['baseline', 'X-MAML'] + [control.method for control in controls]
    ],
  })
