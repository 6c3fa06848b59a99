// Some examples of what a reader reads, drawn with a seed: with the same seed they are the same in every run.
function(reader, size, seed) { type: 'drawn', reader: reader, size: size, seed: seed }
