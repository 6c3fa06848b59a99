"""What became of the questions of a file, counted and listed for the log."""

import logging
import unicodedata
from collections import Counter, defaultdict

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.qa.question import Question

logger = logging.getLogger(__name__)


class Tally:
    """
    Counts and lists what becomes of a file's questions, so that nothing is dropped in silence.

    # Parameters

    on_bad_question : `str`
        What a question that cannot be used is: `"error"`, or `"skip"` for a line in the log.
    """

    def __init__(self, on_bad_question: str) -> None:
        self._on_bad_question = on_bad_question
        self._bad: list[str] = []
        self._questions: Counter[str] = Counter()
        self._cut = 0
        self._windows = 0
        self._left_out = 0
        self._windowless: list[str] = []
        self._answers: Counter[str] = Counter()
        # Ids by language: of answers whose tokens say more than them, and of those whose tokens do not say them.
        self._wider: dict[str, list[str]] = defaultdict(list)
        self._lost: dict[str, list[str]] = defaultdict(list)

    def bad(self, where: str, problem: str) -> None:
        """
        Takes note of a question that cannot be used.

        # Raises

        `ConfigurationError`
            Unless `on_bad_question` is "skip".
        """
        if self._on_bad_question == "error":
            raise ConfigurationError(
                f'{where}: {problem}. Mend the file, or leave such questions out with on_bad_question: "skip".'
            )
        self._bad.append(f"{where}: {problem}")

    def windows(self, question: Question, kept: int, left_out: int, cut: bool) -> None:
        """Counts a question with its windows, those kept and those left out, and whether it was cut."""
        self._questions[question.language] += 1
        self._cut += cut
        self._windows += kept
        self._left_out += left_out
        if not kept:
            self._windowless.append(question.id)

    def answer(self, question: Question, gold: str, text: str) -> None:
        """Compares a gold answer with what its tokens give back."""
        self._answers[question.language] += 1
        if text == gold.strip():
            return
        lost = _visible(gold) not in _visible(text)
        (self._lost if lost else self._wider)[question.language].append(question.id)

    def log(self, path: str, max_question_length: int) -> None:
        """Writes all of it to the log."""
        languages = ", ".join(f"{count} in {language}" for language, count in sorted(self._questions.items()))
        logger.info(
            "%s: %d questions (%s), %d windows, %d more left out because the answer is not in them, %d questions cut "
            "at %d tokens.",
            *(path, self._questions.total(), languages or "none", self._windows, self._left_out, self._cut),
            max_question_length,
        )
        for language, count in sorted(self._answers.items()):
            self._log_answers(path, language, count)
        if self._windowless:
            logger.warning(
                "%s: %d questions left out because no window holds their answer: %s",
                *(path, len(self._windowless), " ".join(self._windowless)),
            )
        if self._bad:
            logger.warning(
                "%s: %d bad questions left out (on_bad_question):\n%s", path, len(self._bad), "\n".join(self._bad)
            )

    def _log_answers(self, path: str, language: str, count: int) -> None:
        wider, lost = self._wider[language], self._lost[language]
        if wider:
            logger.info(
                "%s: %d of %d answers in %s (%.2f %%) begin or end within a token, so their tokens say more: %s",
                *(path, len(wider), count, language, 100 * len(wider) / count, " ".join(wider)),
            )
        if lost:
            logger.warning(
                "%s: %d of %d answers in %s (%.2f %%) are not what their tokens say: %s",
                *(path, len(lost), count, language, 100 * len(lost) / count, " ".join(lost)),
            )


def _visible(text: str) -> str:
    # Tokenizers drop control and format characters (Cc, Cf), such as the zero-width spaces in MLQA's Spanish.
    return "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf")).strip()
