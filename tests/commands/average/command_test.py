"""`allennlp average`: the mean of archives, and what has no mean."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from allennlp.commands import main
from allennlp.common import Params
from allennlp.common.checks import ConfigurationError
from allennlp.data import Vocabulary
from allennlp.models import Model, load_archive
from allennlp.models.archival import archive_model

from xlamaml_allennlp.commands.average.command import average
from xlamaml_allennlp.commands.average.sameness import check_configs, mean
from xlamaml_allennlp.encoders.notes import write_data_use
from xlamaml_allennlp.provenance.manifest import Manifest, Read, Stage
from xlamaml_allennlp.provenance.manifest_file import to_bytes
from xlamaml_allennlp.provenance.past import manifest_in, own_notes
from xlamaml_allennlp.provenance.seen import is_zero_shot


@pytest.fixture
def archive(tmp_path, bert_folder):
    """`archive("a", weight=1.0, read="hi", random_seed=3)`: that of a classifier of equal weights, a stage "a"."""

    def make(name: str, weight: float, read: str = "", **config: Any) -> str:
        folder = tmp_path / name
        model = {"type": "cross_lingual_pair_classifier", "model_name": str(bert_folder)}
        config = {"model": model, "dataset_reader": {"type": "xnli", "model_name": str(bert_folder)}, **config}
        (folder / "vocabulary").mkdir(parents=True)
        Vocabulary.empty().save_to_files(str(folder / "vocabulary"))
        built = Model.from_params(Params(dict(model)), vocab=Vocabulary.empty(), serialization_dir=str(folder))
        weights = {key: torch.full_like(value, weight) if value.is_floating_point() else value
                   for key, value in built.state_dict().items()}  # fmt: skip
        torch.save(weights, folder / "best.th")
        (folder / "config.json").write_text(json.dumps(config))
        if read:
            write_data_use(folder, to_bytes(Manifest((Stage(name, (Read("train", read, "a.tsv", 2),)),))))
        return archive_model(folder, include_in_archive=["encoder"])

    return make


def test_the_mean_of_two_seeds_has_read_what_both_have(archive, tmp_path, monkeypatch, capsys):
    first = archive("a", 1.0, "hi", random_seed=0, train_data_path={"hi": "here"})
    second = archive("b", 4.0, "sw", random_seed=1, train_data_path={"hi": "there"})
    out = tmp_path / "mean"
    monkeypatch.setattr(sys, "argv", ["allennlp", "average", first, second, "-s", str(out)])
    main()
    assert capsys.readouterr().out == f"{out / 'model.tar.gz'}: the mean of the weights of 2 archives.\n"
    assert [path.name for path in out.iterdir()] == ["model.tar.gz"]
    model = load_archive(out / "model.tar.gz").model
    assert all((each == 2.5).all() for each in model.parameters())
    manifest = manifest_in(own_notes(model), "mean")
    assert manifest is not None
    assert [stage.name for stage in manifest.stages] == ["a", "b"]
    reads = [read for _, read in manifest.read("train")]
    told = {language: is_zero_shot(language, reads, manifest.is_complete) for language in ("hi", "sw", "de")}
    assert told == {"hi": False, "sw": False, "de": True}


def test_an_archive_that_does_not_say_what_it_has_read_leaves_that_of_the_mean_unknown(archive, tmp_path):
    average([archive("a", 1.0, "hi"), archive("b", 2.0)], tmp_path / "mean")
    manifest = manifest_in(own_notes(load_archive(tmp_path / "mean" / "model.tar.gz").model), "mean")
    assert manifest is not None
    assert not manifest.is_complete


@pytest.mark.parametrize("names", [["a"], ["a", "b", "./a"]])
def test_one_archive_or_one_twice_has_no_mean(names, tmp_path):
    with pytest.raises(ConfigurationError, match="Give two archives at least, and each once"):
        average(names, tmp_path / "mean")


def test_what_is_there_already_is_left_alone(tmp_path):
    (tmp_path / "notes").touch()
    with pytest.raises(ConfigurationError, match="is there already, and not empty"):
        average(["a", "b"], tmp_path)


@pytest.mark.parametrize(
    ("one", "other", "problem"),
    [
        ({"trainer": {"lr": 1}}, {"trainer": {"lr": 2}}, "trainer.lr is 1 in a and 2 in b"),
        ({}, {"trainer": {"lr": 2}}, "trainer is not there in a and {'lr': 2} in b"),
        (
            {"train_data_path": {"hi": "x"}},
            {"train_data_path": {"sw": "x"}},
            "train_data_path is ['hi'] in a and ['sw']",
        ),
    ],
)
def test_archives_of_two_configs_are_refused_by_the_key_that_differs(one, other, problem):
    with pytest.raises(ConfigurationError) as error:
        check_configs({"a": one, "b": other})
    assert problem in str(error.value)


def test_configs_that_differ_in_seeds_and_places_are_one():
    configs = [
        {
            "random_seed": s,
            "data_loader": {"sampler": {"seed": s}},
            "model": {"pretrained_file": f"runs/{s}/model.tar.gz"},
        }
        for s in range(3)
    ]
    check_configs(dict(zip("abc", configs, strict=True)))


def test_models_of_different_shapes_are_refused_by_the_weight_that_differs(archive, tmp_path):
    first, second = archive("a", 1.0), archive("b", 1.0)
    folder = Path(second).parent
    weights = torch.load(folder / "best.th", weights_only=True)
    name = next(key for key, value in weights.items() if value.dim() == 2)
    torch.save({**weights, name: weights[name][:-1]}, folder / "best.th")
    second = archive_model(folder, include_in_archive=["encoder"])
    rows, columns = weights[name].shape
    with pytest.raises(ConfigurationError) as error:
        average([first, second], tmp_path / "mean")
    assert f"{name} is ({rows}, {columns}), torch.float32 in {first} and ({rows - 1}, {columns})" in str(error.value)
    assert not (tmp_path / "mean").exists()


@pytest.mark.parametrize(
    "file, one, other",
    [
        ("vocabulary/pair_labels.txt", "yes\nno\n", "no\nyes\n"),
        ("vocabulary/non_padded_namespaces.txt", "*tags\n*labels\n", "*tags\n"),
        ("encoder/x/config.json", '{"hidden_act": "gelu"}', '{"hidden_act": "relu"}'),
        ("encoder/x/tokenizer.json", '{"model": {"vocab": {"a": 0}}}', '{"model": {"vocab": {"b": 0}}}'),
    ],
)
def test_archives_of_other_labels_or_another_encoder_of_the_same_shapes_are_refused(
    archive, tmp_path, file, one, other
):
    archives = [archive("a", 1.0), archive("b", 1.0)]
    for name, text in zip(archives, (one, other), strict=True):
        path = Path(name).parent / file
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
        archive_model(Path(name).parent, include_in_archive=["encoder"])
    with pytest.raises(ConfigurationError) as error:
        average(archives, tmp_path / "mean")
    assert f"{file} of {archives[0]} and that of {archives[1]} differ. Give archives" in str(error.value)
    assert not (tmp_path / "mean").exists()


@pytest.mark.parametrize("with_it", [0, 1])
def test_a_file_of_meanings_that_only_one_archive_has_is_refused(archive, tmp_path, with_it):
    archives = [archive("a", 1.0), archive("b", 1.0)]
    path = Path(archives[with_it]).parent / "vocabulary/more_labels.txt"
    path.write_text("yes\n", "utf-8")
    archive_model(path.parents[1], include_in_archive=["encoder"])
    with pytest.raises(ConfigurationError) as error:
        average(archives, tmp_path / "mean")
    assert f"more_labels.txt is in {archives[with_it]} and not in {archives[1 - with_it]}. Give" in str(error.value)
    assert not (tmp_path / "mean").exists()


def test_namespaces_are_a_set_which_every_process_writes_in_an_order_of_its_own(archive, tmp_path):
    archives = [archive("a", 1.0), archive("b", 3.0)]
    for name, text in zip(archives, ("*tags\n*labels\n", "*labels\n*tags\n"), strict=True):
        (Path(name).parent / "vocabulary/non_padded_namespaces.txt").write_text(text, "utf-8")
        archive_model(Path(name).parent, include_in_archive=["encoder"])
    assert average(archives, tmp_path / "mean").exists()


def test_encoders_written_by_two_releases_of_transformers_are_one(archive, tmp_path):
    first, second = archive("a", 1.0), archive("b", 3.0)
    (path,) = Path(second).parent.glob("encoder/*/config.json")
    written = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**written, "transformers_version": "4.0"}), "utf-8")
    second = archive_model(path.parents[2], include_in_archive=["encoder"])
    assert average([first, second], tmp_path / "mean").exists()


def test_a_mean_is_rounded_once_and_whole_numbers_have_to_be_the_same():
    # In float32 2^24 + 1 + 1 is 2^24: a third of it would be off.
    big = [torch.tensor([value]) for value in (2.0**24, 1.0, 1.0)]
    assert mean(big, "w").item() == torch.tensor((2.0**24 + 2) / 3).item()
    assert mean([torch.tensor([7])] * 2, "n").tolist() == [7]
    with pytest.raises(ConfigurationError, match="n holds whole numbers"):
        mean([torch.tensor([7]), torch.tensor([8])], "n")
