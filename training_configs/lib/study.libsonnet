// What studies are put together from: rows (a method with its auxiliary languages) of a task become runs, one per seed,
// and an evaluation of each.
//
// A part is {runs: [...], evaluations: [...]}; `of` joins parts to a study. Run names: ROW-AUXILIARY-SEED.
// Texts are put together by +: hundreds of runs have them, and % takes milliseconds.
local row_keys = import 'rows.libsonnet';
local archive(run) = '{runs}/' + run + '/model.tar.gz';
local named(parts) = std.join('-', std.filter(function(part) part != '', parts));
// An inner step that is off, and yet takes its pass over the support set, so that dropout draws what it draws with the step
// on: of two such runs all that differs is the step. Float32 loses one as small as this beside a weight.
local off = { type: 'first_order', lr: 1e-12, num_steps: 1 };
// Fine-tuning: no inner step, and no pass over the support set, which is drawn all the same, and need not be large.
local none = { type: 'first_order', num_steps: 0 };
local unlike(languages, others) = std.filter(function(language) !std.member(others, language), languages);

{
  // The archive of another run of the study, which is done first.
  archive: archive,
  off: off,
  // All pairs of some languages.
  pairs(languages):: [
    [languages[i], languages[j]]
    for i in std.range(0, std.length(languages) - 1)
    for j in std.range(i + 1, std.length(languages) - 1)
  ],

  // Rows: X-MAML, support and query from one language (or each of a pair). XLA-MAML, support English, query auxiliary; of
  // a pair each supports the other.
  x_maml(auxiliary):: { slug: 'x', method: 'X-MAML', auxiliary: auxiliary, support: auxiliary, query: auxiliary, same: true },
  xla_maml(auxiliary, support=if std.length(auxiliary) == 1 then ['en'] else auxiliary):: {
    slug: 'xla',
    method: 'XLA-MAML',
    auxiliary: auxiliary,
    support: support,
    query: auxiliary,
    // Cells where support and query are one language are X-MAML by definition.
    same: support == auxiliary && std.length(auxiliary) == 1,
  },

  // The controls of a row, with as many steps over the same examples: fine-tuning on the query examples; on the query
  // and support examples together; the row itself with its inner step off.
  controls(row):: [
    // Of one language: what the row asks of two has nothing to be asked of.
    row + row_keys.of_two_languages + {
      slug: 'query',
      method: 'fine-tuning on query',
      support: row.query,
      same: true,
      support_size: 8,
      inner_loop: none,
    },
    local both = std.set(row.support + row.query);
    local sizes = row_keys.sizes(row);
    row {
      slug: 'both',
      method: 'fine-tuning on query and support',
      support: both,
      query: both,
      pairs: {},
      inner_loop: none,
      // A step takes two query sets: as many examples as the row's support and query set.
      episodes_per_step: 2,
      query_size: std.ceil((sizes.support + sizes.query) / 2),
      support_size: 8,
      steps_share: std.length(row.query) / std.length(both),
    },
    // Pairs may be drawn by how gradients agree, which the estimator has to hold.
    local holding = if std.get(row, 'pairs', {}) == {} then {} else { type: 'exact' };
    row { slug: 'off', method: row.method + ', inner step off', inner_loop: off + holding },
  ],
  with_controls(row, controls=true):: [row] + (if controls then self.controls(row) else []),

  // Stage 1, once per seed.
  english(task, seeds, targets=task.languages):: {
    runs: [
      {
        name: named([task.prefix, 'english', '' + seed]),
        title: task.english_title + ', seed ' + seed,
        method: 'baseline',
        seed: seed,
        config: task.english(seed),
      }
      for seed in seeds
    ],
    evaluations: $.evaluated(task, self.runs, targets),
  },

  // Stage 2: rows x seeds, zero-shot on the targets.
  zero_shot(task, rows, seeds, targets=task.languages):: {
    runs: [$.meta_run(task, row, seed) for row in rows for seed in seeds],
    evaluations: $.evaluated(task, self.runs, targets),
  },
  // The same without an evaluation, for what others go on from.
  trained(task, rows, seeds):: self.zero_shot(task, rows, seeds, []) { evaluations: [] },
  meta_run(task, row, seed):: {
    name: named([task.prefix, row.slug, std.join('+', row.auxiliary), '' + seed]),
    title: row.method + ': support ' + std.join('+', row.support) + ', query ' + std.join('+', row.query)
           + ', seed ' + seed,
    method: row.method,
    auxiliary: row.auxiliary,
    support: row.support,
    query: row.query,
    seed: seed,
    config: task.meta(row, archive(named([task.prefix, 'english', '' + seed])), seed),
  },

  // An evaluation of each run, on the task's test sets of some languages.
  evaluated(task, runs, targets=task.languages, split='test'):: [
    {
      name: if split == 'test' then run.name else run.name + '.' + split,
      title: 'Evaluation of ' + run.title,
      run: run.name,
      method: if split == 'test' then run.method else run.method + ' (' + split + ')',
      data: { [language]: task[split](language) for language in targets },
    }
    for run in runs
  ],

  // Stage 3b: for each target what goes before it (a run per seed, or for all targets stage 1's), then one epoch on it.
  few_shot(task, method, slug, auxiliary, before, targets, seeds):: {
    local runs = [
      {
        target:: target,
        name: named([task.prefix, 'few', slug, std.join('+', auxiliary), target, '' + seed]),
        title: method + ' ' + std.join('+', auxiliary) + ', then one epoch on ' + target + ', seed ' + seed,
        method: method,
        auxiliary: auxiliary,
        seed: seed,
        shots: 'dev',
        config: task.few_shot(target, archive(before(target, seed)), seed),
      }
      for target in targets
      for seed in seeds
    ],
    runs: runs,
    evaluations: [$.evaluated(task, [run], [run.target])[0] for run in runs],
  },
  // What `zero_shot` trains, adapted to a support set before it is evaluated (`keys` of a task's `adapt`): with a large
  // alpha that is what theta is for.
  adapted(task, rows, seeds, keys={}, targets=task.languages):: {
    runs: [
      $.meta_run(task, row, seed) {
        name: 'adapted-' + super.name,
        title: super.title + ', then adapted',
        method: row.method + ', adapted',
        config: task.adapt(archive($.meta_run(task, row, seed).name), seed, keys),
      }
      for row in rows
      for seed in seeds
    ],
    evaluations: $.evaluated(task, self.runs, targets),
  },
  // Meta-training for a target, which few-shot transfer goes on from: support from the target, query auxiliary.
  few_shot_row(auxiliary, target):: $.xla_maml(auxiliary, [target]) { slug: 'for-' + target },

  // The best of several rows on development data that neither they nor their controls have seen, by what it gains there
  // over stage 1, as the mean over seeds; evaluated on the test sets. `judged` are rows, `taken(row)` the one to evaluate.
  best(task, method, slug, judged, seeds, targets, taken=function(row) row):: {
    runs: [],
    evaluations: [
      {
        name: named([task.prefix, slug, '' + seed]),
        title: method + ', seed ' + seed,
        method: method,
        run: {
          best_of: {
            metric: task.metric,
            minus: [named([task.prefix, 'english', '' + each]) + '.dev' for each in seeds],
            candidates: [
              {
                run: $.meta_run(task, taken(row), seed).name,
                by: [$.meta_run(task, row, each).name + '.dev' for each in seeds],
              }
              for row in judged
            ],
          },
        },
        data: { [language]: task.test(language) for language in targets },
      }
      for seed in seeds
    ],
  },
  // What `best` judges rows by: an evaluation on the development sets of the languages that a row has not learned from.
  judged(task, rows, seeds):: [
    evaluation
    for row in rows
    for seed in seeds
    for evaluation in $.evaluated(
      task,
      [$.meta_run(task, row, seed)],
      unlike(task.languages, row.support + row.query + ['en']),
      'dev'
    )
  ],

  // The shape of both demos: the methods with one auxiliary language, and the control that tells most of them.
  demo(name, task, support, query, seeds)::
    local ours = $.xla_maml([query], [support]);
    // Another support language is another run.
    local named_by_support(row) = if support == 'en' then row else row { slug: row.slug + '-' + support };
    local step_off = $.controls(ours)[2];
    $.of(name, name, [
      $.english(task, seeds),
      $.zero_shot(task, [$.x_maml([query]), named_by_support(ours), named_by_support(step_off)], seeds),
    ], { comparisons: [['XLA-MAML', step_off.method], ['XLA-MAML', 'baseline'], ['X-MAML', 'baseline']] }),

  // A study from its parts, and what its report shows.
  of(name, title, parts, about={}):: {
    name: name,
    title: title,
    runs: std.flattenArrays([part.runs for part in parts]),
    evaluations: std.flattenArrays([part.evaluations for part in parts]),
  } + about,
}
