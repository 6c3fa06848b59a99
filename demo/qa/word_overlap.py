"""What a question's words alone give away: answers found without any encoder, to compare with."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from demo.qa.paragraphs import Paragraph

SENTENCE = re.compile(r"[^.!?;。？！；؟।]+")


def answer(text: str, question: str, language: str) -> str:
    """
    The longest run of words that the question does not say, in the sentence that says most of the question's words; of
    equals the first. In Chinese a word is a character.
    """
    asked = set(_words(question, language))
    sentences = [_words(sentence, language) for sentence in SENTENCE.findall(text)]
    best = max(sentences, key=lambda sentence: len(asked & set(sentence)))
    runs: list[list[str]] = [[]]
    for word in best:
        if word in asked:
            runs.append([])
        else:
            runs[-1].append(word)
    longest = max(runs, key=len)
    return ("" if language == "zh" else " ").join(longest)


def metrics(questions: Mapping[str, Sequence[Paragraph]]) -> dict[str, float]:
    """Exact match and F1 of these answers, 0 to 100, by language and as the mean of the languages."""
    # Imported when needed: with it come torch and AllenNLP.
    from xlamaml_allennlp.qa.metric import exact_match, f1

    found: dict[str, float] = {}
    for key, score in (("em", exact_match), ("f1", f1)):
        for language, paragraphs in questions.items():
            scores = [
                score(answer(paragraph.text, asked.question, language), [asked.answer], language, "any_language")
                for paragraph in paragraphs
                for asked in paragraph.questions
            ]
            found[f"{key}/{language}"] = sum(scores) / len(scores)
        found[f"{key}/mean"] = sum(found[f"{key}/{language}"] for language in questions) / len(questions)
    return found


def _words(text: str, language: str) -> list[str]:
    # Not \w: it parts Devanagari's letters from their vowel signs.
    spaced = "".join(" " if unicodedata.category(character).startswith("P") else character for character in text)
    words = spaced.lower().split()
    return [character for word in words for character in word] if language == "zh" else words
