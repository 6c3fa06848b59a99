"""The model that answers questions with spans of their contexts."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from typing import Any, Optional

import torch
from allennlp.common.checks import ConfigurationError
from allennlp.data import TextFieldTensors, Vocabulary
from allennlp.models import Model
from transformers import PreTrainedModel

from xlamaml_allennlp.encoders.checkpoint import Checkpoint
from xlamaml_allennlp.encoders.head import new_head
from xlamaml_allennlp.encoders.own_head import QUESTION_ANSWERING, check_linear, final_layer
from xlamaml_allennlp.encoders.pretrained_model import PretrainedModel, at_least_float32
from xlamaml_allennlp.languages.counting import Counting
from xlamaml_allennlp.languages.judged import Judged, Pass
from xlamaml_allennlp.qa.answer_span import Answer, answers_in, n_best_spans
from xlamaml_allennlp.qa.judged import judged_questions
from xlamaml_allennlp.qa.loss import between, span_loss
from xlamaml_allennlp.qa.metric import SpanMetric
from xlamaml_allennlp.qa.readable import readable


@Model.register("cross_lingual_span_qa")
class CrossLingualSpanQa(PretrainedModel):
    """
    Answers questions with the best span of a context: a start vector and an end vector on a multilingual encoder,
    the model of the paper's question-answering experiments (appendix A); exact match and F1 are kept per language. It
    never sees an episode: stock and meta trainers train it alike.

    Registered as a `Model` with name "cross_lingual_span_qa".

    # Parameters

    vocab : `Vocabulary`
        Unused: tokens are the encoder's own. Give `vocabulary: {type: "empty"}`.
    model_name : `str`
        The encoder: a hub name, a transformers folder, or an archive (model.tar.gz).
    objective : `str`, optional (default = `"sum"`)
        "sum" (the paper) or "mean" of the two negative log-likelihoods, that of the start and that of the end. Of
        the windows in a batch it is the mean.
    n_best : `int`, optional (default = `20`)
        How many answers the output holds for each window, at least 1.
    max_answer_length : `int`, optional (default = `30`)
        The most tokens of an answer, at least 1.
    rules : `str`, optional (default = `"mlqa"`)
        How predictions are compared with gold answers: "mlqa" (its seven languages), "squad_v1.1" (English) or
        "any_language", as in `xlamaml_allennlp.qa.rules.normaliser`.
    attention : `str`, optional (default = `"auto"`)
        The encoder's attention kernel: "auto" (fused, except where a second derivative is taken), "eager", "sdpa" or
        "flash_attention_2" (which has no second derivative).
    training_metrics : `bool`, optional (default = `False`)
        Whether passes of training, too, extract answers and count for `em` and `f1`, which nothing learns from.
    pretrained_file : `Optional[str]`, optional (default = `None`)
        What this model starts from, in training only: an earlier stage's archive (model.tar.gz), or a hub name or
        folder of a transformers model for question answering, whose head must be a linear layer too.
    load_weights : `bool`, optional (default = `True`)
        Whether to load the encoder's pretrained weights. Set to false by itself when an archive is loaded.
    serialization_dir : `Optional[str]`, optional (default = `None`)
        The run's folder; AllenNLP passes it.

    # Raises

    `ConfigurationError`
        If a key's value is not among those above, the encoder cannot be loaded, or `pretrained_file` is not there or
        is the archive of another model.
    """

    default_predictor = "cross_lingual_span_qa"
    task = QUESTION_ANSWERING

    def __init__(
        self,
        vocab: Vocabulary,
        model_name: str,
        objective: str = "sum",
        n_best: int = 20,
        max_answer_length: int = 30,
        rules: str = "mlqa",
        attention: str = "auto",
        training_metrics: bool = False,
        pretrained_file: Optional[str] = None,
        load_weights: bool = True,
        serialization_dir: Optional[str] = None,
    ) -> None:
        if objective not in ("sum", "mean"):
            raise ConfigurationError(f'objective: "{objective}" is neither "sum" nor "mean".')
        for key, value in (("n_best", n_best), ("max_answer_length", max_answer_length)):
            if value < 1:
                raise ConfigurationError(f"{key}: {value} is below 1.")
        metric = SpanMetric(rules)  # before an encoder is loaded for nothing
        super().__init__(
            vocab,
            model_name,
            attention=attention,
            pretrained_file=pretrained_file,
            load_weights=load_weights,
            serialization_dir=serialization_dir,
        )
        self._objective = objective
        self._n_best = n_best
        self._max_answer_length = max_answer_length
        self._metric = metric
        self._counting = Counting()
        self._training_metrics = training_metrics
        self._rules = rules
        # Without bias, which would change no probability and no order of answers.
        self.start_and_end = new_head(self.encoder.config, 2, bias=False)
        self.start_from_earlier_stage()

    def forward(
        self,
        tokens: TextFieldTensors,
        context_span: torch.Tensor,
        answer_span: Optional[torch.Tensor] = None,
        metadata: Optional[list[dict[str, Any]]] = None,
    ) -> dict[str, Any]:
        """
        # Parameters

        tokens : `TextFieldTensors`
            What the encoder takes, each of shape (batch_size, sequence_length): `input_ids`, `attention_mask`, and
            `token_type_ids` where it has them.
        context_span : `torch.Tensor`
            The first token of each window's part of the context, and the one after its last. Shape: (batch_size, 2)
        answer_span : `Optional[torch.Tensor]`, optional (default = `None`)
            The gold answer's first and last token (inclusive), twice 0 where the window does not hold it.
            Shape: (batch_size, 2)
        metadata : `Optional[list[dict[str, Any]]]`, optional (default = `None`)
            Of each window what the `mlqa` reader keeps. Without, no answers are extracted and none are counted.

        # Returns

        `dict[str, Any]`
            `start_logits` and `end_logits`, of shape (batch_size, sequence_length), minus infinity outside of the
            context; with metadata and where somebody counts, `answers` too, a list of `Answer` per window, best
            first; `loss` and `batch_size` (for `batch_weight_key`) if there are gold answers.
        """
        # Shape: (batch_size, sequence_length, 2)
        scores = at_least_float32(self.start_and_end(self.encoded(tokens, metadata).last_hidden_state))
        # Shape: (batch_size, sequence_length)
        starts, ends = scores.unbind(dim=-1)
        context = between(context_span, starts.shape[1])
        output: dict[str, Any] = {
            "start_logits": starts.masked_fill(~context, float("-inf")),
            "end_logits": ends.masked_fill(~context, float("-inf")),
        }
        if answer_span is not None:
            loss = span_loss(starts, ends, context, answer_span)
            output["loss"] = loss if self._objective == "sum" else loss / 2
            output["batch_size"] = torch.tensor(len(answer_span))
        if metadata is not None:
            output["metadata"] = metadata
        if metadata is not None and self._counting and (self._training_metrics or not self.training):
            output["answers"] = self._answers(starts, ends, context, metadata)
            if answer_span is not None:
                self._metric([next(iter(answers), None) for answers in output["answers"]], metadata)
        return output

    @torch.no_grad()
    def _answers(
        self, starts: torch.Tensor, ends: torch.Tensor, context: torch.Tensor, metadata: list[dict[str, Any]]
    ) -> list[list[Answer]]:
        # More than asked for: of some, nothing is left without the white space, or the same as of others.
        spans = n_best_spans(starts, ends, context, 2 * self._n_best + 8, self._max_answer_length)
        # Offsets count from the first token of the context.
        shifts = context.int().argmax(dim=1).tolist()
        rows = zip(shifts, metadata, *(part.tolist() for part in spans), strict=True)
        return [answers_in(w["context"], w["offsets"], shift, self._n_best, *spans) for shift, w, *spans in rows]

    def make_output_human_readable(self, output_dict: dict[str, Any]) -> dict[str, Any]:
        """
        Of each window `answer`, the text of its best answer, and `n_best`, its answers as {"text", "start", "end",
        "score"}, best first. Logits go, and context and offsets in metadata; scores that are NaN are an error.
        """
        return readable(output_dict)

    def judged(self, passes: Iterable[Pass]) -> Iterator[Judged]:
        """The questions of an evaluation, as its `per_language` evaluator shows them."""
        return judged_questions(passes, self._rules)

    def not_counting(self) -> AbstractContextManager[None]:
        """A context whose passes count for no metric and extract no answers, as those over support sets."""
        return self._counting.paused()

    def get_metrics(self, reset: bool = False) -> dict[str, float]:
        """
        `em` and `f1` over all questions, 0 to 100; with `reset` also `em/<language>` and `em/mean` (of languages),
        and the same of `f1`. None in training, unless `training_metrics` asks for them.
        """
        return {} if self.training and not self._training_metrics else self._metric.get_metric(reset)

    def check_checkpoint(self, checkpoint: Checkpoint) -> None:
        check_linear(checkpoint.config, QUESTION_ANSWERING, f'pretrained_file: "{checkpoint.name}"')

    def take_head(self, network: PreTrainedModel, checkpoint: Checkpoint) -> None:
        # Of its bias nothing is left in the probabilities of starts, nor in those of ends.
        self.start_and_end.weight.data.copy_(final_layer(network).weight)
