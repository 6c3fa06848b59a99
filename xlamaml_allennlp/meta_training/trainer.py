"""The trainer that learns from episodes: an episode is a batch, a meta-batch an accumulation group."""

import logging
from collections.abc import Mapping
from contextlib import nullcontext
from time import perf_counter
from typing import Any, Optional, Union

from allennlp.training.trainer import Trainer

from xlamaml_allennlp.adaptation import InnerLoop
from xlamaml_allennlp.meta_training import distributed, refused_keys
from xlamaml_allennlp.meta_training.agreement import Agreement
from xlamaml_allennlp.meta_training.determinism import kernels
from xlamaml_allennlp.meta_training.episode_sums import EpisodeSums
from xlamaml_allennlp.meta_training.evaluation import judged_by, trained_on
from xlamaml_allennlp.meta_training.nonfinite import check_gradient, check_losses, gradient_norm
from xlamaml_allennlp.meta_training.outputs import Outputs
from xlamaml_allennlp.meta_training.own_callbacks import own_callbacks
from xlamaml_allennlp.meta_training.precision import passes_in, warn_of_lost_differences
from xlamaml_allennlp.meta_training.reducing_metrics import refuse_reducing_metrics
from xlamaml_allennlp.resuming import ResumableTrainer, stock_keys

logger = logging.getLogger(__name__)


