"""A transformers encoder and its fast tokenizer, from a hub name, a folder, or an archive of ours; predictors on it."""

from xlamaml_allennlp.encoders import predict_command

__all__ = ["predict_command"]
