"""One episode through the inner loop: what the trainer learns from, or is judged by."""

from collections.abc import Mapping
from typing import Any, Optional

from allennlp.models import Model

from xlamaml_allennlp.adaptation import Adapted, InnerLoop
from xlamaml_allennlp.meta_training.agreement import AgreeingLoss, Agreement
from xlamaml_allennlp.meta_training.losses import QueryLoss, SupportLoss
from xlamaml_allennlp.meta_training.outputs import Outputs
from xlamaml_allennlp.meta_training.precision import Passes


def trained_on(
    episode: Mapping[str, Any], model: Model, inner_loop: InnerLoop, passes: Passes, agreement: Optional[Agreement]
) -> tuple[Outputs, list[float]]:
    """
    The outputs for the query set at theta', "loss" being the objective with its meta-gradient; and the support loss
    before each inner step.
    """
    support, query = SupportLoss(episode["support"], passes), QueryLoss(episode["query"], passes)
    if agreement is None:
        return _told(query, inner_loop(model, support, query))
    agreeing = AgreeingLoss.of(episode, support, query, agreement)
    outputs, support_losses = _told(query, inner_loop(model, support, agreeing))
    disagreement = agreeing.disagreement
    own = outputs["query_loss"] - agreement.weight * disagreement
    return {**outputs, "query_loss": own, "disagreement": disagreement}, support_losses


def judged_by(
    episode: Mapping[str, Any], model: Model, inner_loop: InnerLoop, passes: Passes
) -> tuple[Outputs, list[float]]:
    """The outputs for the query set at theta' with its loss, without a gradient; and the losses as of `trained_on`."""
    query = QueryLoss(episode["query"], passes)
    return _told(query, inner_loop.judge(model, SupportLoss(episode["support"], passes), query))


def _told(query: QueryLoss, adapted: Adapted) -> tuple[Outputs, list[float]]:
    outputs = {**query.outputs(), "loss": adapted.loss, "query_loss": adapted.query_loss}
    if adapted.support_losses:
        outputs["support_loss"] = adapted.support_losses[0]
    return {**outputs, "alignment": adapted.alignment}, adapted.support_losses
