"""The `mlqa` reader: questions and contexts to windows of tokens."""

from collections.abc import Iterator, Sequence
from typing import Any, Optional

import torch
from allennlp.common.checks import ConfigurationError
from allennlp.data import DatasetReader, Instance

from xlamaml_allennlp.encoders.parallel import batches_of, tokenized_in_order
from xlamaml_allennlp.encoders.tokenizer import load_tokenizer, tokenizer_content
from xlamaml_allennlp.files.bounded import bytes_in
from xlamaml_allennlp.languages.cache import Form
from xlamaml_allennlp.languages.reading import ExamplesReader, Share
from xlamaml_allennlp.languages.sources import list_sources
from xlamaml_allennlp.languages.tag import Tag, tag_of
from xlamaml_allennlp.qa.answer_lengths import LengthTally
from xlamaml_allennlp.qa.answer_span import token_span
from xlamaml_allennlp.qa.columns import WindowColumns, window_instance
from xlamaml_allennlp.qa.formats import read_questions
from xlamaml_allennlp.qa.question import Gold, Question, Report, refuse
from xlamaml_allennlp.qa.selection import Asked, select_usable
from xlamaml_allennlp.qa.windows import TokenizedBatch, Windows

# Questions that are tokenized at once.
BATCH = 256
CHOICES = {"windows": ("all", "answer"), "on_bad_question": ("error", "skip"), "question_ids": ("file", "position")}
Made = Iterator[tuple[Question, Instance]]  # questions with each of their windows


