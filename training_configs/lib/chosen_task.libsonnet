// The task of a study that can be of either: by its argument `task`, on the test sets that its argument `tests` names.
local arguments = import 'arguments.libsonnet';
local nli = import 'study_nli.libsonnet';
local official = import 'data.libsonnet';
local qa = import 'study_qa.libsonnet';
{
  // `train`: English examples, or null for the official ones; `tests`: {language: path}, or null for the official ones.
  of(task, encoder, train, xnli, mlqa, settings, tests=null)::
    local english(path) = if train == null then path else train;
    local tasks = {
      nli: nli(encoder, english(official.mnli_train(official.mnli)), xnli, settings),
      qa: qa(encoder, english(official.squad_train), mlqa, settings),
    };
    (
      if std.isString(task) && std.objectHas(tasks, task) then tasks[task]
      else error 'study: task is ' + std.manifestJsonMinified(task) + '; give one of '
                 + std.join(', ', std.objectFields(tasks)) + '.'
    ) + (if tests == null then {} else { languages: std.objectFields(tests), test(language): tests[language] }),

  // The languages that such a task is evaluated on, where `given`, the study's argument `targets`, names some of them.
  targets(task, given, tests=null)::
    arguments.targets(given, task.languages, if tests == null then 'the task' else 'tests'),
}
