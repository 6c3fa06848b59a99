"""How examples become tasks: episodes of a support and a query set, drawn from a plan of languages."""

from xlamaml_allennlp.episodes.bandit import Bandit
from xlamaml_allennlp.episodes.data_loader import EpisodeDataLoader
from xlamaml_allennlp.episodes.dataset_reader import EpisodesReader
from xlamaml_allennlp.episodes.episode import Episode, describe, ids_of_batch, languages_of_batch
from xlamaml_allennlp.episodes.language_plan import CrossLingualPlan, LanguagePlan, SameLanguagePlan
from xlamaml_allennlp.episodes.language_plan_exp3s import Exp3SPlan
from xlamaml_allennlp.episodes.plain import episodes_of
from xlamaml_allennlp.episodes.pool import ExamplePool
from xlamaml_allennlp.episodes.sampler import EpisodeSampler, Material
from xlamaml_allennlp.episodes.sampler_covering import CoveringSampler
from xlamaml_allennlp.episodes.sampler_random import RandomSampler
from xlamaml_allennlp.episodes.side import Side

__all__ = [
    "Bandit",
    "CoveringSampler",
    "CrossLingualPlan",
    "Episode",
    "EpisodeDataLoader",
    "EpisodeSampler",
    "EpisodesReader",
    "ExamplePool",
    "Exp3SPlan",
    "LanguagePlan",
    "Material",
    "RandomSampler",
    "SameLanguagePlan",
    "Side",
    "describe",
    "episodes_of",
    "ids_of_batch",
    "languages_of_batch",
]
