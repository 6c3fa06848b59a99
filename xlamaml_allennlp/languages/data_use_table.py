"""What was seen of an evaluation's examples, as a person reads it beside the scores."""

from collections.abc import Mapping

from xlamaml_allennlp.languages.data_use import UNKNOWN, Count, Seen
from xlamaml_allennlp.languages.scores import ALL

COLUMNS = ("zero-shot", "seen", "translations seen")


def seen_cells(name: str, seen: Mapping[str, Seen]) -> list[str]:
    """The cells of a row: of a language, or of all examples; a mean of languages has none."""
    if name == ALL:
        counts = [
            sum((of_language.examples for of_language in seen.values()), Count()),
            sum((of_language.translations for of_language in seen.values()), Count()),
        ]
        return ["", *(_shown(count) for count in counts)]
    if name not in seen:
        return [""] * len(COLUMNS)
    of_language = seen[name]
    zero_shot = {True: "yes", False: "no", None: UNKNOWN}[of_language.zero_shot]
    return [zero_shot, _shown(of_language.examples), _shown(of_language.translations)]


def seen_notes(seen: Mapping[str, Seen]) -> list[str]:
    """A warning of what was seen in each language; and of which languages it cannot be known."""
    found = [
        f"Warning: of {language}, {of_language.examples.known:,} of these examples and translations of "
        f"{of_language.translations.known:,} others were seen in training or model selection."
        for language, of_language in sorted(seen.items())
        if of_language.examples.known or of_language.translations.known
    ]
    unknown = sorted(language for language, one in seen.items() if one.examples.unknown or one.translations.unknown)
    if unknown:
        found.append(
            f'Not all is known of {", ".join(unknown)} ("{UNKNOWN}", or a number and "+"): the archive, or one that it '
            "started from, does not say what it read, or nothing tells which of it are translations of these examples."
        )
    return found


def _shown(count: Count) -> str:
    told = count.told
    return told if isinstance(told, str) else f"{told:,}" + ("+" if count.unknown else "")
