// python -m xlamaml_allennlp study training_configs/studies/demo.jsonnet -s demo/runs
//
// The whole method on the demo's sentence pairs, in the shape of table 3: `make demo` writes the encoder, runs this and
// shows what came of it. The baseline, X-MAML, XLA-MAML, and XLA-MAML with its inner step off.
local nli = import '../lib/study_nli.libsonnet';
local study = import '../lib/study.libsonnet';

function(encoder='demo/runs/encoder', support='en', query='hi', seeds=[0])
  local task = nli(encoder, 'demo/data/train.en.tsv', 'demo/data', {
    num_epochs: 1,
    lr: 1e-4,
    // The paper's inner learning rate. What the first-order estimator leaves out is of that order, too small to see;
    // 'higher', the exact one, takes twice as long.
    inner_loop: { type: 'first_order', lr: 1e-5, num_steps: 1 },
    // Not quite four passes over the 216 pairs of the query language: a fifth of the paper's steps, ten times its rate.
    meta_steps: 100,
    meta_lr: 1e-4,
    // This encoder was pretrained with the mean of its tokens.
    changes: { model: { pooling: 'mean' } },
    // Pairs of like length together: nothing is computed for padding.
    batch_size: 16,
    buckets: true,
    // At this rate the first steps have to be small.
    english: { trainer: { learning_rate_scheduler: { warmup_steps: 36 } } },
  }) { languages: ['ar', 'de', 'el', 'en', 'hi', 'ru', 'zh'], english_title: 'English fine-tuning' };
  study.demo('demo', task, support, query, seeds)
