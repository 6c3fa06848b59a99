"""
How a run's folder is opened, and opened again by `--recover`, where AllenNLP is stopped by what a kill has left.

Importing the package mends it, because AllenNLP opens the folder before it knows of any trainer.
"""

import functools
import json
import logging
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from allennlp.common import Params
from allennlp.models.archival import CONFIG_NAME
from allennlp.training import util as training_util

from xlamaml_allennlp.files.whole_file import write_text_whole
from xlamaml_allennlp.resuming.extension import permit_more_epochs
from xlamaml_allennlp.resuming.folder_lock import hold, release
from xlamaml_allennlp.resuming.leftovers import remove_half_written

logger = logging.getLogger(__name__)


def write_texts_whole() -> None:
    """Lets config.json be there in one piece, whenever the process is killed."""

    @functools.wraps(Params.to_file)
    def to_file(params: Params, params_file: str, preference_orders: Any = None) -> None:
        write_text_whole(json.dumps(params.as_ordered_dict(preference_orders), indent=4), params_file)

    Params.to_file = to_file  # type: ignore


def open_recoverably() -> None:
    """
    Lets `--recover` go on from a folder that a kill has left, and with more epochs, where that can be exact.

    Nobody else may train in a folder that is opened.
    """
    create: Callable[..., None] = training_util.create_serialization_dir

    @functools.wraps(create)
    def opened(params: Params, serialization_dir: Any, recover: bool, force: bool) -> None:
        folder = Path(serialization_dir)
        nodes = (params.get("distributed") or {}).get("num_nodes", 1)
        try:
            if folder.is_dir():  # before anything of it is changed or, by `--force`, removed
                hold(folder, nodes)
                if recover and not force:
                    _mend(params, folder)
            create(params, serialization_dir, recover, force)
            hold(folder, nodes)  # that is made, or made anew
        except BaseException:
            release(folder)
            raise

    training_util.create_serialization_dir = opened


def _mend(params: Params, folder: Path) -> None:
    remove_half_written(str(folder))
    _mend_config(params, folder)
    permit_more_epochs(params, folder)
    _mend_vocabulary(params, folder)


def _mend_config(params: Params, folder: Path) -> None:
    path = folder / CONFIG_NAME
    if not path.exists():
        if not os.listdir(folder):  # killed before the first file; otherwise it may be another folder than was meant
            params.to_file(str(path))
        return
    try:
        json.loads(path.read_bytes())
    except ValueError as error:
        logger.warning(
            "%s is damaged (%s), as a kill could leave it. It is written anew from this configuration, which cannot be "
            "compared with the one that the run was begun with.",
            path,
            error,
        )
        params.to_file(str(path))


def _mend_vocabulary(params: Params, folder: Path) -> None:
    # With several workers AllenNLP reads what it finds, and it finds nothing, or half, where nothing was trained yet.
    if "distributed" in params and not any(folder.glob("model_state_*.th")):
        shutil.rmtree(folder / "vocabulary", ignore_errors=True)
        training_util.make_vocab_from_params(params.duplicate(), str(folder))
