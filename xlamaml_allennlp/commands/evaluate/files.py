"""The files that `allennlp evaluate` reads and writes, checked before minutes go into reading and judging."""

import json
import logging
from collections import Counter
from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import Any, Optional, Union

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.files.identity import identity, is_read

logger = logging.getLogger(__name__)

# What `--auto-names` names by itself, by the option that it replaces, and the ending that it gives.
AUTOMATIC = {"--output-file": ("METRICS", ".outputs"), "--predictions-output-file": ("PREDS", ".preds")}


def check_files(
    input_file: str,
    metrics_output_file: Optional[Union[str, PathLike]] = None,
    predictions_output_file: Optional[Union[str, PathLike]] = None,
    auto_names: str = "NONE",
    archive_file: Optional[Union[str, PathLike]] = None,
    weights_file: Optional[Union[str, PathLike]] = None,
) -> None:
    """
    Refuses what would end in a bare error after the archive is loaded, or in files that are overwritten.

    # Parameters

    input_file : `str`
        What to evaluate on: a path, several with commas between them, or one or several JSON objects.
    metrics_output_file, predictions_output_file : `Optional[str]`
        Where to write, with commas between the files, if anywhere.
    auto_names : `str`, optional (default = `"NONE"`)
        Which of the two AllenNLP names by itself: "NONE", "METRICS", "PREDS" or "ALL".
    archive_file, weights_file : `Optional[str]`
        What to evaluate.

    # Raises

    `ConfigurationError`
        If the numbers of files differ, two files to write are the same, one is read or lies in no folder, or two files
        to evaluate have one name, which is what AllenNLP calls their results.
    """
    inputs = _inputs(input_file)
    _check_names([path for path in inputs if isinstance(path, str)])
    given = (("--output-file", metrics_output_file), ("--predictions-output-file", predictions_output_file))
    written = [path for option, files in given for path in _outputs(option, files, inputs, auto_names)]
    read = [*inputs, *filter(None, (archive_file, weights_file))]
    for path in written:
        if not path.parent.is_dir():
            raise ConfigurationError(f"{path} cannot be written, for there is no folder {path.parent}.")
        if path.is_dir():
            raise ConfigurationError(f"{path} cannot be written, for it is a folder. Name a file in it.")
        if is_read(str(path), read):
            raise ConfigurationError(f"{path} is to be written, and read as well. Give another file.")
    # A device, such as /dev/null, takes anything.
    identities = Counter(found for path in written if (found := identity(str(path))) is not None)
    if twice := [path for path in written if identities[identity(str(path))] > 1]:
        raise ConfigurationError(
            f"{twice[0]} is to be written {len(twice)} times in one evaluation. Give different files."
        )


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
    if given is None:
        if automatic:
            logger.warning("--auto-names %s: without %s (any word) AllenNLP writes no such file.", auto_names, option)
        return []
    if automatic:
        if not all(isinstance(path, str) for path in inputs):
            raise ConfigurationError(
                f"--auto-names {auto_names} names files by those they are about, and JSON has no name. Give {option}."
            )
        return [Path(path).parent / f"{Path(path).stem}{ending}" for path in inputs]
    files = str(given).split(",")
    if len(files) != len(inputs):
        raise ConfigurationError(
            f"{option}: {len(files)} to write, {len(inputs)} to evaluate on. Give one for each, with commas "
            "between them, or evaluate on one mapping of languages to files."
        )
    return [Path(file) for file in files]
