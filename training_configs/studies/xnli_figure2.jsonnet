// python -m xlamaml_allennlp study training_configs/studies/xnli_figure2.jsonnet -s runs/figure2 --keep-archives none
//
// Figure 2: what XLA-MAML gains over the baseline on XNLI, auxiliary by target language, 15 x 15. The row of English, whose
// support and query are one language, is X-MAML by definition. The controls take three more runs a row: --arg controls=false
local nli = import '../lib/study_nli.libsonnet';
local official = import '../lib/data.libsonnet';
local study = import '../lib/study.libsonnet';

function(
  encoder='bert-base-multilingual-cased',
  train=official.mnli_train(official.mnli),
  xnli=official.xnli,
  auxiliary=null,  // the rows, if not all fifteen
  targets=null,  // the columns
  seeds=[0, 1, 2],
  controls=true,
  settings={}
)
  local task = nli(encoder, train, xnli, settings);
  local rows = if auxiliary == null then task.languages else auxiliary;
  local columns = if targets == null then task.languages else targets;
  study.of('xnli_figure2', 'Figure 2: XNLI, auxiliary by target', [study.english(task, seeds, columns)] + [
    study.zero_shot(
      task,
      // What English learns from itself needs no controls: its support examples are its query examples.
      study.with_controls(study.xla_maml([language]), controls && language != 'en'),
      seeds,
      columns
    )
    for language in rows
  ], { figures: [{ kind: 'heat_map', methods: ['XLA-MAML'] }, { kind: 'points' }, { kind: 'confusion' }] })
