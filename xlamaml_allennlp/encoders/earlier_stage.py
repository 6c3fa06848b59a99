"""What a run that starts from an earlier stage's archive needs first: the archive, or the command that makes it."""

import json
import os
import shlex
from pathlib import Path
from typing import Optional

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.encoders.archive import is_archive
from xlamaml_allennlp.encoders.checkpoint import Checkpoint


def check_start(pretrained_file: str, task: Optional[str] = None, base_config: Optional[str] = None) -> None:
    """
    Raises a `ConfigurationError` if there is nothing to start from.

    # Parameters

    pretrained_file : `str`
        An archive, or a transformers model's folder or hub name.
    task : `Optional[str]`, optional (default = `None`)
        What such a model has to be for; without, only archives will do.
    base_config : `Optional[str]`, optional (default = `None`)
        The config that makes the archive: a missing one is reported with the commands.
    """
    if "://" in pretrained_file or os.path.isfile(pretrained_file):
        return
    if task is not None and is_checkpoint(pretrained_file):
        Checkpoint.at(pretrained_file, task)
        return
    if os.path.isdir(pretrained_file):
        raise ConfigurationError(f'pretrained_file: "{pretrained_file}" is a folder. Give the model.tar.gz in it.')
    folder = Path(pretrained_file).parent
    recover = (folder / "config.json").exists()
    unfinished = " (its folder is: that training has not finished)" if recover else ""
    raise ConfigurationError(
        f'pretrained_file: "{pretrained_file}" is not there{unfinished}. It is the archive of an earlier stage. Make '
        f"it with\n\n{_commands(folder, base_config, recover)}\n\nand start this run again with --recover, for its own "
        "folder is there by now; or give the path of another archive."
    )


def is_checkpoint(pretrained_file: str) -> bool:
    """Whether it is a name at the hub or a folder of transformers; a run's folder has a config.json too."""
    if "://" in pretrained_file or os.path.isfile(pretrained_file):
        return False
    if not os.path.isdir(pretrained_file):
        return not is_archive(pretrained_file) and pretrained_file.count("/") <= 1
    try:
        config = json.loads((Path(pretrained_file) / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(config, dict) and "model_type" in config


def _commands(folder: Path, base_config: Optional[str], recover: bool) -> str:
    file = f"{folder.name}.jsonnet"
    target = f"--include-package xlamaml_allennlp -s {shlex.quote(str(folder))}"
    if recover:
        return f"  allennlp train {shlex.quote(str(folder / 'config.json'))} {target} --recover"
    if base_config is None:
        return f"  allennlp train CONFIG {target}"
    return f"  echo {shlex.quote(base_config)} > {shlex.quote(file)}\n  allennlp train {shlex.quote(file)} {target}"
