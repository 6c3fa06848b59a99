"""What to say when an encoder's files cannot be loaded, and nothing while they can."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Optional

from allennlp.common.checks import ConfigurationError
from transformers.utils import logging as transformers_logging

from xlamaml_allennlp.encoders.folder import KEPT, kept_folder


def cannot_load(
    what: str, model_name: str, error: Exception, serialization_dir: Optional[str] = None, files: Optional[str] = None
) -> ConfigurationError:
    """
    The error for a tokenizer, configuration or weights that transformers cannot load, with the way out.

    # Parameters

    what : `str`
        "tokenizer", "configuration" or "weights".
    model_name : `str`
        Value of the key `model_name`.
    error : `Exception`
        What transformers raised.
    serialization_dir : `Optional[str]`
        The run's or the archive's folder, if there is one.
    files : `Optional[str]`
        The folder that was read.
    """
    lines = str(error).strip().splitlines() or [type(error).__name__]
    if "trust_remote_code" in str(error):
        return ConfigurationError(
            f'model_name: "{model_name}": its {what} needs code of its own, which is never run here. Take an encoder '
            "that transformers itself has a class for."
        )
    if serialization_dir is not None and files == str(kept_folder(model_name, serialization_dir)):
        return ConfigurationError(
            f'model_name: "{model_name}": its {what} was read from {files}, where the run keeps it, and is damaged '
            f"there. Remove that folder, and the next start takes it from {model_name} again; of an archive that is "
            f"loaded, get another copy. (transformers says: {lines[0]})"
        )
    if os.path.isdir(model_name):
        names = ", ".join(sorted(os.listdir(model_name))[:12]) or "nothing"
        reason = f"the folder's {what} cannot be loaded; it holds {names}"
        way_out = f"Save the {what} there with save_pretrained"
    elif os.path.isabs(model_name) or model_name.startswith((".", "~")) or model_name.count("/") > 1:
        reason, way_out = "there is no such folder", "Check the path"
    else:
        reason = f"it is no folder, and its {what} cannot be had from the hub"
        way_out = "Check the spelling and the connection; without one, give a folder or a model.tar.gz"
    if serialization_dir is not None:
        way_out += f'; an archive made with `include_in_archive: ["{KEPT}"]` needs neither'
    return ConfigurationError(f'model_name: "{model_name}": {reason}. {way_out}. (transformers says: {lines[0]})')


@contextmanager
def loading_quietly() -> Iterator[None]:
    """
    Lets transformers not warn about missing weights (we do, where they matter), nor draw a bar.
    """
    # The logger above all of its loggers: a level on some of them makes it report on layers that are not sharded.
    theirs = logging.getLogger("transformers")
    level, drawn = theirs.level, transformers_logging.is_progress_bar_enabled()
    transformers_logging.disable_progress_bar()
    theirs.setLevel(logging.ERROR)
    try:
        yield
    finally:
        theirs.setLevel(level)
        if drawn:
            transformers_logging.enable_progress_bar()
