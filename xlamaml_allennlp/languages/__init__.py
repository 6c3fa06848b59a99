"""What a language tag is, where it comes from, numbers kept per language, and evaluations that show them."""

from xlamaml_allennlp.languages.data_loader import SampledDataLoader
from xlamaml_allennlp.languages.data_use import DataUse
from xlamaml_allennlp.languages.dataset_reader import TaggedReader
from xlamaml_allennlp.languages.drawn_reader import DrawnReader
from xlamaml_allennlp.languages.evaluator import PerLanguageEvaluator
from xlamaml_allennlp.languages.metric import LanguageMean

__all__ = ["DataUse", "DrawnReader", "LanguageMean", "PerLanguageEvaluator", "SampledDataLoader", "TaggedReader"]
