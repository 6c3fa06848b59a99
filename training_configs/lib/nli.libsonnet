// The task of natural language inference: what reads it and what learns it, the same in every stage.
function(encoder, max_length=128) {
  reader: { type: 'xnli', model_name: encoder, max_length: max_length },
  // Training and evaluation read the same instances.
  training_reader: self.reader,
  model: { type: 'cross_lingual_pair_classifier', model_name: encoder },
}
