// What the stages of the demo for question answering share, and what was chosen for an encoder and data this small.
local demo = import '../settings.libsonnet';
{
  // MLQA's evaluation has no rules for Russian; these are the same for the languages that it has.
  model: { model+: { rules: 'any_language' } },
  archive: demo.archive,
  meta: demo.meta,
}
