"""Predictions for sentence pairs that come as JSON lines."""

from collections.abc import Sequence
from typing import Any, cast

from allennlp.common.checks import ConfigurationError
from allennlp.common.util import JsonDict
from allennlp.data import DatasetReader, Instance
from allennlp.models import Model
from allennlp.predictors import Predictor

from xlamaml_allennlp.encoders.predictor import LinesPredictor, each_made
from xlamaml_allennlp.languages.evaluating import evaluate_instances
from xlamaml_allennlp.languages.tag import id_of, language_of
from xlamaml_allennlp.nli.dataset_reader import XnliReader
from xlamaml_allennlp.nli.formats import Row
from xlamaml_allennlp.nli.label_field import PairLabelField
from xlamaml_allennlp.nli.model import CrossLingualPairClassifier


@Predictor.register("cross_lingual_pair_classifier")
class CrossLingualPairPredictor(LinesPredictor):
    """
    Predicts the labels of sentence pairs, many at a time.

    A line of input is an object with `premise` and `hypothesis`; `language`, `label` and `id` may be given. A line of
    output has `label` (the most probable one), `probs` by label, `premise`, `hypothesis`, `language` ("und" if it was
    not given), and of the input what was given: `id`, and `gold_label` for its `label`.

    Registered as a `Predictor` with name "cross_lingual_pair_classifier".

    # Parameters

    model : `Model`
        A `cross_lingual_pair_classifier`.
    dataset_reader : `DatasetReader`
        An `xnli` reader.
    frozen : `bool`, optional (default = `True`)
        Whether to turn dropout off.
    forward_size : `int`, optional (default = `32`)
        Pairs in one forward pass, at least 1. The lines that come at once (`allennlp predict --batch-size`) are
        sorted by length before they are cut into passes, and come out in their own order.
    on_bad_line : `str`, optional (default = `"error"`)
        What a line that cannot be used is to `allennlp predict`: `"error"`, at which it stops with everything before
        it written, or `"skip"`, for which it writes `{"error": ..., "line": its number}` and goes on.

    # Raises

    `ConfigurationError`
        If the reader is not an `xnli` reader or has other labels than the model, `forward_size` is below 1 or
        `on_bad_line` is unknown; later, if a line is no such object, or the model's scores are not numbers.
    """

    reader = "xnli"
    needed = ("premise", "hypothesis")
    passed_on = ("id", "label")
    wanted = 'A line is like {"premise": "...", "hypothesis": "..."}; "language", "label" and "id" may be given too.'

    def __init__(
        self,
        model: Model,
        dataset_reader: DatasetReader,
        frozen: bool = True,
        forward_size: int = 32,
        on_bad_line: str = "error",
    ) -> None:
        super().__init__(model, dataset_reader, frozen, forward_size, on_bad_line)
        self._reader = cast(XnliReader, dataset_reader)
        ours, theirs = self._reader.labels, cast(CrossLingualPairClassifier, model).labels
        if ours != theirs:  # the same index would be another label
            raise ConfigurationError(
                f"labels: the archive's dataset reader has {list(ours)}, and its model has {list(theirs)}. Give the "
                "training config's readers and model the same labels."
            )

    def predict(self, premise: str, hypothesis: str, language: str = "und") -> JsonDict:
        """Predicts the label of one pair."""
        return self.predict_json({"premise": premise, "hypothesis": hypothesis, "language": language})

    def evaluate(self, lines: Sequence[JsonDict]) -> dict[str, float]:
        """
        How right the model is: `accuracy` over all pairs, `accuracy/<language>`, `accuracy/mean` and `loss`.

        # Parameters

        lines : `Sequence[JsonDict]`
            Pairs as `predict_batch_json` takes them, each with its `label`.

        # Raises

        `ConfigurationError`
            If there is none, one cannot be used or has no label (with its number), or scores are NaN.
        """
        return evaluate_instances(self._model, each_made(self._labelled, lines), self._forward_size, self.cuda_device)

    def _labelled(self, lines: Sequence[Any]) -> list[Instance]:
        rows = [_row(self.checked(line))._replace(label=line.get("label")) for line in lines]
        instances = self._reader.texts_to_instances(rows)
        if not instances:
            raise ConfigurationError(f"There are no lines. {self.wanted}")
        if not all("label" in instance for instance in instances):
            raise ConfigurationError(f"the line has no label, and an evaluation needs that of each. {self.wanted}")
        return instances

    def instances_of(self, lines: Sequence[Any]) -> list[list[Instance]]:
        rows = [_row(self.checked(line)) for line in lines]
        return [[instance] for instance in self._reader.texts_to_instances(rows)]

    def line_of(self, line: JsonDict, outputs: Sequence[dict[str, Any]]) -> JsonDict:
        gold = {} if line.get("label") is None else {"gold_label": line["label"]}
        return {**self._line(outputs[0]), **gold}

    def predict_batch_instance(self, instances: list[Instance]) -> list[JsonDict]:
        lines = [self._line(output) for output in self.forwarded(instances)]
        for line, instance in zip(lines, instances, strict=True):
            if "label" in instance.fields:
                line["gold_label"] = self._model.labels[instance["label"].label]  # type: ignore[attr-defined,index]
        return lines

    def predictions_to_labeled_instances(self, instance: Instance, outputs: dict[str, Any]) -> list[Instance]:
        """The pair with the most probable label, which interpreters explain."""
        label = PairLabelField(int(outputs["probs"].argmax()), self._reader.labels)
        return [Instance({**instance.fields, "label": label})]

    def _json_to_instance(self, json_dict: JsonDict) -> Instance:
        return self.instances_of([json_dict])[0][0]

    def _batch_json_to_instances(self, json_dicts: list[JsonDict]) -> list[Instance]:
        return [instance for (instance,) in self.instances_of(json_dicts)]

    def _line(self, output: dict[str, Any]) -> JsonDict:
        metadata = output["metadata"]
        line = {
            "label": output["label"],
            "probs": dict(zip(self._model.labels, output["probs"].tolist(), strict=True)),  # type: ignore[arg-type]
            "premise": metadata["premise"],
            "hypothesis": metadata["hypothesis"],
            "language": language_of(metadata),
        }
        if id_of(metadata):
            line["id"] = id_of(metadata)
        return line


def _row(line: JsonDict) -> Row:
    """What the reader makes an instance from."""
    # Without the gold label: it is not needed to predict, and a batch may not mix pairs with and without.
    id = None if line.get("id") is None else str(line["id"])
    return Row(line["premise"], line["hypothesis"], language=line.get("language"), id=id)
