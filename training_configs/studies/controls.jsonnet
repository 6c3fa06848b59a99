// python -m xlamaml_allennlp study training_configs/studies/controls.jsonnet -s runs/controls
//
// Is it the meta-learning? What the paper's tables 3 and 4 do not run: beside the baseline, X-MAML and XLA-MAML at several
// inner rates, fine-tuning on the same query examples, fine-tuning on the same query and support examples, and the method
// with its inner step switched off. Question answering with --arg task=qa; a small encoder on a CPU with, for example,
//   --arg encoder=ENCODER --arg train=multinli_1.0_subset.jsonl --arg xnli=XNLI-1.0 --arg 'targets=["ar","hi"]'
//   --arg 'settings={"num_epochs": 2, "lr": 1e-4, "meta_steps": 312, "meta_lr": 5e-5, "changes": {"model": {"pooling": "mean"}}}'
local arguments = import '../lib/arguments.libsonnet';
local chosen_task = import '../lib/chosen_task.libsonnet';
local official = import '../lib/data.libsonnet';
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
  local rates = arguments.some('alphas', alphas, '[1e-5]');
  // Every row has these; what names a row, or is an argument of its own, is given as that alone.
  local of_every_row = arguments.without_keys(
    'settings.inner_loop', std.get(settings, 'inner_loop', {}), { lr: 'alphas', type: 'estimator' }
  );
  local alpha(lr) = { num_steps: 1 } + of_every_row + { type: estimator, lr: lr };
  local learned =
    chosen_task.of(task, encoder, train, xnli, mlqa, settings { inner_loop: alpha(rates[0]) }, tests);
  local languages = chosen_task.targets(learned, targets, tests);
  local auxiliary = [arguments.language('query', query)], supporting = [arguments.language('support', support)];
  local ours = study.xla_maml(arguments.supported('query', auxiliary, supporting), supporting);
  local others = [
    ours { slug: 'xla' + (i + 1), method: 'XLA-MAML, alpha %g' % rates[i], inner_loop: alpha(rates[i]) }
    for i in std.range(1, std.length(rates) - 1)
  ];
  local methods = [row.method for row in [ours] + others];
  local x_maml = study.as_control(study.x_maml(auxiliary), methods);
  study.of('controls', 'Controls', [
    study.english(learned, seeds, languages),
    study.zero_shot(learned, [x_maml, ours] + others + study.controls(ours, methods), seeds, languages),
  ])
