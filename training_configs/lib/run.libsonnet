// What every run shares: seeds, an archive that needs no hub, and the loader that `evaluate` and `predict` fall back to.
// `base`: the archive of an earlier stage, or null; `base_config`: what makes it (earlier.libsonnet).
// `protocol`: what may be trained on, selected on and tested on (docs/data_use.md), or null for anything.
// `validation`: a path or {language: path}, on which every epoch ends with the metrics per language.
function(task, seed, base=null, base_config=null, validation=null, protocol=null) {
  // Its archive says what was read. Looks for the earlier stage's archive before data are read.
  type: 'stage',
  random_seed: seed,
  numpy_seed: seed,
  pytorch_seed: seed,
  // Labels are numbered by the reader: a vocabulary built from data would order them by count, differently in each stage.
  vocabulary: { type: 'empty' },
  include_in_archive: ['encoder'],
  model: task.model + (if base == null then {} else { pretrained_file: base }),
  [if base != null then 'base_config']: base_config,
  [if protocol != null then 'protocol']: protocol,
  validation_dataset_reader: task.reader,
  [if validation == null then null else 'validation_data_path']: validation,
  validation_data_loader: {
    type: 'sampled',  // `evaluate --batch-size` changes the size of its batches
    batch_sampler: { type: 'bucket', batch_size: 64, sorting_keys: ['tokens'], padding_noise: 0 },
  },
  // `evaluate` ends with a table per language.
  evaluation: { type: 'per_language' },
}