@Trainer.register("meta", constructor="from_partial_objects")
@stock_keys.with_stock_keys(grad_scaling=False, run_confidence_checks=False)
class MetaTrainer(ResumableTrainer):
    """
    Learns initial parameters theta from episodes: theta <- theta - beta * grad_theta mean L_Q(theta') (Liu et al.,
    section 3), where theta' is what the inner loop makes of theta on the support set.

    It is the `resumable` trainer, recovered as exactly, with an inner loop in front of the loss. An episode,
    {"support": batch, "query": batch}, is one batch, so `num_gradient_accumulation_steps` is the number of episodes per
    meta step, and schedules count meta steps. Batches without support are treated as the stock trainer does, so that
    validation on ordinary batches is zero-shot evaluation at theta; on episodes it evaluates the query sets at theta'.

    Registered as a `Trainer` with name "meta".

    # Parameters

    inner_loop : `InnerLoop`
        How parameters learn from the support set, and the estimator of the meta-gradient.
    precision : `str`, optional (default = `None`)
        "bf16" computes support and query passes under bfloat16 autocast, with float32 weights; `None` or "float32"
        leaves them as they are. Validation on ordinary batches is always in the weights' precision.
    ledger : `Union[bool, str]`, optional (default = `True`)
        Whether each episode becomes a line of a file in the run's folder, which `allennlp episodes` reads. "gradients"
        adds lengths and angle of support and query gradient, where the inner loop holds both; some percent of a step.
    agreement : `Agreement`, optional (default = `None`)
        How far the predictions on the k-th support and query example at theta' are apart counts in the objective.
    deterministic : `bool`, optional (default = `False`)
        Whether training takes only kernels that repeat to the last bit, so that equal runs on one GPU end in the same
        weights; slower there. An operation without such a kernel is torch's `RuntimeError`. On a CPU nothing changes.
    run_confidence_checks : `bool`, optional (default = `False`)
        Must be false.
    stock : `Any`
        Every key of `resumable`; `use_amp`, `grad_scaling`, and with several workers another
        `ddp_accelerator` than the default, are refused with the reason.

    # Raises

    `ConfigurationError`
        If a key is refused or out of range, workers cannot share the episodes, or `inner_loop.micro_batch_size` with a
        metric that reduces in every call, or the model does not have the `validation_metric`; if `deterministic` is set
        for a GPU without CUBLAS_WORKSPACE_CONFIG in the environment.
    `ValueError`
        In training, before the optimizer step, if a loss or the meta-gradient is not finite; the episode's languages
        and ids are named.
    """

    sums: EpisodeSums
    last_epoch: EpisodeSums

    def __init__(
        self,
        *,
        inner_loop: InnerLoop,
        precision: Optional[str] = None,
        ledger: Union[bool, str] = True,
        agreement: Optional[Agreement] = None,
        deterministic: bool = False,
        **stock: Any,
    ) -> None:
        refused_keys.refuse(stock)
        refused_keys.refuse_ledger(ledger)
        super().__init__(**stock)
        inner_loop.check(self.model)
        self.inner_loop, self.agreement = inner_loop, agreement
        self._precision = precision or "float32"
        self.passes = passes_in(precision, self.cuda_device)
        self._kernels = kernels(deterministic, self.cuda_device)
        warn_of_lost_differences(precision, inner_loop, self.cuda_device)
        # When each episode of the meta step began, and the last one ended; and its gradient's length: for the ledger.
        self.laps: list[float] = []
        self.meta_gradient_norm = 0.0
        if ledger == "gradients":
            inner_loop.aligns = True
        default = stock.get("enable_default_callbacks", True)
        self._callbacks[:0] = own_callbacks(self, bool(ledger), bool(default))
        if self._distributed:
            refuse_reducing_metrics(self.model, inner_loop)
            distributed.check_folders(self._serialization_dir, self._world_size)
            distributed.check_shares(self.data_loader, self._world_size, self._num_gradient_accumulation_steps)

    @classmethod
    def from_partial_objects(cls, **stock: Any) -> Trainer:  # type: ignore[override]
        """Builds the trainer from a configuration."""
        refused_keys.refuse_accelerator(stock.get("ddp_accelerator"))
        stock["ddp_accelerator"] = None
        if stock.get("distributed"):
            devices = {key: stock[key] for key in ("local_rank", "world_size", "cuda_device") if key in stock}
            stock["ddp_accelerator"] = distributed.WholeModelAccelerator(**devices)
        return super().from_partial_objects(**stock)

    def train(self) -> dict[str, Any]:
        with self._kernels():
            return super().train()

    def new_sums(self) -> EpisodeSums:
        return EpisodeSums()

    def batch_outputs(self, batch: Mapping[str, Any], for_training: bool) -> Outputs:
        """
        The outputs for one episode's query set at theta', or for one stock batch at theta.

        # Parameters

        batch : `Mapping[str, Any]`
            {"support": batch, "query": batch}, or what the model's `forward` takes.
        for_training : `bool`
            Whether "loss" will be differentiated. Its `backward()` then gives the estimator's meta-gradient, plus that
            of the regularization penalty at theta.

        # Returns

        `Outputs`
            What the model returned for the query set, with "loss"; for an episode also "support_loss" (at theta),
            "query_loss" (at theta'), "alignment", as `Adapted` tells it, and with `agreement` "disagreement".

        # Raises

        `ValueError`
            In training, if a loss is not finite.
        """
        if for_training:
            self.laps = [*(self.laps if self._group else ()), perf_counter()]
        where = f"{self._meta_step()}, episode {len(self._group) + 1}"
        make = self._episode_outputs if "support" in batch else self._stock_outputs
        outputs, support_losses = make(batch, for_training)
        if for_training:
            check_losses(where, batch, support_losses, outputs["loss"])
        return outputs

    def rescale_gradients(self) -> Optional[float]:
        """
        Ends an accumulation group: averages the gradients over workers, clips, and checks that they are finite.

        # Returns

        `Optional[float]`
            The norm of the gradients before clipping, if `grad_norm` asks for it.

        # Raises

        `ValueError`
            If the norm is not finite.
        """
        self.laps.append(perf_counter())
        if self._distributed:
            distributed.average_gradients(self.model.parameters())
        batches = [trained.batch for trained in self._group]
        norm = super().rescale_gradients()
        checked = gradient_norm(self.model.parameters()) if norm is None else norm
        check_gradient(self._meta_step(), batches, checked)
        self.meta_gradient_norm = checked
        return norm

    def _episode_outputs(self, batch: Mapping[str, Any], for_training: bool) -> tuple[Outputs, list[float]]:
        if not for_training:
            return judged_by(batch, self.model, self.inner_loop, self.passes)
        outputs, support_losses = trained_on(batch, self.model, self.inner_loop, self.passes, self.agreement)
        if (penalty := self.model.get_regularization_penalty()) is not None:
            outputs |= {"reg_loss": penalty, "loss": outputs["loss"] + penalty}
        self._group.append(self.sums.trained(batch, outputs))
        return outputs, support_losses

    def _stock_outputs(self, batch: Mapping[str, Any], for_training: bool) -> tuple[Outputs, list[float]]:
        if for_training and not self.sums.steps and not self._group:
            logger.warning("A training batch has no support set: it is trained on as `gradient_descent` would.")
        with self.passes() if for_training else nullcontext():
            return super().batch_outputs(batch, for_training), []

    def _meta_step(self) -> str:
        return f"Epoch {self._epochs_completed}, meta step {self._batches_in_epoch_completed + 1}"
