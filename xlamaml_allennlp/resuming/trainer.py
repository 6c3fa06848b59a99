"""The stock trainer, recovered exactly: an interrupted run ends as the uninterrupted one would have."""

import logging
from collections.abc import Mapping
from typing import Any, Optional

from allennlp.training.gradient_descent_trainer import GradientDescentTrainer
from allennlp.training.trainer import Trainer, TrainerCheckpoint

from xlamaml_allennlp.resuming import mends, stock_keys
from xlamaml_allennlp.resuming.checkpointer import DurableCheckpointer, durable
from xlamaml_allennlp.resuming.data_loader import RepeatableDataLoader
from xlamaml_allennlp.resuming.epoch_sums import EpochSums, Trained
from xlamaml_allennlp.resuming.metric_counts import metric_counts, restore_metric_counts
from xlamaml_allennlp.resuming.plain import plain
from xlamaml_allennlp.resuming.random_state import random_state, restore_random_state
from xlamaml_allennlp.resuming.resumption import Resumption, check_origin, handed_on
from xlamaml_allennlp.resuming.validation_metric import check_validation_metric
from xlamaml_allennlp.resuming.whole_file import check_whole, write_whole

logger = logging.getLogger(__name__)


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
        self.tally, self.last_epoch = self.new_tally(), self.new_tally()
        self._group: list[Trained] = []
        self._resumption: Optional[Resumption] = None

    @classmethod
    def from_partial_objects(cls, **stock: Any) -> Trainer:  # type: ignore[override]
        """Builds the trainer from a configuration."""
        stock_keys.check_numbers(stock)
        if "checkpointer" in stock:
            stock["checkpointer"] = DurableCheckpointer.lazily_in_place_of(stock["checkpointer"])
        return super().from_partial_objects(**stock)

    def new_tally(self) -> EpochSums:
        """The sums of an epoch that begins."""
        return EpochSums()

    def batch_outputs(self, batch: Mapping[str, Any], for_training: bool) -> dict[str, Any]:
        outputs = super().batch_outputs(batch, for_training)  # type: ignore[arg-type]
        if for_training:
            self._group.append(self.tally.trained(batch, outputs))
        return outputs

    def rescale_gradients(self) -> Optional[float]:
        norm = super().rescale_gradients()
        self.tally.add(self._group)
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
        validation = self._validation_data_loader
        resumption = Resumption(
            epochs=self._epochs_completed,
            steps=self._batches_in_epoch_completed,
            steps_of_run=self._total_batches_completed,
            random_state=random_state(self.cuda_device),
            tally=self.tally.state(),
            metric_counts=metric_counts(self.model),
            validates=self._should_validate_this_epoch,
            trainable=[name for name, each in self.model.named_parameters() if each.requires_grad],
            training_data=self.data_loader.state(),
            validation_data={} if validation is None else validation.state(),
        )
        return vars(resumption)

    def _maybe_restore_checkpoint(self) -> None:
        checkpoint = None if self._checkpointer is None else self._checkpointer.load_checkpoint()
        if checkpoint is None:
            return
        check_origin(checkpoint.trainer_state, self._serialization_dir)
        average = self._moving_average
        averaged = [] if average is None else average._parameters
        with handed_on(self, checkpoint):
            super()._maybe_restore_checkpoint()
        if average is not None:
            mends.average_the_trained_parameters(average, averaged)
        mends.find_best_weights_in_this_folder(self)
        if self._scaler is not None:
            self._scaler.load_state_dict(checkpoint.trainer_state["scaler"])
        self._resumption = Resumption.of(checkpoint.trainer_state)
        self._go_to(self._resumption)

    def _go_to(self, resumption: Resumption) -> None:
        self._total_batches_completed = resumption.steps_of_run - resumption.steps  # which upstream counts again
        self.tally = self.new_tally()
        self.tally.merge(resumption.tally)
        restore_metric_counts(self.model, resumption.metric_counts, self.cuda_device)
        mends.train_what_was_trained(self.model, resumption.trainable)
        if self._validation_data_loader is not None:
            self._validation_data_loader.resume(resumption.validation_data, within=False)
        self.data_loader.resume(
            resumption.training_data,
            within=not resumption.is_between_epochs,
            before_next=lambda: restore_random_state(resumption.random_state, self.cuda_device),
        )
        if resumption.is_between_epochs and resumption.validates and self._metric_tracker.is_best_so_far():
            mends.save_best_weights(self)

    def _try_train(self) -> tuple[dict[str, Any], int]:
        resumption, folder = self._resumption, self._serialization_dir
        if resumption is None:
            return super()._try_train()
        done = resumption.epochs
        mends.take_confidence_hooks_away(self._callbacks)
        self._should_validate_this_epoch = resumption.validates  # callbacks have begun, as if with the first epoch
        if resumption.is_between_epochs and self._metric_tracker.should_stop_early():
            logger.info("Ran out of patience before the interruption. Stopping training.")
            self._num_epochs = done
        earlier = mends.metrics_of_epoch(folder, done - 1) if done else {}
        if "best_epoch" in earlier:  # the tracker counts validations, the metrics epochs
            self._metric_tracker.best_epoch = earlier["best_epoch"]
        metrics, epoch = super()._try_train()
        if "epoch" not in metrics:  # nothing was left to train
            metrics.update(earlier)
        validated = {key: value for key, value in earlier.items() if key.startswith("validation_")}
        if self._primary:
            mends.repeat_validation(folder, validated, range(done, metrics.get("epoch", -1) + 1))
        return {**validated, **metrics}, epoch

    def _train_epoch(self, epoch: int) -> dict[str, float]:
        if self._epochs_completed < self._start_after_epochs_completed:
            return {}  # its batches were drawn again in `_go_to`
        metrics = super()._train_epoch(epoch)
        if "loss" not in metrics:  # upstream takes an epoch of which one step was left for one that was done before
            metrics.update(self.model.get_metrics(reset=True))
        self.last_epoch = self.tally.over_workers()
        metrics.update(self.last_epoch.means())
        self.tally = self.new_tally()
        return metrics

    def _save_model_state(self, path: str) -> None:
        write_whole((self._ddp_wrapped_model or self.model).state_dict(), path)

    def _load_model_state(self, path: str) -> None:
        check_whole(path)
        super()._load_model_state(path)
