"""Regular expressions that choose parameters by their names."""

import re
from collections.abc import Mapping

from allennlp.common.checks import ConfigurationError
from torch.nn import Module, Parameter


def compiled(key: str, expressions: list[str]) -> "list[re.Pattern[str]]":
    """
    The expressions, ready to be searched for.

    # Parameters

    key : `str`
        Where they stand in a config.
    expressions : `list[str]`
        At least one.

    # Raises

    `ConfigurationError`
        If one is no regular expression.
    """
    patterns = []
    for expression in expressions:
        try:
            patterns.append(re.compile(expression))
        except re.error as error:
            raise ConfigurationError(f'{key}: "{expression}" is not a regular expression: {error}.') from error
    return patterns


def matching(
    key: str, patterns: "list[re.Pattern[str]]", module: Module, among: Mapping[str, Parameter], what: str
) -> dict[str, set[str]]:
    """
    By expression, the names of the parameters in one of whose names it is found.

    # Parameters

    key : `str`
        Where the expressions stand in a config.
    patterns : `list[re.Pattern]`
        The expressions.
    module : `Module`
        Who has the parameters.
    among : `Mapping[str, Parameter]`
        Those that may be chosen, by name.
    what : `str`
        What they are, for the error: "trainable".

    # Raises

    `ConfigurationError`
        If an expression is found in none.
    """
    aliases = _names_by_parameter(module)
    matches = {
        pattern.pattern: {name for name, each in among.items() if any(map(pattern.search, aliases[id(each)]))}
        for pattern in patterns
    }
    for expression, names in matches.items():
        if not names:
            raise ConfigurationError(_matches_nothing(key, expression, list(among), what))
    return matches


def _names_by_parameter(module: Module) -> dict[int, list[str]]:
    """Every name of every parameter: a shared one has several, of which `named_parameters` shows only the first."""
    names: dict[int, list[str]] = {}
    for name, parameter in module.named_parameters(remove_duplicate=False):
        names.setdefault(id(parameter), []).append(name)
    return names


def _matches_nothing(key: str, expression: str, names: list[str], what: str) -> str:
    shown = ", ".join(names[:3] + (["..."] if len(names) > 4 else []) + names[3:][-1:])
    return (
        f'{key}: "{expression}" matches none of the {len(names)} {what} parameters '
        f"({shown}). Expressions are searched for in these names, as in `no_grad`."
    )
