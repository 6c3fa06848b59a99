// Natural language inference as a task of studies (study.libsonnet): MNLI, then XNLI.
//
// `settings` replaces the paper's numbers and changes configs: `changes` every one, `english`, `meta`, `few_shot` and `adapt`
// those of a stage. A change is merged into the config, key by key, and null removes a key (std.mergePatch).
local few_shot = import '../xnli_few_shot.jsonnet';
local adapt = import '../xnli_adapt.jsonnet';
local finetune = import '../mnli_finetune.jsonnet';
local known = import 'known.libsonnet';
local official = import 'data.libsonnet';
local rows = import 'rows.libsonnet';
local x_maml = import '../xnli_x_maml.jsonnet';
local xla_maml = import '../xnli_xla_maml.jsonnet';

// What studies read of a task, and may replace: `languages`, mostly.
local fields = {
  [key]: true
  for key in ['prefix', 'metric', 'languages', 'dev', 'test', 'english_title', 'english', 'few_shot', 'adapt', 'meta']
};

function(
  encoder='bert-base-multilingual-cased',
  train=official.mnli_train(official.mnli),
  xnli=official.xnli,  // a folder or archive with xnli.dev.tsv and xnli.test.tsv
  settings={}
) {
  local defaults = {
    num_epochs: 3,
    batch_size: 32,
    lr: 2e-5,
    meta_steps: 500,  // per query language
    meta_lr: 1e-5,
    inner_loop: { type: 'higher', lr: 1e-5, num_steps: 1 },
    moving_average: null,  // of every stage, of methods and controls alike
    buckets: false,  // of stage 1 and of few-shot: batches of like lengths
    changes: {},
    english: {},
    meta: {},
    few_shot: {},
    adapt: {},
  },
  local chosen = defaults + known('study: settings', defaults, settings),
  // A study knows how to make the earlier archive.
  local from_study = { base_config: null },
  local of(stage) =
    local changes = std.filter(function(each) each != {}, [chosen.changes, chosen[stage]]);
    function(config) std.foldl(std.mergePatch, changes, config),
  local of_english = of('english'),
  local of_meta = of('meta'),
  local of_few_shot = of('few_shot'),
  local of_adapt = of('adapt'),

  prefix: '',
  metric: 'accuracy',
  languages: ['ar', 'bg', 'de', 'el', 'en', 'es', 'fr', 'hi', 'ru', 'sw', 'th', 'tr', 'ur', 'vi', 'zh'],
  dev(language): official.xnli_dev(xnli),
  test(language): official.xnli_test(xnli),

  english_title: 'English fine-tuning on MNLI',
  // Every study begins with it: what the study has replaced of this object is looked at here.
  english(seed): assert std.isObject(known('study: the task', fields, self)); of_english(finetune(
    encoder, train=train, num_epochs=chosen.num_epochs, batch_size=chosen.batch_size, lr=chosen.lr, seed=seed,
    moving_average=chosen.moving_average, buckets=chosen.buckets,
  )),
  few_shot(target, base, seed):
    of_few_shot(few_shot(
      encoder, target=target, xnli=xnli, base=base, seed=seed, moving_average=chosen.moving_average,
      buckets=chosen.buckets,
    ) + from_study),
  // `keys`: support, support_size, lr, num_steps.
  adapt(base, seed, keys={}):
    local usual = { support: ['en'], support_size: 8, lr: chosen.inner_loop.lr, num_steps: 1 };
    local all = usual + known('study: adaptation', usual, keys);
    of_adapt(adapt(
      encoder, support=all.support, xnli=xnli, base=base, seed=seed, support_size=all.support_size, lr=all.lr,
      num_steps=all.num_steps,
    ) + from_study),
  meta(given, base, seed):
    local row = if given.same then rows.same(rows.known(given)) else rows.known(given);
    local steps = std.ceil(chosen.meta_steps * std.get(row, 'steps_share', 1));
    local inner_loop = std.get(row, 'inner_loop', chosen.inner_loop);
    local episodes = std.get(row, 'episodes_per_step', 1);
    local sampler = std.get(row, 'sampler', 'covering');
    local sizes = rows.sizes(row);
    local lr = std.get(row, 'meta_lr', chosen.meta_lr);
    local moving_average = std.get(row, 'moving_average', chosen.moving_average);
    of_meta((
      if row.same then x_maml(
        encoder, query=row.query, xnli=xnli, base=base, seed=seed, lr=lr,
        inner_loop=inner_loop, meta_steps_per_language=steps, episodes_per_step=episodes, sampler=sampler,
        moving_average=moving_average, support_size=sizes.support, query_size=sizes.query,
      ) else xla_maml(
        encoder, support=row.support, query=row.query, xnli=xnli, base=base, seed=seed, lr=lr,
        inner_loop=inner_loop, meta_steps_per_language=steps, episodes_per_step=episodes, sampler=sampler,
        moving_average=moving_average, support_size=sizes.support, query_size=sizes.query,
        parallel=std.get(row, 'parallel', true),
        agreement=std.get(row, 'agreement'), reverse=std.get(row, 'reverse', false), pairs=std.get(row, 'pairs', {}),
      )
    ) + from_study),
}
