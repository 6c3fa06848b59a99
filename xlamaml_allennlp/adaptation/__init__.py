"""How parameters learn from a support loss, and what that learning's gradient is."""

from xlamaml_allennlp.adaptation.higher import HigherInnerLoop
from xlamaml_allennlp.adaptation.inner_loop import Adapted, InnerLoop
from xlamaml_allennlp.adaptation.loss import BatchLoss, Loss

__all__ = ["Adapted", "BatchLoss", "HigherInnerLoop", "InnerLoop", "Loss"]
