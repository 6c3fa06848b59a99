// What the stages of the demo for question answering share, and what was chosen for an encoder and data this small.
local demo = import '../settings.libsonnet';
{
  // MLQA's evaluation has no rules for Russian; for the languages that it has these are the same.
  model: { model+: { rules: 'any_language' } },
  archive: demo.archive,
  // Five passes over the 64 questions of the query language: two fifths of the paper's steps, at ten times its rate.
  meta: demo.meta { meta_steps_per_language: 40 },
}
