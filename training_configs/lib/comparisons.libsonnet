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
