// A task of studies (study.libsonnet), whichever it is: what its runs train, from a row or a stage to a config.
local adaptation = import 'adaptation.libsonnet';
local inner_loops = import 'inner_loops.libsonnet';
local known = import 'known.libsonnet';
local official = import 'data.libsonnet';
local rows = import 'rows.libsonnet';
local settings = import 'settings.libsonnet';

function(
  encoder,
  train,
  configs,  // the task's: {finetune, x_maml, xla_maml, few_shot, adapt}
  dev,  // a function from a language to its path: what is learned from after stage 1
  numbers,  // the paper's, in place of which `given` has others
  given,  // a study's argument `settings`
  about,  // what studies read of the task beside its configs, and may replace: `languages`, mostly
  checked=function(row) row,  // the row, if the task can do what it asks for
  more=function(row) {}  // what the task's rows alone may ask for
)
  local chosen = settings.of(numbers, given);
  // A study knows how to make the earlier archive.
  local learning_from(languages) = { base_config: null, train_data_path: official.paths(languages, null, dev) };
  local of_english = settings.changing(chosen, 'english');
  local of_meta = settings.changing(chosen, 'meta');
  local of_few_shot = settings.changing(chosen, 'few_shot');
  local of_adapt = settings.changing(chosen, 'adapt');
  local fields = about { [key]: true for key in ['prefix', 'shots', 'english', 'few_shot', 'adapt', 'meta'] };
  about {
    prefix: '',
    // The name of the examples that few-shot learns from.
    shots: if chosen.shots == null then 'dev' else chosen.shots,

    // Every study begins with it: what the study has replaced of this object is looked at here.
    english(seed): assert std.isObject(known('study: the task', fields, self)); of_english(configs.finetune(
      encoder, train=train, num_epochs=chosen.num_epochs, batch_size=chosen.batch_size, lr=chosen.lr, seed=seed,
      moving_average=chosen.moving_average, buckets=chosen.buckets,
    )),
    few_shot(target, base, seed):
      of_few_shot(configs.few_shot(
        encoder, target=target, base=base, seed=seed, moving_average=chosen.moving_average, buckets=chosen.buckets,
        shots=chosen.shots,
      ) + learning_from([target])),
    // What a row has trained, adapted as the row adapts; `keys` are in place of the row's: support, support_size, lr, num_steps.
    adapt(row, base, seed, keys={}):
      local asked = adaptation(row, inner_loops.of(row, chosen.inner_loop), keys);
      of_adapt(configs.adapt(
        encoder, support=asked.support, base=base, seed=seed, support_size=asked.support_size, lr=asked.lr,
        num_steps=asked.num_steps,
      ) + learning_from(asked.support)),
    meta(given, base, seed):
      local row = checked(if given.same then rows.same(rows.known(given)) else rows.known(given));
      local steps = std.ceil(chosen.meta_steps * std.get(row, 'steps_share', 1));
      local inner_loop = inner_loops.of(row, chosen.inner_loop);
      local episodes = std.get(row, 'episodes_per_step', 1);
      local sampler = std.get(row, 'sampler', 'covering');
      local sizes = rows.sizes(row);
      local lr = std.get(row, 'meta_lr', chosen.meta_lr);
      local moving_average = std.get(row, 'moving_average', chosen.moving_average);
      of_meta((
        if row.same then configs.x_maml(
          encoder, query=row.query, base=base, seed=seed, lr=lr,
          inner_loop=inner_loop, meta_steps_per_language=steps, episodes_per_step=episodes, sampler=sampler,
          moving_average=moving_average, support_size=sizes.support, query_size=sizes.query,
        ) + learning_from(row.query) else configs.xla_maml(
          encoder, support=row.support, query=row.query, base=base, seed=seed, lr=lr,
          inner_loop=inner_loop, meta_steps_per_language=steps, episodes_per_step=episodes, sampler=sampler,
          moving_average=moving_average, support_size=sizes.support, query_size=sizes.query,
          parallel=std.get(row, 'parallel', chosen.parallel),
          reverse=std.get(row, 'reverse', false), pairs=std.get(row, 'pairs', {}),
        ) + learning_from(row.support + row.query) + more(row)
      )),
  }
