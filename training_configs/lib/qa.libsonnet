// The task of extractive question answering: what reads it and what learns it, the same in every stage.
// `own_data`: a user's files may be in any language, and MLQA's rules of evaluation know seven. For these seven the other
// rules are the same.
// `cache`: the folder in which what was read is kept for the next run, or null.
function(encoder, max_length=384, stride=128, own_data=false, cache=null) {
  local task = self,
  // Evaluation asks every window of a question for the answer.
  reader: { type: 'mlqa', model_name: encoder, max_length: max_length, stride: stride, cache: cache },
  training_reader: task.reader { windows: 'answer' },
  // The objective of appendix A is the sum of the two log-likelihoods.
  model: { type: 'cross_lingual_span_qa', model_name: encoder, objective: 'sum' }
         + (if own_data then { rules: 'any_language' } else {}),
}
