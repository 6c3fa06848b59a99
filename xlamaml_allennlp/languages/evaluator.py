"""The evaluator that ends with a table per language."""

import json
import math
from collections.abc import Mapping
from contextlib import ExitStack
from os import PathLike
from typing import Any, Optional, TextIO, Union, cast

import torch
from allennlp.common import Params
from allennlp.common.checks import ConfigurationError, check_for_gpu
from allennlp.common.util import dump_metrics, int_to_device
from allennlp.data import DataLoader
from allennlp.evaluation import Evaluator, Serializer, SimpleEvaluator
from allennlp.models import Model

from xlamaml_allennlp.languages.data_use import DataUse
from xlamaml_allennlp.languages.judged import Judging
from xlamaml_allennlp.languages.passes import Passes
from xlamaml_allennlp.languages.scores import Scores
from xlamaml_allennlp.languages.table import print_metrics, print_scores

File = Optional[Union[str, PathLike]]


@Evaluator.register("per_language")
class PerLanguageEvaluator(SimpleEvaluator):
    """
    Evaluates as AllenNLP does, and ends with a table on standard output: per language, over all examples and as the
    mean of the languages, the number of examples and every measure with its 95 % confidence interval
    (`xlamaml_allennlp.languages.interval`). The predictions' file has one readable JSON line per example: a sentence
    pair, or a question with its windows merged.

    Metrics and table also say, per language, whether the model was trained or selected on it, and how many examples, or
    their translations, it has seen (`xlamaml_allennlp.languages.data_use`), as far as its archive knows; and to what a
    model was adapted before use.

    The model tells its examples (`xlamaml_allennlp.languages.judged.Judging`). One that does not gets AllenNLP's own
    evaluation, predictions' file included, and a table of its metrics.

    Registered as an `Evaluator` with name "per_language".

    # Parameters

    batch_serializer : `Optional[Serializer]`, optional (default = `None`)
        What makes a line of a batch of a model that does not tell its examples. `None`: AllenNLP's own.
    cuda_device : `Union[int, torch.device]`, optional (default = `-1`)
        Where the model is; `evaluate --cuda-device` gives it.
    postprocessor_fn_name : `str`, optional (default = `"make_output_human_readable"`)
        The method of such a model that makes its outputs readable.
    data_use : `Optional[DataUse]`, optional (default = `None`)
        What knows of the examples that were seen. `None`: the archive's manifest.
    """

    def __init__(
        self,
        batch_serializer: Optional[Serializer] = None,
        cuda_device: Union[int, torch.device] = -1,
        postprocessor_fn_name: str = "make_output_human_readable",
        data_use: Optional[DataUse] = None,
    ) -> None:
        super().__init__(batch_serializer, cuda_device, postprocessor_fn_name)
        self._data_use = data_use

    def __call__(
        self,
        model: Model,
        data_loader: DataLoader,
        batch_weight_key: Optional[str] = None,
        metrics_output_file: File = None,
        predictions_output_file: File = None,
    ) -> dict[str, Any]:
        """
        # Parameters

        model : `Model`
            The model to evaluate.
        data_loader : `DataLoader`
            The data.
        batch_weight_key : `Optional[str]`, optional (default = `None`)
            The model's output that weighs the loss of a batch.
        metrics_output_file : `Union[str, PathLike]`, optional (default = `None`)
            Where to write the metrics.
        predictions_output_file : `Union[str, PathLike]`, optional (default = `None`)
            Where to write the predictions.

        # Returns

        `dict[str, Any]`
            The metrics, the mean loss if there are labels, what was seen of the examples, and as "adapted" what the
            model was adapted to.

        # Raises

        `ConfigurationError`
            If the model's scores or loss are not numbers, or its config declares a protocol that does not allow to
            test on the data.
        """
        path = getattr(data_loader, "data_path", None)
        data_use = self._data_use or DataUse.from_params(Params({}))
        seen, adapted = data_use.seen(model, data_loader), data_use.adapted(model)
        if isinstance(model, Judging):
            passes, scores = self._judge(model, data_loader, batch_weight_key, predictions_output_file)
            metrics = cast(Model, model).get_metrics(reset=True)
            if passes.loss is not None:
                metrics["loss"] = passes.loss
            _check_loss(metrics)
            print_scores(path, scores.rows(), passes.loss, seen, adapted)
        else:
            # Written below: its own dump comes before its loss is looked at.
            outputs = {"predictions_output_file": predictions_output_file}
            metrics = super().__call__(model, data_loader, batch_weight_key, **outputs)  # type: ignore[arg-type]
            _check_loss(metrics)
            print_metrics(path, metrics, adapted)
        for language, of_language in (seen or {}).items():
            metrics |= of_language.metrics(language)
        if adapted is not None:
            told: dict[str, Any] = {"adapted": adapted._asdict()}
            metrics |= told
        if metrics_output_file is not None:
            dump_metrics(str(metrics_output_file), metrics, log=True)
        return metrics

    def _judge(
        self, model: Any, data_loader: DataLoader, weight_key: Optional[str], predictions: File
    ) -> tuple[Passes, Scores]:
        check_for_gpu(self.cuda_device)
        data_loader.set_target_device(int_to_device(self.cuda_device))
        model.eval()
        passes, scores = Passes(model, data_loader, self.cuda_device, weight_key or ""), Scores()
        with ExitStack() as stack:
            lines = None if predictions is None else stack.enter_context(_opened(predictions))
            for judged in model.judged(passes):
                scores.add(judged)
                if lines is not None:
                    lines.write(json.dumps(judged.line, ensure_ascii=False, allow_nan=False) + "\n")
        return passes, scores


def _opened(predictions: Union[str, PathLike]) -> TextIO:
    # Half a surrogate pair, which UTF-8 lacks, becomes JSON's own escape for it.
    return open(predictions, "w", encoding="utf-8", errors="backslashreplace")


def _check_loss(metrics: Mapping[str, Any]) -> None:
    loss = metrics.get("loss", 0.0)
    if math.isnan(loss):
        raise ConfigurationError(
            "The loss is not a number (NaN), so neither are the results: the weights hold NaN or infinity, as after a "
            "training that diverged. Evaluate an earlier checkpoint (--weights-file), or train with a smaller rate."
        )
