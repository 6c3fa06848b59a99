// The task of natural language inference: what reads it and what learns it, the same in every stage.
// `labels`: names of the classes in their order, where they are not entailment, neutral and contradiction.
// `label_aliases`: other names for them that some files use, {contradictory: 'contradiction'}.
// `cache`: the folder in which what was read is kept for the next run, or null.
function(encoder, max_length=128, labels=null, label_aliases=null, cache=null) {
  reader: {
    type: 'xnli',
    model_name: encoder,
    max_length: max_length,
    labels: labels,
    label_aliases: label_aliases,
    cache: cache,
  },
  // Training and evaluation read the same instances.
  training_reader: self.reader,
  model: { type: 'cross_lingual_pair_classifier', model_name: encoder, labels: labels },
}
