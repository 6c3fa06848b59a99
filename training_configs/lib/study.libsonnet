// What studies are put together from: rows (a method with its auxiliary languages) of a task become runs, one per seed,
// and an evaluation of each.
//
// A part is {runs: [...], evaluations: [...]}; `of` joins parts to a study. Run names: ROW-AUXILIARY-SEED. Of what it evaluates
// on test sets a part knows the `methods`, so that they are compared with their controls; development sets are to choose by.
// Texts are put together by +: hundreds of runs have them, and % takes milliseconds.
local arguments = import 'arguments.libsonnet';
local comparisons = import 'comparisons.libsonnet';
local archive(run) = '{runs}/' + run + '/model.tar.gz';
local named(parts) = std.join('-', std.filter(function(part) part != '', parts));
local method_of(row) = comparisons.method(row.method, std.get(row, 'control_of', []));
local unlike(languages, others) = std.filter(function(language) !std.member(others, language), languages);

(import 'study_rows.libsonnet') + {
  // The archive of another run of the study, which is done first.
  archive: archive,

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
      for seed in arguments.some('seeds', seeds, '[0]')
    ],
    methods:: [comparisons.method('baseline')],
    evaluations: $.evaluated(task, self.runs, targets),
  },

  // Stage 2: rows x seeds, zero-shot on the targets.
  zero_shot(task, rows, seeds, targets=task.languages):: {
    runs: [$.meta_run(task, row, seed) for row in rows for seed in seeds],
    methods:: [method_of(row) for row in rows],
    evaluations: $.evaluated(task, self.runs, targets),
  },
  // The same without an evaluation, for what others go on from.
  trained(task, rows, seeds):: self.zero_shot(task, rows, seeds, []) { evaluations: [], methods:: [] },
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
  // `control_of`: methods whose control it is.
  few_shot(task, method, slug, auxiliary, before, targets, seeds, control_of=[]):: {
    local runs = [
      {
        target:: target,
        name: named([task.prefix, 'few', slug, std.join('+', auxiliary), target, '' + seed]),
        title: method + ' ' + std.join('+', auxiliary) + ', then one epoch on ' + target + ', seed ' + seed,
        method: method,
        auxiliary: auxiliary,
        seed: seed,
        shots: task.shots,
        config: task.few_shot(target, archive(before(target, seed)), seed),
      }
      for target in targets
      for seed in seeds
    ],
    runs: runs,
    methods:: [comparisons.method(method, control_of)],
    evaluations: [$.evaluated(task, [run], [run.target])[0] for run in runs],
  },
  // The controls of few-shot rows, parts each: fine-tuning in place of stage 2, then the same epoch. Of X-MAML on its query
  // examples, one run for all targets (which may be there); of XLA-MAML on its query and support examples, a run for each.
  few_shot_x_control(task, auxiliary, targets, seeds, is_there=false)::
    local row = $.on_query($.x_maml(auxiliary));
    local before(target, seed) = $.meta_run(task, row, seed).name;
    [
      $.trained(task, if is_there then [] else [row], seeds),
      $.few_shot(task, row.method, row.slug, auxiliary, before, targets, seeds, ['X-MAML']),
    ],
  few_shot_xla_control(task, auxiliary, targets, seeds)::
    local plain = $.on_both($.xla_maml(auxiliary));
    local row(target) = $.on_both($.few_shot_row(auxiliary, target)) { slug: plain.slug + '-for-' + target };
    local before(target, seed) = $.meta_run(task, row(target), seed).name;
    [
      $.trained(task, [row(target) for target in targets], seeds),
      $.few_shot(task, plain.method, plain.slug, auxiliary, before, targets, seeds, ['XLA-MAML']),
    ],
  // What `zero_shot` trains, adapted as the rows adapt before it is evaluated (`keys` of a task's `adapt` in place of theirs):
  // with a large alpha that is what theta is for.
  adapted(task, rows, seeds, keys={}, targets=task.languages):: {
    runs: [
      $.meta_run(task, row, seed) {
        name: 'adapted-' + super.name,
        title: super.title + ', then adapted',
        method: row.method + ', adapted',
        config: task.adapt(row, archive($.meta_run(task, row, seed).name), seed, keys),
      }
      for row in rows
      for seed in seeds
    ],
    // What is adapted has the controls of what it is adapted from.
    methods:: [comparisons.method(row.method + ', adapted', row=row.method) for row in rows],
    evaluations: $.evaluated(task, self.runs, targets),
  },

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
    local auxiliary = [arguments.language('query', query)], supporting = [arguments.language('support', support)];
    local ours = $.xla_maml(arguments.supported('query', auxiliary, supporting), supporting);
    // Another support language is another run.
    local named_by_support(row) = if support == 'en' then row else row { slug: row.slug + '-' + support };
    local step_off = $.controls(ours)[2];
    $.of(name, name, [
      $.english(task, seeds),
      $.zero_shot(task, [$.x_maml(auxiliary), named_by_support(ours), named_by_support(step_off)], seeds),
    ]),

  // A study from its parts, and what its report shows. First what `about` compares, then methods with the baseline and with
  // their controls.
  of(name, title, parts, about={})::
    local given = std.get(about, 'comparisons');
    local own = if given == null then [] else given;
    local run_methods = { [run.name]: std.get(run, 'method') for part in parts for run in part.runs };
    local derived = comparisons.of(std.flattenArrays([comparisons.tested(part, run_methods) for part in parts]));
    local compared = own + [pair for pair in derived if !std.member(own, pair)];
    {
      name: name,
      title: title,
      runs: std.flattenArrays([part.runs for part in parts]),
      evaluations: std.flattenArrays([part.evaluations for part in parts]),
    } + about + { [if compared != [] then 'comparisons']: compared },
}
