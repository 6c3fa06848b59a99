"""What one example of natural language inference is, and a model of it."""

from xlamaml_allennlp.nli import dataset_reader as dataset_reader
from xlamaml_allennlp.nli import model as model
from xlamaml_allennlp.nli import predictor as predictor
