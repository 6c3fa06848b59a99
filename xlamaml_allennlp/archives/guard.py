"""What AllenNLP does with archives, done by the rules of this room: `allennlp.models.archival` calls these."""

import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, Optional

from allennlp.common.checks import ConfigurationError
from allennlp.common.file_utils import cached_path

from xlamaml_allennlp.archives import components
from xlamaml_allennlp.archives.checksums import seal
from xlamaml_allennlp.archives.config import check_config, with_own_cache
from xlamaml_allennlp.archives.names import CONFIG
from xlamaml_allennlp.archives.size import as_large_as
from xlamaml_allennlp.archives.unpacking import unpack
from xlamaml_allennlp.archives.weights import read_weights

logger = logging.getLogger(__name__)

# The archive that is being loaded, by the name by which a user knows it, and not by that of a copy.
_loaded: ContextVar[Optional[str]] = ContextVar("loaded", default=None)
# What components raise that a config gives other things than they take.
MISFITS = (AttributeError, AssertionError, LookupError, RuntimeError, TypeError, ValueError)


def load(stock: Callable[..., Any], archive_file: Any, *more: Any, **keys: Any) -> Any:
    """
    AllenNLP's `load_archive`.

    # Raises

    `ConfigurationError`
        If the archive is not to be trusted, is damaged, or cannot be loaded.
    """
    named = str(archive_file)
    token = _loaded.set(named)
    try:
        # Names such as hf://owner/name and ~/run stand for folders, too; what was looked at is what is used.
        resolved = cached_path(archive_file)
        with components.opening():
            if os.path.isdir(resolved):
                components.refuse(check_config(Path(resolved) / CONFIG, named), named)
                archive_file = resolved
            loaded = stock(archive_file, *more, **keys)
            with_own_cache(loaded.config.params)
            components.refuse_later(loaded.config.params)
        return loaded
    except ConfigurationError as error:
        if named in str(error):
            raise
        raise ConfigurationError(f"{named}: {error}") from error
    except MISFITS as error:
        if str(error).startswith("CUDA"):
            raise
        said = str(error).strip() or "no word"
        raise ConfigurationError(f"{named} cannot be loaded ({type(error).__name__}: {said}).") from error
    finally:
        _loaded.reset(token)


@contextmanager
def extracted(resolved_archive_file: str, cleanup: bool = True) -> Iterator[str]:
    """AllenNLP's `extracted_archive`: the folder into which an archive is unpacked."""
    folder = tempfile.mkdtemp()
    whole = False
    try:
        logger.info("extracting archive file %s to temp dir %s", resolved_archive_file, folder)
        named = _loaded.get() or str(resolved_archive_file)
        components.refuse(unpack(resolved_archive_file, folder, named), named)
        whole = True
        yield folder
    finally:
        if cleanup or not whole:
            shutil.rmtree(folder, ignore_errors=True)


def load_readers(stock: Callable[..., Any], config: Any, serialization_dir: str) -> Any:
    """AllenNLP's `_load_dataset_readers`: what is kept here is not kept where the archive says."""
    with_own_cache(config.params)
    return stock(config, serialization_dir)


def load_model(stock: Callable[..., Any], config: Any, weights_path: str, serialization_dir: str, device: int) -> Any:
    """AllenNLP's `_load_model`: the weights are looked at before anything is built for them."""
    archive = _loaded.get() or str(serialization_dir)
    is_member = Path(weights_path).parent == Path(serialization_dir)
    named = (archive, Path(weights_path).name) if is_member else ("", str(weights_path))
    weights = read_weights(weights_path, *named)
    with as_large_as(weights, archive, named[1]):
        return stock(config, weights_path, serialization_dir, device)


def archive(stock: Callable[..., str], folder: Any, weights: Any, archive_path: Any, include: Any) -> str:
    """AllenNLP's `archive_model`: with checksums, and there in one piece or not at all."""
    path = os.path.join(folder, "model.tar.gz") if archive_path is None else str(archive_path)
    if os.path.isdir(path):
        path = os.path.join(path, "model.tar.gz")
    draft = f"{path}.draft.partial"
    try:
        stock(folder, weights, draft, include)
        seal(draft, path)
    finally:
        Path(draft).unlink(missing_ok=True)
    return path
