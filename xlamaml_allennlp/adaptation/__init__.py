"""How parameters learn from a support loss, and what that learning's gradient is."""

from xlamaml_allennlp.adaptation.adapted import Adapted
from xlamaml_allennlp.adaptation.exact import ExactInnerLoop
from xlamaml_allennlp.adaptation.first_order import FirstOrderInnerLoop
from xlamaml_allennlp.adaptation.hessian_free import HessianFreeInnerLoop
from xlamaml_allennlp.adaptation.higher import HigherInnerLoop
from xlamaml_allennlp.adaptation.inner_loop import InnerLoop
from xlamaml_allennlp.adaptation.learned_rates import LearnedRates
from xlamaml_allennlp.adaptation.loss import BatchLoss, Loss
from xlamaml_allennlp.adaptation.network import module_of
from xlamaml_allennlp.adaptation.norm import euclidean_norm
from xlamaml_allennlp.adaptation.rate_schedule import RateSchedule

__all__ = [
    "Adapted",
    "BatchLoss",
    "ExactInnerLoop",
    "FirstOrderInnerLoop",
    "HessianFreeInnerLoop",
    "HigherInnerLoop",
    "InnerLoop",
    "LearnedRates",
    "Loss",
    "RateSchedule",
    "euclidean_norm",
    "module_of",
]
