"""The files that `allennlp evaluate` reads and writes, checked before minutes go into reading and judging."""

import json
from collections import Counter
from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import Any, Optional, Union

from allennlp.common.checks import ConfigurationError

# What `--auto-names` names by itself, by the option that it replaces, and the ending that it gives.
AUTOMATIC = {"--output-file": ("METRICS", ".outputs"), "--predictions-output-file": ("PREDS", ".preds")}


def check_files(
    input_file: str,
    metrics_output_file: Optional[Union[str, PathLike]] = None,
    predictions_output_file: Optional[Union[str, PathLike]] = None,
    auto_names: str = "NONE",
) -> None:
    """
    Refuses what would end in a bare error after the archive is loaded, or in results that overwrite each other.

    # Parameters

    input_file : `str`
        What to evaluate on: a path, several with commas between them, or one or several JSON objects.
    metrics_output_file, predictions_output_file : `Optional[str]`
        Where to write, with commas between the files, if anywhere.
    auto_names : `str`, optional (default = `"NONE"`)
        Which of the two AllenNLP names by itself: "NONE", "METRICS", "PREDS" or "ALL".

    # Raises

    `ConfigurationError`
        If the numbers of files differ, a file that is named would not be written, two are the same or one lies in no
        folder, or two files to evaluate have one name, which is what AllenNLP calls their results.
    """
    inputs = _inputs(input_file)
    _check_names([path for path in inputs if isinstance(path, str)])
    given = (("--output-file", metrics_output_file), ("--predictions-output-file", predictions_output_file))
    written = Counter(path for option, files in given for path in _outputs(option, files, inputs, auto_names))
    for path, count in written.items():
        if count > 1:
            raise ConfigurationError(f"{path} is to be written {count} times in one evaluation. Give different files.")


def _check_names(paths: Sequence[str]) -> None:
    for name, count in Counter(Path(path).stem for path in paths).items():
        if count > 1:
            same = ", ".join(path for path in paths if Path(path).stem == name)
            raise ConfigurationError(
                f"{same}: {count} files to evaluate are called {name}, and so would their results be. "
                'Evaluate each by itself, or all as one result: {"hi": PATH, "sw": PATH}.'
            )


def _inputs(input_file: str) -> list[Any]:
    # As AllenNLP takes it apart.
    try:
        return json.loads(f"[{input_file}]")
    except json.JSONDecodeError:
        return input_file.split(",")


def _outputs(
    option: str, given: Optional[Union[str, PathLike]], inputs: Sequence[Any], auto_names: str
) -> Sequence[Path]:
    chosen, ending = AUTOMATIC[option]
    automatic = auto_names in (chosen, "ALL")
    if given is None and automatic:
        raise ConfigurationError(
            f"--auto-names {auto_names}: without {option} AllenNLP writes nothing under these names. Add {option} auto "
            "(or any word)."
        )
    if given is None:
        return []
    if automatic:
        if not all(isinstance(path, str) for path in inputs):
            raise ConfigurationError(
                f"--auto-names {auto_names} names files by those they are about, and JSON has no name. Give {option}."
            )
        return [Path(path).with_name(Path(path).stem + ending) for path in inputs]
    return _named(option, str(given).split(","), len(inputs))


def _named(option: str, files: Sequence[str], wanted: int) -> Sequence[Path]:
    if len(files) != wanted:
        raise ConfigurationError(
            f"{option}: {len(files)} to write, {wanted} to evaluate on. Give one for each, with commas "
            "between them, or evaluate on one mapping of languages to files."
        )
    for file in map(Path, files):
        if not file.parent.is_dir():
            raise ConfigurationError(f"{option}: {file} cannot be written, for there is no folder {file.parent}.")
    return [Path(file) for file in files]
