"""
Keeps quiet what other packages print about themselves on every run, each at its source and nothing else.

A filter here names the message and the module it comes from, so that no warning of this package or of a user's code
is lost. The tests do not use these filters: pyproject.toml has its own list there, and everything else is an error.
"""

import warnings


def warnings_of_other_packages() -> None:
    """Installs the filters. They act from the package's import on, so AllenNLP's own imports come before them."""
    # Once per training step, because every catch_warnings in torch makes Python forget that it has shown it.
    warnings.filterwarnings("ignore", r"`torch\.cuda\.amp\.", FutureWarning, r"allennlp\.training\.")
    # requirements.txt pins a setuptools that says this to developers only; another environment may hold a newer one.
    warnings.filterwarnings("ignore", r"pkg_resources is deprecated as an API", UserWarning, r"rouge\.")
