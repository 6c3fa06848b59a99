// python -m xlamaml_allennlp study training_configs/studies/demo_qa.jsonnet -s demo/runs/qa
//
// The whole method on the demo's questions, in the shape of table 4: `make demo-qa` writes the encoder, runs this and shows
// what came of it. The baseline, X-MAML, XLA-MAML, and XLA-MAML with its inner step off.
local qa = import '../lib/study_qa.libsonnet';
local study = import '../lib/study.libsonnet';

function(encoder='demo/runs/qa/encoder', support='en', query='hi', seeds=[0])
  local task = qa(encoder, 'demo/qa/data/train.en.json', 'demo/qa/data', {
    num_epochs: 1,
    lr: 1e-4,
    inner_loop: { type: 'first_order', lr: 1e-5, num_steps: 1 },
    // Five passes over the 64 questions of the query language: two fifths of the paper's steps, at ten times its rate.
    meta_steps: 40,
    meta_lr: 1e-4,
    parallel: true,  // these questions all have their translations
    // MLQA's evaluation has no rules for Russian; for the languages that it has these are the same.
    changes: { model: { rules: 'any_language' } },
    // Windows of like length together: nothing is computed for padding.
    buckets: true,
    // At this rate the first steps have to be small.
    english: { trainer: { learning_rate_scheduler: { warmup_steps: 36 } } },
  }) { languages: ['ar', 'en', 'hi', 'ru', 'zh'], english_title: 'English fine-tuning' };
  study.demo('demo_qa', task, support, query, seeds)
