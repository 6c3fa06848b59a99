"""The stock trainer, recovered exactly: an interrupted run ends as the uninterrupted one would have."""

from collections.abc import Mapping
from typing import Any, Optional

from allennlp.training.gradient_descent_trainer import GradientDescentTrainer
from allennlp.training.trainer import Trainer, TrainerCheckpoint

from xlamaml_allennlp.files.whole_file import write_whole
from xlamaml_allennlp.resuming import stock_keys, workers
from xlamaml_allennlp.resuming.checkpointer import DurableCheckpointer, durable
from xlamaml_allennlp.resuming.data_loader import RepeatableDataLoader
from xlamaml_allennlp.resuming.epoch_sums import EpochSums, Trained
from xlamaml_allennlp.resuming.generators import seed_apart
from xlamaml_allennlp.resuming.plain import plain
from xlamaml_allennlp.resuming.resumption import Resumption, resume
from xlamaml_allennlp.resuming.validation_metric import check_validation_metric


@Trainer.register("resumable", constructor="from_partial_objects")
@stock_keys.with_stock_keys()
class ResumableTrainer(GradientDescentTrainer):
    """
    The `gradient_descent` trainer, whose runs can be killed at any moment: recovered, they end in the same weights and
    metrics, to the last bit, on the same machine and packages.

    Its checkpoints also hold what the stock one forgets: the random states, which batches were drawn from which random
    numbers, the sums behind the epoch's training losses, what the metrics have counted, whether this epoch is
    validated, and which parameters a schedule has unfrozen, each per worker. Every file of a checkpoint has a checksum:
    a damaged one is named in the log, and the checkpoint before it is used. Batches that were trained on are drawn
    again, but not collated where the data loader leaves that to its `collate_fn`.

    Three private methods of AllenNLP's are overridden, where it calls no public one: `_try_train`, which counts epochs,
    and whose metrics callbacks are told at the end; `_train_epoch`, which has an epoch's losses in local variables; and
    `_save_model_state`, which writes over the best weights, with which an interrupted run is archived.

    Registered as a `Trainer` with name "resumable".

    # Parameters

    stock : `Any`
        Every key of `gradient_descent`.

    # Raises

    `ConfigurationError`
        If a number is out of range, or the model does not have the `validation_metric`; in recovering, if there are
        checkpoints and none is whole, or another trainer or number of workers wrote it.
    """

    _serialization_dir: str
    data_loader: RepeatableDataLoader
    _validation_data_loader: Optional[RepeatableDataLoader]  # type: ignore[assignment]

    def __init__(self, **stock: Any) -> None:
        stock_keys.check_numbers(stock)
        metric, judged_on = stock.get("validation_metric", "-loss"), stock.get("validation_data_loader")
        check_validation_metric(metric, stock["model"], judged_on)
        super().__init__(**stock)
        self._checkpointer = durable(self._checkpointer, self._distributed)
        self.data_loader = RepeatableDataLoader(self.data_loader)
        if judged_on is not None:
            # Other episodes in every epoch would be compared with each other.
            self._validation_data_loader = RepeatableDataLoader(judged_on, anew=True)
        self.sums, self.last_epoch = self.new_sums(), self.new_sums()
        self._group: list[Trained] = []
        self._resumption: Optional[Resumption] = None

    @classmethod
    def from_partial_objects(cls, **stock: Any) -> Trainer:  # type: ignore[override]
        """Builds the trainer from a configuration."""
        stock_keys.check_numbers(stock)
        if "checkpointer" in stock:
            stock["checkpointer"] = DurableCheckpointer.lazily_in_place_of(stock["checkpointer"])
        return super().from_partial_objects(**stock)

    def new_sums(self) -> EpochSums:
        """The sums of an epoch that begins."""
        return EpochSums()

    def batch_outputs(self, batch: Mapping[str, Any], for_training: bool) -> dict[str, Any]:
        outputs = super().batch_outputs(batch, for_training)  # type: ignore[arg-type]
        if for_training:
            self._group.append(self.sums.trained(batch, outputs))
        return outputs

    def rescale_gradients(self) -> Optional[float]:
        norm = super().rescale_gradients()
        self.sums.add(self._group)
        self._group = []
        return norm

    def get_checkpoint_state(self) -> Optional[TrainerCheckpoint]:
        checkpoint = super().get_checkpoint_state()
        if checkpoint is None:
            return None
        run = {"workers": self._world_size, **self.get_worker_state()}
        state = {**plain(checkpoint.trainer_state), "run": run}
        if self._scaler is not None:
            state["scaler"] = plain(self._scaler.state_dict())
        return TrainerCheckpoint(checkpoint.model_state, state)

    def get_worker_state(self) -> dict[str, Any]:
        """What a checkpoint holds that is this worker's own."""
        return vars(Resumption.of_trainer(self))

    def train(self) -> dict[str, Any]:
        seed_apart(workers.rank())
        self._resumption = resume(self)
        return super().train()

    def _try_train(self) -> tuple[dict[str, Any], int]:
        if self._resumption is None:
            return super()._try_train()
        earlier = self._resumption.begin(self)
        metrics, epoch = super()._try_train()
        return self._resumption.complete(self, metrics, earlier), epoch

    def _train_epoch(self, epoch: int) -> dict[str, float]:
        if self._epochs_completed < self._start_after_epochs_completed:
            return {}  # its batches were drawn again when the data loader was resumed
        metrics = super()._train_epoch(epoch)
        if "loss" not in metrics:  # upstream takes an epoch of which one step was left for one that was done before
            metrics.update(self.model.get_metrics(reset=True))
        self.last_epoch = self.sums.over_workers()
        metrics.update(self.last_epoch.means())
        self.sums = self.new_sums()
        return metrics

    def _save_model_state(self, path: str) -> None:
        write_whole((self._ddp_wrapped_model or self.model).state_dict(), path)
