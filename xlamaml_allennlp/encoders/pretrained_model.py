"""What our models share: an encoder, an archive that needs nothing else, and a start from an earlier stage."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Optional, Union

import torch
from allennlp.common import Params
from allennlp.common.checks import ConfigurationError
from allennlp.data import Vocabulary
from allennlp.models import Model
from transformers.utils import ModelOutput

from xlamaml_allennlp.encoders.adapters import LanguageAdapters
from xlamaml_allennlp.encoders.archive import extracted, is_archive, model_params_in, weights_in
from xlamaml_allennlp.encoders.checkpoint import Checkpoint
from xlamaml_allennlp.encoders.earlier_stage import check_start, is_checkpoint
from xlamaml_allennlp.encoders.encoder import load_encoder
from xlamaml_allennlp.encoders.folder import KEPT
from xlamaml_allennlp.encoders.notes import Notes, notes_in
from xlamaml_allennlp.encoders.own_head import has_task_head
from xlamaml_allennlp.version import log_version_in, write_version


class PretrainedModel(Model):
    """
    A model on a pretrained encoder, base of the models of all tasks.

    A subclass names its `task` if transformers has classes for it, builds its modules and then, last in its
    constructor, calls `start_from_earlier_stage()`.

    # Parameters

    vocab : `Vocabulary`
        Unused: labels have a fixed order and tokens are the encoder's own. Give `vocabulary: {type: "empty"}`.
    model_name : `str`
        The encoder: a hub name, a transformers folder, or an archive (model.tar.gz).
    attention : `str`, optional (default = `"auto"`)
        Its attention kernel (see `load_encoder`).
    pooler : `bool`, optional (default = `False`)
        Whether to keep its pooler.
    own_head : `bool`, optional (default = `False`)
        Whether the encoder is to have what transformers' own head for the task reads.
    pretrained_file : `Optional[str]`, optional (default = `None`)
        What the whole model starts from in training: an earlier stage's archive, or a hub name or folder of a
        transformers model with a head for the same task.
    load_weights : `bool`, optional (default = `True`)
        Whether to load the encoder's pretrained weights. Set to false by itself when an archive is loaded.
    serialization_dir : `Optional[str]`, optional (default = `None`)
        The run's folder; AllenNLP passes it.
    """

    encoder: torch.nn.Module
    task: Optional[str] = None

    def __init__(
        self,
        vocab: Vocabulary,
        model_name: str,
        attention: str = "auto",
        pooler: bool = False,
        own_head: bool = False,
        pretrained_file: Optional[str] = None,
        load_weights: bool = True,
        serialization_dir: Optional[str] = None,
    ) -> None:
        super().__init__(vocab, serialization_dir=serialization_dir)
        if pretrained_file is not None:
            check_start(pretrained_file, self.task)  # before minutes go into loading an encoder
        if load_weights and serialization_dir is not None:
            write_version(serialization_dir)  # in training; an archive that is loaded keeps its writer's
        self._model_name = model_name
        self._pretrained_file = pretrained_file
        self.encoder = load_encoder(
            model_name,
            serialization_dir,
            attention,
            load_weights=load_weights and not pretrained_file,
            pooler=pooler,
            head_for=self.task if own_head else None,
        )
        self._adapters = LanguageAdapters.of(self.encoder)
        # What the archives that its weights come from note of their past; by the archive's name, empty for its own.
        self.notes: dict[str, Notes] = {}
        if load_weights and not pretrained_file and is_archive(model_name):
            with extracted(model_name, "model_name", [KEPT]) as extract:
                self.notes[model_name] = notes_in(extract)
        elif load_weights and not pretrained_file and has_task_head(self.encoder.config):
            self.notes[model_name] = Notes(None)  # it was trained on labelled data that nobody tells of

    def encoded(self, tokens: Mapping[str, Any], metadata: Optional[Sequence[Mapping[str, Any]]] = None) -> ModelOutput:
        """
        What the encoder says of a batch; where it has an adapter for each language, by the languages in `metadata`.
        """
        if self._adapters is not None:
            tokens = {**tokens, "lang_ids": self._adapters.indices(metadata, tokens["input_ids"].device)}
        return self.encoder(**tokens)

    def start_from_earlier_stage(self) -> None:
        """
        Loads the weights of `pretrained_file`, if there is one, into this model.

        # Raises

        `ConfigurationError`
            If the file is not an archive, or that of a model that differs from this one.
        """
        if self._pretrained_file is None:
            return
        if self.task is not None and is_checkpoint(self._pretrained_file):
            self._start_from_checkpoint(self._pretrained_file)
            return
        with extracted(self._pretrained_file, "pretrained_file", ["weights.th", KEPT]) as extract:
            log_version_in(extract, self._pretrained_file)
            theirs = model_params_in(extract)
            self.check_earlier_stage(theirs)
            weights = weights_in(extract, f"pretrained_file: {self._pretrained_file}")
            self.notes[self._pretrained_file] = notes_in(extract)
        self._check_fit(f'was trained on "{theirs.get("model_name")}"', _differences(dict(self.state_dict()), weights))
        self.load_state_dict(weights)

    def _start_from_checkpoint(self, name: str) -> None:
        assert self.task is not None
        checkpoint = Checkpoint.at(name, self.task)
        self.check_checkpoint(checkpoint)
        self.notes[name] = Notes(None)  # nobody said what it has read
        network = checkpoint.load()
        theirs = getattr(network, network.base_model_prefix)
        if getattr(self.encoder, "pooler", None) is None and getattr(theirs, "pooler", None) is not None:
            theirs.pooler = None
        weights = theirs.state_dict()
        self._check_fit(f"is a {network.config.model_type}", _differences(self.encoder.state_dict(), weights))
        self.encoder.load_state_dict(weights)
        self.take_head(network, checkpoint)

    def _check_fit(self, what: str, differences: list[str]) -> None:
        if differences:
            raise ConfigurationError(
                f"pretrained_file: {self._pretrained_file} {what}, which does not "
                f'fit a model on "{self._model_name}": {"; ".join(differences[:3])} ({len(differences)} differences). '
                "Give both stages the same keys in `model`, except for pretrained_file."
            )

    def check_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Raises a `ConfigurationError` if this model cannot hold a checkpoint's head, before its weights are read."""

    def take_head(self, network: torch.nn.Module, checkpoint: Checkpoint) -> None:
        """Takes the weights of a checkpoint's head."""
        raise NotImplementedError

    def check_earlier_stage(self, model_params: Mapping[str, Any]) -> None:
        """
        Raises a `ConfigurationError` if the earlier stage's `model` section means something else by the same weights.
        """

    @classmethod
    def _load(
        cls,
        config: Params,
        serialization_dir: Union[str, os.PathLike],
        weights_file: Optional[Union[str, os.PathLike]] = None,
        cuda_device: int = -1,
    ) -> Model:
        # The archive's weights replace all others, so neither hub nor folder is needed. A run with --recover builds
        # its model without coming here, and does start from pretrained weights.
        log_version_in(serialization_dir)
        config = config.duplicate()
        config["model"]["load_weights"] = False
        # The folder of an archive is gone when it is loaded, and with it the notes.
        notes = notes_in(serialization_dir, config.duplicate().as_dict(quiet=True))
        if weights_file is not None and Path(weights_file).parent != Path(serialization_dir):
            notes = notes._replace(data_use=None, adapted=None)  # `--weights-file`: nobody said what these have read
        model = super()._load(config, serialization_dir, weights_file, cuda_device)
        vars(model)["notes"] = {"": notes}
        return model


def at_least_float32(scores: torch.Tensor) -> torch.Tensor:
    """Scores for a loss that loses no digits, whatever autocast made of them; those of a float64 model stay."""
    return scores.to(torch.promote_types(scores.dtype, torch.float32))


def _differences(ours: Mapping[str, torch.Tensor], theirs: Mapping[str, torch.Tensor]) -> list[str]:
    shapes = [
        f"{name} is {tuple(theirs[name].shape)} there and {tuple(ours[name].shape)} here"
        for name in ours
        if name in theirs and ours[name].shape != theirs[name].shape
    ]
    missing = [f"{name} is missing there" for name in ours if name not in theirs]
    return shapes + missing + [f"{name} is unknown here" for name in theirs if name not in ours]
