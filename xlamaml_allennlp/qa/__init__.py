"""What one question-answering example is: a question, a context, and the span of it that answers."""

from xlamaml_allennlp.qa import dataset_reader, metric, model, predictor

__all__ = ["dataset_reader", "metric", "model", "predictor"]
