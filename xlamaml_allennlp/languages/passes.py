"""The forward passes of an evaluation."""

from collections.abc import Iterator
from typing import Optional, Union

import torch
from allennlp.common.checks import ConfigurationError
from allennlp.common.tqdm import Tqdm
from allennlp.data import DataLoader
from allennlp.models import Model
from allennlp.nn.util import move_to_device

from xlamaml_allennlp.languages.judged import Pass


class Passes:
    """
    One forward pass per batch, with the mean loss of those made so far; the progress bar shows it with the metrics.

    # Parameters

    model : `Model`
        The model, in evaluation mode.
    data_loader : `DataLoader`
        The data.
    cuda_device : `Union[int, torch.device]`
        Where the model is.
    weight_key : `str`, optional (default = `""`)
        The model's output that weighs the loss of a batch. Without, all batches weigh the same.
    shown : `bool`, optional (default = `True`)
        Whether there is a progress bar.
    """

    def __init__(
        self,
        model: Model,
        data_loader: DataLoader,
        cuda_device: Union[int, torch.device],
        weight_key: str = "",
        shown: bool = True,
    ) -> None:
        self._model = model
        self._data_loader = data_loader
        self._device = cuda_device
        self._weight_key = weight_key
        self._shown = shown
        self._loss = self._weight = 0.0
        self._with_loss = self._without_loss = 0

    def __iter__(self) -> Iterator[Pass]:
        with torch.no_grad():
            batches = Tqdm.tqdm(iter(self._data_loader), disable=not self._shown)
            for batch in batches:
                batch = move_to_device(batch, self._device)
                outputs = self._model(**batch)
                self._count(outputs)
                batches.set_description(self._description(), refresh=False)
                yield batch, outputs

    @property
    def loss(self) -> Optional[float]:
        """The mean loss so far, `None` without any."""
        return self._loss / self._weight if self._with_loss else None

    def _count(self, outputs: dict) -> None:
        loss = outputs.get("loss")
        self._with_loss += loss is not None
        self._without_loss += loss is None
        if self._with_loss and self._without_loss:
            raise ConfigurationError(
                f"Of {self._with_loss + self._without_loss} batches, {self._with_loss} gave a loss: labelled and "
                "unlabelled examples are in one evaluation. Evaluate them apart."
            )
        if loss is not None:
            if self._weight_key and self._weight_key not in outputs:
                raise ConfigurationError(
                    f'--batch-weight-key: the model has no output "{self._weight_key}"; it has {", ".join(outputs)}.'
                )
            weight = float(outputs[self._weight_key]) if self._weight_key else 1.0
            self._weight += weight
            self._loss += float(loss) * weight

    def _description(self) -> str:
        metrics = dict(self._model.get_metrics())
        if self.loss is not None:
            metrics["loss"] = self.loss
        return ", ".join(f"{name}: {value:.2f}" for name, value in metrics.items() if name[0] != "_") + " ||"
