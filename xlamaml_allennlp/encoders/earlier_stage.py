"""What a run that starts from an earlier stage's archive needs first: the archive, or the command that makes it."""

import inspect
import json
import os
import shlex
from pathlib import Path
from typing import Any, Optional

from allennlp.commands.train import TrainModel
from allennlp.common import Lazy
from allennlp.common.checks import ConfigurationError
from allennlp.models import Model

from xlamaml_allennlp.encoders.archive import is_archive
from xlamaml_allennlp.encoders.checkpoint import Checkpoint


@TrainModel.register("next_stage", constructor="from_partial_objects")
class NextStage(TrainModel):
    """
    AllenNLP's training of a model with a `pretrained_file`, which is looked for before any data are read.

    AllenNLP reads all data before it builds the model, so that a missing archive would be noticed minutes later.

    Registered as a `TrainModel` with name "next_stage".

    # Parameters

    base_config : `Optional[str]`, optional (default = `None`)
        The config that makes `model.pretrained_file`, as Jsonnet: where the file is missing, the error says how to
        train it.
    stock : `Any`
        Every key of AllenNLP's own training.

    # Raises

    `ConfigurationError`
        If `model.pretrained_file` is not there, with the commands that make it.
    """

    @classmethod
    def from_partial_objects(  # type: ignore[override]
        cls, *, model: Lazy[Model], base_config: Optional[str] = None, **stock: Any
    ) -> "TrainModel":
        # A `Lazy` built from a config holds what the config says of it; nothing else knows before the data are read.
        pretrained_file = model._params.get("pretrained_file")
        if pretrained_file is not None:
            task = getattr(Model.by_name(model._params.get("type")), "task", None)
            check_start(pretrained_file, task, base_config)
        return super().from_partial_objects(model=model, **stock)


def _close(ours: Any, stock: Any) -> None:
    """Shows AllenNLP the stock keys and ours, and no catch-all: a misspelt key is an error."""
    parameters = list(inspect.signature(stock.__func__).parameters.values())
    own = inspect.signature(ours.__func__).parameters["base_config"]
    ours.__func__.__signature__ = inspect.Signature([*parameters, own])


_close(vars(NextStage)["from_partial_objects"], vars(TrainModel)["from_partial_objects"])


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