@DatasetReader.register("mlqa")
class MlqaReader(ExamplesReader):
    """
    Reads questions about contexts in SQuAD's format (MLQA, SQuAD v1.1, XQuAD, TyDi QA GoldP), and tells in which
    language the context is, and in which the question.

    A context too long for the encoder becomes several overlapping windows, an instance each; together they are one
    question, by `id`. A path, or a mapping {language: path}, in which the language is that of the contexts.

    An instance has the fields `tokens`; `context_span`, the first token of the window's part of the context and the
    one after its last; `answer_span`, the first and last token (inclusive) of the first gold answer, or twice 0
    ([CLS]) where the window does not hold all of it, absent if the question is unlabelled; and `metadata`: language,
    question_language, id, group (the paragraph), window (its index), question, context, answers (all gold texts) and
    offsets, the characters of the context behind each token of its part. Shape: (num_context_tokens, 2)

    Registered as a `DatasetReader` with name "mlqa".

    # Parameters

    model_name : `str`
        The encoder whose tokenizer to use: a hub name, a transformers folder, or a model.tar.gz.
    max_length : `int`, optional (default = `384`)
        The most tokens of a window, special tokens and question included.
    stride : `int`, optional (default = `128`)
        The tokens of the context that consecutive windows share.
    max_question_length : `int`, optional (default = `64`)
        The tokens at which a question is cut.
    windows : `str`, optional (default = `"all"`)
        `"all"` for evaluation and prediction, and for training in which windows without the answer point at [CLS].
        `"answer"` for training on windows with the answer only, as in the paper.
    on_bad_question : `str`, optional (default = `"error"`)
        What a question that cannot be used is (an answer that is not where the file says, an id twice, no answer
        where one is needed, an empty context): `"error"`, or `"skip"` to leave it out and list it in the log.
    question_ids : `str`, optional (default = `"file"`)
        `"file"` for the ids in the file; `"position"` for the question's number in its file, from 0, where those ids
        repeat or mean nothing.
    max_file_megabytes : `int`, optional (default = `250`)
        The most megabytes of a file, unpacked. It is read whole, and takes several times as much memory.
    cache : `Optional[str]`, optional (default = `None`)
        A folder in which windows are kept, to be taken from there when the same is read again. `None`: nothing is.
    num_proc : `int`, optional (default = `1`)
        How many processes tokenize what is to be kept, at least 1.
    max_instances : `Optional[int]`, optional (default = `None`)
        The most windows to read.
    serialization_dir : `Optional[str]`, optional (default = `None`)
        Where the run keeps the tokenizer for its archive; AllenNLP gives it.

    # Raises

    `ConfigurationError`
        If the lengths leave no room for the context, a setting has an unknown value, the tokenizer cannot be loaded,
        or a file is not what it should be.
    """

    def __init__(
        self,
        model_name: str,
        max_length: int = 384,
        stride: int = 128,
        max_question_length: int = 64,
        windows: str = "all",
        on_bad_question: str = "error",
        question_ids: str = "file",
        max_file_megabytes: int = 250,
        cache: Optional[str] = None,
        num_proc: int = 1,
        max_instances: Optional[int] = None,
        serialization_dir: Optional[str] = None,
    ) -> None:
        super().__init__(max_instances, serialization_dir, cache, num_proc)
        for key, value in (("windows", windows), ("on_bad_question", on_bad_question), ("question_ids", question_ids)):
            if value not in CHOICES[key]:
                raise ConfigurationError(f'{key}: "{value}" is none of {", ".join(CHOICES[key])}.')
        self._tokenizer = load_tokenizer(model_name, serialization_dir)
        self._windows = Windows(self._tokenizer, max_length, stride, max_question_length)
        self._settings = ["questions", max_length, stride, max_question_length, windows, on_bad_question, question_ids]
        self._max_question_length = max_question_length
        self.only_answers, self._numbered = windows == "answer", question_ids == "position"
        self._on_bad_question, self._limit = on_bad_question, bytes_in(max_file_megabytes)

    def form(self) -> Form:
        """How windows are kept, and what they depend on."""
        settings, columns = [*self._settings, self._limit], WindowColumns(self._tokenizer.pad_token_id)
        return Form(columns, [*settings, tokenizer_content(self._tokenizer)], self._limit)

    def tagged(self, data_path: Any, share: Share) -> Iterator[tuple[Tag, Instance]]:
        """The windows of all questions with their tags."""
        asked = Asked()
        for source in list_sources(data_path):
            tally = LengthTally(self._on_bad_question)
            read = read_questions(source, tally.bad, self._numbered, self._limit)
            usable = select_usable(read, tally.bad, self.only_answers, asked)
            # Workers share out questions before tokenizing them; a question's windows stay together.
            own = (question for _, question in share((source.path, question) for question in usable))
            try:
                for batch, tokens in tokenized_in_order(self._windows.of_batch, batches_of(own, BATCH), self.processes):
                    for question, window in self._instances(batch, tokens, tally, tally.bad):
                        yield tag_of(window, source.path, question.number), window
            finally:  # also if whoever reads has enough after some windows
                tally.log(source.path, self._max_question_length)

    def text_to_instances(
        self,
        question: str,
        context: str,
        language: str = "und",
        question_language: Optional[str] = None,
        id: str = "",
        answers: Sequence[Gold] = (),
    ) -> list[Instance]:
        """
        The windows of one question.

        # Parameters

        question : `str`
            The question.
        context : `str`
            The text that holds the answer.
        language : `str`, optional (default = `"und"`)
            The language of the context ("und": undetermined).
        question_language : `Optional[str]`, optional (default = `language`)
            The language of the question.
        id : `str`, optional (default = `""`)
            The question's id.
        answers : `Sequence[Gold]`, optional (default = `()`)
            The gold answers, if known.

        # Raises

        `ConfigurationError`
            If the question or the context is empty, or an answer is not where it says.
        """
        where = f'question "{id}" ({question:.40}) about "{context:.40}"'
        asked = Question(id, question, context, tuple(answers), language, question_language or language, where)
        if problem := asked.problem():
            refuse(where, problem)
        tokens = self._windows.of_batch([asked])
        return [window for _, window in self._instances([asked], tokens, LengthTally("error"), refuse)]

    def text_to_instance(self, *args: Any, **kwargs: Any) -> Instance:
        """The only window of a question, with the parameters of `text_to_instances`."""
        instances = self.text_to_instances(*args, **kwargs)
        if len(instances) > 1:
            found = f"The context fills {len(instances)} windows, not one"
            raise ConfigurationError(f"{found}. Use text_to_instances, or raise max_length.")
        return instances[0]

    def _instances(self, batch: Sequence[Question], tokens: TokenizedBatch, tally: LengthTally, report: Report) -> Made:
        contexts, questions = tokens
        for question, asked in zip(batch, questions, strict=True):
            context = contexts[question.context]
            if problem := self._windows.problem(question.text, asked, question.context, context):
                report(question.where, problem)
                continue
            gold = question.answers[0] if question.answers else None
            span = token_span(context.offsets, gold.start, gold.end) if gold else None
            windows = list(self._windows.cut(asked, context))
            kept = [(i, w) for i, w in enumerate(windows) if w.holds(span) or not (gold and self.only_answers)]
            tally.windows(question, len(kept), len(windows) - len(kept), cut=self._windows.is_cut(asked))
            if gold:
                tally.gold(question, gold.text, span, context.said(span, question.context))
            shared = question.tags()
            for index, window in kept:
                offsets = context.offsets[window.start : window.start + window.length]
                answer = [window.holds(span) or (0, 0)] if question.answers else []
                spans = [torch.tensor(each) for each in ((window.first, window.first + window.length), *answer)]
                yield question, window_instance(window.tokens, spans, {**shared, "window": index, "offsets": offsets})
