// python -m xlamaml_allennlp study training_configs/studies/gxlt.jsonnet -s runs/gxlt --keep-archives none
//
// MLQA's generalised transfer, beyond the paper's table 4: questions in each of seven languages about contexts in each,
// for the baseline, X-MAML and XLA-MAML with Hindi and the controls. An evaluation is of one language of questions.
local official = import '../lib/data.libsonnet';
local qa = import '../lib/study_qa.libsonnet';
local study = import '../lib/study.libsonnet';

function(
  encoder='bert-base-multilingual-cased',
  train=official.squad_train,
  mlqa=official.mlqa,
  auxiliary='hi',
  languages=null,  // all seven
  seeds=[0, 1, 2],
  controls=true,
  settings={}
)
  local task = qa(encoder, train, mlqa, settings) + (if languages == null then {} else { languages: languages });
  local rows = [study.x_maml([auxiliary])] + study.with_controls(study.xla_maml([auxiliary]), controls);
  local parts = [study.english(task, seeds), study.zero_shot(task, rows, seeds)];
  study.of('gxlt', 'MLQA, questions by contexts', [
    part {
      evaluations: [
        {
          name: run.name + '.' + question,
          title: '%s, questions in %s' % [run.title, question],
          run: run.name,
          data: { [context]: task.crossed(context, question) for context in task.languages },
        }
        for run in part.runs
        for question in task.languages
      ],
    }
    for part in parts
  ])
