// What the report of a study compares by itself: each method with the baseline, which a gain is measured by, and with every
// control of it that is trained, which may gain as much.
//
// `methods` are those that are evaluated on test sets, as the parts of a study know them (study.libsonnet).
local once(given) = std.foldl(function(found, each) if std.member(found, each) then found else found + [each], given, []);
local baseline = 'baseline';
{
  // A method as far as comparisons go. `control_of`: names of methods whose control it is; `row`: that of the row whose
  // controls it has, where it has another name.
  method(name, control_of=[], row=name):: { name: name, control_of: control_of, row: row },

  // The methods that a part evaluates on test sets: those that it knows, as far as its evaluations have kept them, or, of a
  // part that is written by hand, all that these name. `run_methods`: the methods of the study's runs, by name.
  tested(part, run_methods)::
    local method_of(evaluation) =
      local run = evaluation.run;
      local said = std.get(evaluation, 'method');
      if said != null then said else if std.isString(run) then std.get(run_methods, run);
    local is_test(method) = method != null && !std.endsWith(method, ' (dev)');
    if std.objectHasAll(part, 'methods') then [
      each
      for each in part.methods
      if std.any([method_of(evaluation) == each.name for evaluation in part.evaluations])
    ] else [$.method(name) for name in once([method_of(each) for each in part.evaluations]) if is_test(name)],

  of(methods)::
    local controls_of(method) =
      [each.name for each in methods if each.name == baseline]
      + [each.name for each in methods if std.member(each.control_of, method.row)];
    once([
      [method.name, control]
      for method in methods
      if method.name != baseline && method.control_of == []
      for control in controls_of(method)
    ]),
}
