"""What the reference takes from a docstring in AllenNLP's form."""

import inspect

from docs.site.docstrings import default_in_words, parameters, section

DOCSTRING = """
    Draws episodes.

    It does so twice.

    # Parameters

    size : `int`
        Examples, at least 1.
        Or more.
    seed : `int`, optional (default = `0`)
        A seed.
    epochs : `int`, optional (default = until it is done)
        How long.

    # Raises

    `ConfigurationError`
        If it is none.
    """


def test_what_stands_above_all_titles_is_what_the_thing_is():
    assert section(DOCSTRING, "") == "Draws episodes.\n\nIt does so twice.\n"


def test_each_parameter_has_its_text_without_indentation_and_nothing_of_other_sections():
    assert parameters(DOCSTRING) == {
        "size": "Examples, at least 1.\nOr more.",
        "seed": "A seed.",
        "epochs": "How long.",
    }


def test_a_default_that_is_no_value_is_said_in_its_words():
    assert default_in_words(inspect.cleandoc(DOCSTRING), "epochs") == "until it is done"
    assert default_in_words(inspect.cleandoc(DOCSTRING), "seed") == ""
