"""The training of a stage: what it starts from is there, what it reads is allowed, and its archive tells that."""

import inspect
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Optional

from allennlp.commands.train import TrainModel
from allennlp.common import Lazy
from allennlp.data import DataLoader, DatasetReader
from allennlp.models import Model

from xlamaml_allennlp.encoders.earlier_stage import check_start
from xlamaml_allennlp.encoders.notes import notes_in, write_adapted, write_data_use
from xlamaml_allennlp.provenance import adaptation
from xlamaml_allennlp.provenance.environment import note_environment
from xlamaml_allennlp.provenance.manifest import Manifest, Read, Stage
from xlamaml_allennlp.provenance.manifest_file import to_bytes
from xlamaml_allennlp.provenance.manifest_reading import Reading, uses_of
from xlamaml_allennlp.provenance.past import manifest_in
from xlamaml_allennlp.provenance.protocol import Protocol


@TrainModel.register("next_stage", constructor="from_partial_objects")
@TrainModel.register("stage", constructor="from_partial_objects")
class StageTraining(TrainModel):
    """
    AllenNLP's training of a model, which notes in the run's folder, and so in its archive, what it reads and what the
    stages before it have read: the data-use manifest (`xlamaml_allennlp.provenance.manifest`).

    A `pretrained_file` that is not there is an error before any data are read: AllenNLP reads all of them before it
    builds the model, so that it would be noticed minutes later.

    Registered as a `TrainModel` with name "stage". When it did no more than look for that file it had another name,
    which configs may say still: Registered as a `TrainModel` with name "next_stage".

    # Parameters

    base_config : `Optional[str]`, optional (default = `None`)
        The config that makes `model.pretrained_file`, as Jsonnet: where the file is missing, the error says how to
        train it.
    protocol : `Optional[Protocol]`, optional (default = `None`)
        What may be trained on, validated on and tested on, by this stage and those before it. `None`: anything.
    stock : `Any`
        Every key of AllenNLP's own training.

    # Raises

    `ConfigurationError`
        If `model.pretrained_file` is not there, with the commands that make it; if its manifest is damaged; or if the
        protocol does not allow what a stage reads, before anything is trained.
    """

    _reader: DatasetReader
    # What it has read, without the stages before it.
    _reads: tuple[Read, ...] = ()

    @classmethod
    def from_partial_objects(  # type: ignore[override]
        cls,
        *,
        serialization_dir: str,
        local_rank: int,
        model: Lazy[Model],
        data_loader: Lazy[DataLoader],
        validation_data_loader: Optional[Lazy[DataLoader]] = None,
        base_config: Optional[str] = None,
        protocol: Optional[Protocol] = None,
        **stock: Any,
    ) -> "TrainModel":
        # A `Lazy` built from a config holds what the config says of it; nothing else knows before the data are read.
        pretrained_file = model._params.get("pretrained_file")
        if pretrained_file is not None:
            task = getattr(Model.by_name(model._params.get("type")), "task", None)
            check_start(pretrained_file, task, base_config)
        reading = Reading(Path(serialization_dir).resolve().name, protocol or Protocol(), uses_of(stock))
        if validation_data_loader is not None:
            stock["validation_data_loader"] = reading.watched(validation_data_loader)
        built = super().from_partial_objects(
            serialization_dir=serialization_dir,
            local_rank=local_rank,
            model=model,
            data_loader=reading.watched(data_loader),
            **stock,
        )
        manifest = reading.after(earlier_stages(built.model, model._params))
        assert isinstance(built, StageTraining)
        built._reader, built._reads = stock["dataset_reader"], reading.own
        if local_rank == 0:
            _write(serialization_dir, manifest)
            note_environment(serialization_dir, built.trainer.cuda_device)
        return built

    def finish(self, metrics: dict[str, Any]) -> None:
        """Writes the metrics, and what the model was adapted to if that is what the run has done."""
        super().finish(metrics)
        adapted = adaptation.adaptation(self._reader, self.trainer, self._reads, metrics)
        if adapted is not None:
            write_adapted(self.serialization_dir, adaptation.to_bytes(adapted))


def earlier_stages(model: Model, params: Mapping[str, Any]) -> Manifest:
    """
    What is known of the archives that a model starts from.

    # Parameters

    model : `Model`
        The model, as it was built to be trained.
    params : `Mapping[str, Any]`
        What the config says of it.
    """
    archive = params.get("archive_file")  # of AllenNLP's `from_archive`
    notes = getattr(model, "notes", None)
    if notes is None:
        return Manifest((Stage(str(archive), None),) if archive else ())
    found = Manifest()
    for name, note in notes.items():
        where = name or str(archive)
        found = found.united(manifest_in(note, where) or Manifest((Stage(where, None),)))
    return found


def _write(folder: str, manifest: Manifest) -> None:
    # A run that is recovered has read what it read before, too.
    known = manifest_in(notes_in(folder), folder) or Manifest()
    write_data_use(folder, to_bytes(known.united(manifest)))


def _close(ours: Any, stock: Any) -> None:
    """Shows AllenNLP the stock keys and ours, and no catch-all: a misspelt key is an error."""
    parameters = list(inspect.signature(stock.__func__).parameters.values())
    own = inspect.signature(ours.__func__).parameters
    ours.__func__.__signature__ = inspect.Signature([*parameters, own["base_config"], own["protocol"]])


_close(vars(StageTraining)["from_partial_objects"], vars(TrainModel)["from_partial_objects"])
