"""One contract for everything that a config can name: documented by its name, built from Params, closed to typos."""

import inspect
import json
import types
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from allennlp.commands.subcommand import Subcommand
from allennlp.commands.train import TrainModel
from allennlp.common import Params, Registrable
from allennlp.common.checks import ConfigurationError
from allennlp.data import DatasetReader, Vocabulary
from allennlp.models import Model
from allennlp.training import GradientDescentTrainer, Trainer
from torch.nn import Parameter

import xlamaml_allennlp  # noqa: F401  registers the components
from tests.components import COMPONENTS, TOKENIZER_AND_ENCODER, Entry

# Bases whose components take every key of a class of AllenNLP's.
STOCK: dict[type, Any] = {Trainer: GradientDescentTrainer, TrainModel: TrainModel}


def registered() -> Iterator[tuple[Any, str, Any, Callable[..., Any]]]:
    """Base, name, class and constructor of everything the package registers for configs; commands are for a shell."""
    for base, entries in Registrable._registry.items():
        if base is Subcommand:
            continue
        for name, (subclass, constructor) in entries.items():
            if subclass.__module__.split(".")[0] == "xlamaml_allennlp":
                yield base, name, subclass, getattr(subclass, constructor or "__init__")


REGISTERED = list(registered())
each = pytest.mark.parametrize(
    ("base", "name", "subclass", "constructor"),
    REGISTERED,
    ids=[f"{base.__name__}-{name}" for base, name, _, _ in REGISTERED],
)


class Workshop:
    """Makes what AllenNLP would hand to a component, in a config's terms."""

    def __init__(self, encoder: str, folder: str, data: str) -> None:
        self.encoder, self.folder, self.data_path = encoder, folder, {"en": data, "hi": data}

    def params(self, keys: dict[str, Any]) -> Params:
        return Params(json.loads(json.dumps(keys).replace(TOKENIZER_AND_ENCODER, self.encoder)))

    def given(self, entry: Entry) -> dict[str, Any]:
        return {name: getattr(self, f"make_{name}")(entry) for name in entry.given}

    def make_vocab(self, entry: Entry) -> Vocabulary:
        return Vocabulary.empty()

    def make_data_path(self, entry: Entry) -> dict[str, str]:
        return self.data_path

    make_train_data_path = make_data_path

    def make_serialization_dir(self, entry: Entry) -> str:
        return self.folder

    def make_model_parameters(self, entry: Entry) -> list[tuple[str, Parameter]]:
        return [("weight", Parameter(torch.ones(2)))]

    def make_reader(self, entry: Entry) -> DatasetReader:
        return DatasetReader.from_params(self.params(entry.reader))

    make_dataset_reader = make_reader

    def make_model(self, entry: Entry) -> Model:
        return Model.from_params(self.params(entry.model), vocab=Vocabulary.empty())

    def make_data_loader(self, entry: Entry) -> Any:
        return self.build("DataLoader", "episodes")

    def build(self, base: str, name: str, **more: Any) -> Any:
        entry = COMPONENTS[base, name]
        registry = next(registered_base for registered_base, *_ in REGISTERED if registered_base.__name__ == base)
        return registry.from_params(self.params({"type": name, **entry.keys, **more}), **self.given(entry))


@pytest.fixture
def workshop(bert_folder, tmp_path) -> Workshop:
    rows = [
        "\t".join([language, "neutral", f"premise {number}", "hypothesis", str(number), str(number)])
        for language in ("en", "hi")
        for number in range(4)
    ]
    header = "\t".join(["language", "gold_label", "sentence1", "sentence2", "promptID", "pairID"])
    data = tmp_path / "xnli.dev.tsv"
    data.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return Workshop(str(bert_folder), str(tmp_path / "run"), str(data))


def test_every_registered_component_has_an_entry_here():
    assert {(base.__name__, name) for base, name, _, _ in REGISTERED} == set(COMPONENTS)


@each
def test_it_builds_from_its_minimal_params(workshop, base, name, subclass, constructor):
    assert isinstance(workshop.build(base.__name__, name), subclass)


@each
def test_an_unknown_key_raises_and_is_named(workshop, base, name, subclass, constructor):
    with pytest.raises(ConfigurationError, match="suport_size"):
        workshop.build(base.__name__, name, suport_size=1)


@each
def test_its_docstring_names_its_registration(base, name, subclass, constructor):
    article = "an" if base.__name__[0] in "AEIOU" else "a"
    documentation = inspect.getdoc(subclass)
    assert documentation is not None
    assert f'Registered as {article} `{base.__name__}` with name "{name}".' in documentation.replace("\n", " ")


@each
def test_its_docstring_opens_with_a_sentence_and_explains_every_key(base, name, subclass, constructor):
    documentation = inspect.getdoc(subclass)
    assert documentation.split("\n\n")[0].rstrip().endswith(".")
    own = set(inspect.signature(constructor).parameters) - {"self"}
    if base in STOCK:
        # The stock class's keys are documented where they come from.
        own -= set(inspect.signature(STOCK[base].from_partial_objects).parameters)
    assert [key for key in sorted(own) if f"\n{key} : " not in f"\n{documentation}"] == []


@each
def test_its_constructor_is_closed_and_in_types_that_allennlp_reads(base, name, subclass, constructor):
    for parameter in inspect.signature(constructor).parameters.values():
        assert parameter.kind not in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL)
        # from_params knows Optional[X] and Union[X, Y]; X | Y it hands on as a plain dict.
        assert not isinstance(parameter.annotation, types.UnionType), parameter.name
