"""Some test questions with the answers that a model gives, for reading."""

from collections.abc import Iterator, Mapping, Sequence

from demo.qa.paragraphs import Paragraph
from demo.table import NAMES

# Every eighth paragraph, and of it the first question, whatever a model makes of them: the same in each language.
EVERY = 8

Line = dict[str, str]
"""A question as a line of input to `allennlp predict`, and its gold answer, which `predict` ignores."""


def lines(questions: Mapping[str, Sequence[Paragraph]]) -> list[Line]:
    """The questions to be shown."""
    return [
        {
            "id": f"test-{number}-1",
            "language": language,
            "context": text,
            "question": asked.question,
            "gold": asked.answer,
        }
        for language, paragraphs in questions.items()
        for number, (text, (asked, *_)) in enumerate(paragraphs, start=1)
        if number % EVERY == 1
    ]


def lay_out(asked: Sequence[Line], predicted: Sequence[Mapping]) -> str:
    """
    Questions and answers in text. A text in a foreign script has a line's end to itself, whichever way it is written.

    # Parameters

    asked : `Sequence[Line]`
        The questions, by language.
    predicted : `Sequence[Mapping]`
        What `allennlp predict` wrote for each.
    """
    # Imported when needed: with it come torch and AllenNLP.
    from xlamaml_allennlp.qa.metric import exact_match

    shown: list[str] = []
    language = ""
    for line, output in zip(asked, predicted, strict=True):
        if line["language"] != language:
            language = line["language"]
            shown.append(f"{language}  {NAMES[language]}")
        right = exact_match(output["answer"], [line["gold"]], language, "any_language")
        shown += _block(line, output, "right" if right else "wrong")
    return "\n".join(shown).rstrip()


def _block(line: Line, output: Mapping, verdict: str) -> Iterator[str]:
    yield f"    question  {line['question']}"
    yield f"    answer    {output['answer']}"
    yield f"    gold      {line['gold']}"
    yield f"    {verdict}, score {output['score']:.1f}\n"
