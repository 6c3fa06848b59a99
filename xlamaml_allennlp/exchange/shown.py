"""What of a path or a configuration may be shown to everybody: nothing of where files lie on somebody's machine."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Optional

# Where data and earlier stages are: the card tells of these in its own words.
PLACES = (
    "train_data_path", "validation_data_path", "test_data_path", "pretrained_file", "base_config", "archive_file",
)  # fmt: skip
URL = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
HUB_NAME = re.compile(r"[\w.-]+(/[\w.-]+)?", re.ASCII)
ARCHIVE = re.compile(r"[^/]*\.tar\.gz")


def shown_path(path: str, sha256: Optional[str] = None) -> str:
    """
    A path by its last part; an address as it is, without who opens it.

    # Parameters

    path : `str`
        A path, an address, or one of these with the member of an archive behind "!".
    sha256 : `Optional[str]`, optional (default = `None`)
        Of what the file holds, which tells files of one name apart.
    """
    outer, inside, member = path.partition("!")
    if URL.match(outer) and not outer.lower().startswith("file:"):
        name = re.sub(r"//[^/@]*@", "//", outer).partition("?")[0]
    else:
        name = _last(outer)
    return f"{name}{inside}{member}" + (f" ({sha256[:12]})" if sha256 else "")


def shown_stage(name: str) -> str:
    """The name of a stage: that of its run, also where only the path of its archive is known."""
    parts = [part for part in re.split(r"[/\\]", name) if part]
    return parts[-2] if len(parts) > 1 and ARCHIVE.fullmatch(parts[-1]) else _last(name)


def hub_name(model_name: str) -> Optional[str]:
    """An encoder's name at the hub; `None` if it is a file or a folder, or looks like one."""
    is_name = HUB_NAME.fullmatch(model_name) and not model_name.startswith(".") and not model_name.endswith(".tar.gz")
    return model_name if is_name and not Path(model_name).exists() else None


def shown_config(config: Any) -> Any:
    """A configuration without its places, and with paths by their last parts."""
    if isinstance(config, Mapping):
        return {key: shown_config(value) for key, value in config.items() if key not in PLACES}
    if isinstance(config, (list, tuple)):
        return [shown_config(value) for value in config]
    if isinstance(config, str) and re.search(r"[/\\]", config):
        return shown_path(config) if URL.match(config) else hub_name(config) or _last(config)
    return config


def _last(path: str) -> str:
    return next((part for part in reversed(re.split(r"[/\\]", path)) if part), path)
