// Rows of studies (study.libsonnet): a method with its auxiliary languages, and what it has to be compared with.
local arguments = import 'arguments.libsonnet';
local inner_loops = import 'inner_loops.libsonnet';
local row_keys = import 'rows.libsonnet';
local languages(auxiliary) = arguments.languages('what a row has for auxiliary languages', auxiliary);
{
  // All pairs of some languages.
  pairs(languages):: [
    [languages[i], languages[j]]
    for i in std.range(0, std.length(languages) - 1)
    for j in std.range(i + 1, std.length(languages) - 1)
  ],

  // X-MAML: support and query from one language (or each of a pair). XLA-MAML: support English, query auxiliary; of a pair
  // each supports the other.
  x_maml(auxiliary):: {
    slug: 'x',
    method: 'X-MAML',
    auxiliary: languages(auxiliary),
    support: auxiliary,
    query: auxiliary,
    same: true,
  },
  xla_maml(auxiliary, support=if std.length(auxiliary) == 1 then ['en'] else auxiliary):: {
    slug: 'xla',
    method: 'XLA-MAML',
    auxiliary: languages(auxiliary),
    support: support,
    query: auxiliary,
    // Cells where support and query are one language are X-MAML by definition.
    same: support == auxiliary && std.length(auxiliary) == 1,
  },
  // Meta-training for a target, which few-shot transfer goes on from: support from the target, query auxiliary.
  few_shot_row(auxiliary, target):: $.xla_maml(auxiliary, [target]) { slug: 'for-' + target },

  // A row that is a control of the rows of some methods: the study compares these with it (comparisons.libsonnet).
  as_control(row, methods):: row { control_of:: methods },

  // The controls of a row, with as many steps over the same examples: fine-tuning on the query examples; on the query and
  // support examples together; the row itself with its inner step off. `methods`: whose controls they are. X-MAML of the same
  // languages has read what fine-tuning on the query examples has.
  controls(row, methods=[row.method]):: [
    $.as_control($.on_query(row), methods + ['X-MAML']),
    $.as_control($.on_both(row), methods),
    $.as_control($.step_off(row), methods),
  ],
  with_controls(row, controls=true):: [row] + (if controls then $.controls(row) else []),

  // Of one language: what the row asks of two has nothing to be asked of.
  on_query(row):: row + row_keys.of_two_languages + {
    slug: 'query',
    method: 'fine-tuning on query',
    support: row.query,
    same: true,
    support_size: 8,
    without_step:: inner_loops.none,
  },
  on_both(row)::
    local both = std.set(row.support + row.query);
    local sizes = row_keys.sizes(row);
    row {
      slug: 'both',
      method: 'fine-tuning on query and support',
      support: both,
      query: both,
      pairs: {},
      // A step takes two query sets: as many examples as the row's support and query set.
      episodes_per_step: 2,
      query_size: std.ceil((sizes.support + sizes.query) / 2),
      support_size: 8,
      steps_share: std.length(row.query) / std.length(both),
      without_step:: inner_loops.none,
    },
  step_off(row)::
    // Pairs may be drawn by how gradients agree, which the estimator has to hold.
    local holding = if std.get(row, 'pairs', {}) == {} then 'first_order' else 'exact';
    row { slug: 'off', method: row.method + ', inner step off', without_step:: inner_loops.off(holding) },
}
