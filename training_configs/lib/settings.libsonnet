// What the settings of a study's task come to: the paper's numbers, what a user gives in place of them, and changes of
// configs. `changes` are of every config, `english`, `meta`, `few_shot` and `adapt` of those of a stage. A change is merged
// into the config, key by key, and null removes a key (std.mergePatch).
local known = import 'known.libsonnet';
local common = {
  inner_loop: { type: 'higher', lr: 1e-5, num_steps: 1 },  // of rows that have none of their own
  meta_lr: 1e-5,
  moving_average: null,  // of every stage but adaptation, of methods and controls alike
  buckets: false,  // of stage 1 and of few-shot: batches of like lengths
  shots: null,  // of few-shot: as many of a target's examples, the same for all methods and seeds; null for all
  changes: {},
  english: {},
  meta: {},
  few_shot: {},
  adapt: {},
};
// A change is merged over the inner loop of every row. With these keys it would switch a control's inner step on, make rows
// that are told apart by their rates the same, or ask a control that takes no step for a support gradient.
local of_rows = ['learned_rates', 'lr', 'num_steps', 'support_weight', 'type'];
local inner_loop_of(change) =
  local trainer = std.get(change, 'trainer');
  if std.isObject(trainer) then std.get(trainer, 'inner_loop', {}) else {};
local refused(change) =
  local inner_loop = inner_loop_of(change);
  if std.isObject(inner_loop) then ['trainer.inner_loop.' + key for key in of_rows if std.objectHas(inner_loop, key)]
  else ['trainer.inner_loop'];
local is_count(given) = std.isNumber(given) && given >= 1 && given == std.floor(given);
local checked(chosen) =
  local found = ['settings.' + place + '.' + key for place in ['changes', 'meta'] for key in refused(chosen[place])];
  if chosen.shots != null && !is_count(chosen.shots) then
    error 'study: settings.shots is ' + std.manifestJsonMinified(chosen.shots)
          + '; give a whole number, at least 1, or null for all of the examples.'
  else if found == [] then chosen
  else error 'study: ' + std.join(', ', found) + ' would be that of every row, of controls with their inner step off and of rows '
             + 'named by their alpha, too. Give settings.inner_loop, for rows that have none of their own, or a row its '
             + 'inner_loop; in controls.jsonnet alphas and estimator.';
{
  // `paper`: the numbers that differ from task to task.
  of(paper, given)::
    local defaults = common + paper;
    checked(defaults + known('study: settings', defaults, given)),

  // What a stage's changes make of a config: a function.
  changing(chosen, stage)::
    local changes = std.filter(function(each) each != {}, [chosen.changes, chosen[stage]]);
    function(config) std.foldl(std.mergePatch, changes, config),
}
