"""A finished or interrupted run of meta-training, as its folder tells it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from allennlp.common.checks import ConfigurationError
from allennlp.models.archival import CONFIG_NAME

from xlamaml_allennlp.files.json_text import parse_json
from xlamaml_allennlp.provenance import Line, ledger_files, read_ledger


@dataclass(frozen=True)
class RecordedRun:
    """
    A run that has a ledger.

    # Parameters

    folder : `Path`
        The run's folder.
    config : `dict[str, Any]`
        Its configuration.
    """

    folder: Path
    config: dict[str, Any]

    @classmethod
    def at(cls, folder: Path) -> "RecordedRun":
        """
        The run in a folder.

        # Raises

        `ConfigurationError`
            If there is none of meta-training, or it has no ledger.
        """
        config = _config_of(folder)
        trainer = config.get("trainer")
        kind = trainer.get("type", "gradient_descent") if isinstance(trainer, dict) else None
        if kind != "meta":
            raise ConfigurationError(
                f'{folder / CONFIG_NAME}: trainer.type is "{kind}". Only meta-training has episodes: give the '
                'folder of a run whose trainer.type is "meta".'
            )
        if not ledger_files(folder):
            raise ConfigurationError(
                f"{folder} has no ledger (episodes_w0.jsonl): the run took no step yet, had trainer.ledger set to "
                "false, or is of a version before there were ledgers. A new run writes one."
            )
        return cls(folder, config)

    def lines(self) -> Iterator[Line]:
        """Its episodes in their order."""
        return read_ledger(self.folder)


def _config_of(folder: Path) -> dict[str, Any]:
    path = folder / CONFIG_NAME
    if not path.is_file():
        there = "is no folder" if not folder.is_dir() else f"has no {CONFIG_NAME}"
        raise ConfigurationError(f"{folder} {there}. Give the folder of a run of meta-training: what was `-s` of it.")
    try:
        config = parse_json(path.read_text(encoding="utf-8"))
    except ValueError as error:  # of which bytes that are not UTF-8 are one
        raise ConfigurationError(f"{path} cannot be read: {error}. Bring it back.") from error
    if not isinstance(config, dict):
        raise ConfigurationError(f"{path} is no configuration. Give the folder of a run of meta-training.")
    return config
