"""The classifier of sentence pairs."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any, Optional

import torch
from allennlp.common.checks import ConfigurationError
from allennlp.data import Vocabulary
from allennlp.models import Model

from xlamaml_allennlp.encoders.finite import check_scores
from xlamaml_allennlp.languages.counting import Counting
from xlamaml_allennlp.languages.judged import Judged, Pass
from xlamaml_allennlp.languages.metric import LanguageMean
from xlamaml_allennlp.languages.tag import language_of
from xlamaml_allennlp.nli.judged import judged_pairs
from xlamaml_allennlp.nli.label_field import tell
from xlamaml_allennlp.nli.labels import checked
from xlamaml_allennlp.nli.scoring import PairScorer


@Model.register("cross_lingual_pair_classifier")
class CrossLingualPairClassifier(PairScorer):
    """
    Classifies sentence pairs with one linear layer on a multilingual encoder, the model of the paper's NLI
    experiments, or with transformers' own head; accuracy is kept per language.

    It sees batches of pairs only, never an episode: stock and meta trainers train it alike.

    Registered as a `Model` with name "cross_lingual_pair_classifier".

    # Parameters

    vocab : `Vocabulary`
        Told the labels, so that readers with others are refused; tokens are the encoder's own. Give
        `vocabulary: {type: "empty"}`.
    model_name : `str`
        The encoder: a hub name, a transformers folder, or an archive (model.tar.gz).
    pooling : `str`, optional (default = `"cls"`)
        What stands for the pair: "cls", the last hidden state of the first token; "pooler", the encoder's own pooler
        on it; "mean" of the last hidden states of all tokens; "own", the whole head that transformers gives this
        architecture. Parameters that the choice leaves unused are dropped.
    dropout : `Optional[float]`, optional (default = `None`)
        Probability of dropout before the linear layer, in [0, 1); `None`: 0.1. The pooling "own" has its own.
    labels : `Optional[List[str]]`, optional (default = `None`)
        Names of the classes in the order of their indices, as the reader has them.
        `None`: entailment, neutral, contradiction.
    attention : `str`, optional (default = `"auto"`)
        The encoder's attention kernel: "auto" (fused, except where a second derivative is taken), "eager", "sdpa" or
        "flash_attention_2" (which has no second derivative).
    pretrained_file : `Optional[str]`, optional (default = `None`)
        What this model starts from in training: an earlier stage's archive (model.tar.gz), or, with the pooling "own",
        a hub name or folder of a transformers sequence classifier. Not needed any more once this stage has its archive.
    pretrained_labels : `Optional[List[str]]`, optional (default = `None`)
        Our names for the classes of such a classifier, in its order, where it names them otherwise.
    load_weights : `bool`, optional (default = `True`)
        Whether to load the encoder's pretrained weights. Set to false by itself when an archive is loaded.
    serialization_dir : `Optional[str]`, optional (default = `None`)
        The run's folder; AllenNLP passes it.

    # Raises

    `ConfigurationError`
        If a key's value is not among those above, the encoder cannot be loaded, or `pretrained_file` is not there or
        is the archive of another model.
    """

    default_predictor = "cross_lingual_pair_classifier"
    # These are of a batch, not of its pairs; nobody needs a warning that they cannot be split.
    _warn_for_unseparable_batches = {"loss", "batch_size"}

    def __init__(
        self,
        vocab: Vocabulary,
        model_name: str,
        pooling: str = "cls",
        dropout: Optional[float] = None,
        labels: Optional[list[Any]] = None,
        attention: str = "auto",
        pretrained_file: Optional[str] = None,
        pretrained_labels: Optional[list[str]] = None,
        load_weights: bool = True,
        serialization_dir: Optional[str] = None,
    ) -> None:
        names = checked(labels)
        tell(vocab, names)
        super().__init__(
            vocab,
            model_name,
            names,
            pooling,
            dropout,
            pretrained_labels,
            attention=attention,
            pretrained_file=pretrained_file,
            load_weights=load_weights,
            serialization_dir=serialization_dir,
        )
        self._accuracy = LanguageMean("accuracy")
        self._counting = Counting()
        self.start_from_earlier_stage()

    def forward(
        self,
        tokens: dict[str, torch.Tensor],
        label: Optional[torch.Tensor] = None,
        metadata: Optional[list[dict[str, Any]]] = None,
    ) -> dict[str, Any]:
        """
        # Parameters

        tokens : `dict[str, torch.Tensor]`
            What the encoder takes, each of shape (batch_size, sequence_length): `input_ids`, `attention_mask`, and
            `token_type_ids` where it has them.
        label : `Optional[torch.Tensor]`, optional (default = `None`)
            Indices of the gold labels. Shape: (batch_size,)
        metadata : `Optional[list[dict[str, Any]]]`, optional (default = `None`)
            At least the `language` of each pair. Without, accuracy is not counted.

        # Returns

        `dict[str, Any]`
            `logits` and `probs`, of shape (batch_size, num_labels); `metadata` if given; `loss`, the mean
            cross-entropy, and `batch_size` (for `batch_weight_key`) if there are labels.
        """
        # Shape: (batch_size, num_labels)
        logits = self.scores(tokens, metadata)
        output: dict[str, Any] = {"logits": logits, "probs": logits.softmax(dim=-1)}
        if metadata is not None:
            output["metadata"] = metadata
        if label is not None:
            output["loss"] = torch.nn.functional.cross_entropy(logits, label)
            output["batch_size"] = torch.tensor(len(label))
            if metadata is not None and self._counting:
                self._accuracy(logits.argmax(dim=-1) == label, [language_of(pair) for pair in metadata])
        return output

    def make_output_human_readable(self, output_dict: dict[str, Any]) -> dict[str, Any]:
        """Adds `label`, the name of the most probable class of each pair; probabilities that are NaN are an error."""
        check_scores(output_dict["probs"])
        output_dict["label"] = [self._labels[index] for index in output_dict["probs"].argmax(dim=-1).tolist()]
        return output_dict

    def judged(self, passes: Iterable[Pass]) -> Iterator[Judged]:
        """The pairs of an evaluation, as its `per_language` evaluator shows them."""
        return judged_pairs(passes, self._labels)

    def not_counting(self) -> AbstractContextManager[None]:
        """A context whose passes do not count for the metrics, as those over support sets."""
        return self._counting.paused()

    def get_metrics(self, reset: bool = False) -> dict[str, float]:
        """`accuracy` over all pairs; with `reset` also `accuracy/<language>` and `accuracy/mean` (of languages)."""
        return self._accuracy.get_metric(reset)

    def check_earlier_stage(self, model_params: Mapping[str, Any]) -> None:
        # The same weights load, and mean something else.
        for key, theirs, ours in [
            ("labels", checked(model_params.get("labels")), self._labels),
            ("pooling", model_params.get("pooling", "cls"), self._pooling),
        ]:
            if theirs != ours:
                raise ConfigurationError(
                    f"pretrained_file: {self._pretrained_file} was trained with {key} {theirs!r}, and this model has "
                    f"{ours!r}. Give both stages the same `{key}`."
                )
