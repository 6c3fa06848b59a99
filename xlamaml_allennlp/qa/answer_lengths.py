"""How many tokens gold answers have, counted for the log: a model gives none that are longer than its limit."""

import logging
from collections import Counter, defaultdict
from typing import Optional

from xlamaml_allennlp.qa.answer_span import MAX_ANSWER_LENGTH
from xlamaml_allennlp.qa.question import Question
from xlamaml_allennlp.qa.tally import Tally

logger = logging.getLogger(__name__)


class LengthTally(Tally):
    """
    A tally that counts the tokens of gold answers too.

    # Parameters

    on_bad_question : `str`
        As of `Tally`.
    """

    def __init__(self, on_bad_question: str) -> None:
        super().__init__(on_bad_question)
        # By language of the context: how many answers have so many tokens.
        self._lengths: defaultdict[str, Counter[int]] = defaultdict(Counter)

    def gold(self, question: Question, gold: str, span: Optional[tuple[int, int]], text: str) -> None:
        """Counts a gold answer's tokens, `span` (`None`: there are none), and compares it with what they give back."""
        self.answer(question, gold, text)
        self._lengths[question.language][0 if span is None else span[1] - span[0] + 1] += 1

    def log(self, path: str, max_question_length: int) -> None:
        super().log(path, max_question_length)
        for language, lengths in sorted(self._lengths.items()):
            long = sum(count for length, count in lengths.items() if length > MAX_ANSWER_LENGTH)
            if long:
                logger.warning(
                    "%s: %d of %d answers in %s (%.2f %%) have more than %d tokens, which a model does not give unless "
                    "its max_answer_length says so; the longest has %d.",
                    *(path, long, lengths.total(), language, 100 * long / lengths.total()),
                    *(MAX_ANSWER_LENGTH, max(lengths)),
                )
