"""What the archives of the three stages say of the data behind them, and what is made of it when they are evaluated."""

import hashlib
import json
import tarfile
from functools import partial
from pathlib import Path

import pytest
import torch.multiprocessing as mp
from allennlp.commands import train
from allennlp.commands.evaluate import evaluate_from_archive
from allennlp.commands.train import train_model
from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.encoders.notes import DATA_USE
from xlamaml_allennlp.provenance.manifest_file import from_bytes

SMALL = "{ data_loader+: { sampler+: { support_size: 4, query_size: 4 } } }"


@pytest.fixture
def english(trained_once, bert_folder, nli_data) -> str:
    return trained_once(
        "mnli_finetune", encoder=str(bert_folder), train=str(nli_data / "multinli_1.0_train.jsonl"), num_epochs=1
    )


@pytest.fixture
def meta(runs, variant, bert_folder, nli_data, english) -> str:
    """The archive of stage 2: support English, query Hindi."""
    folder = runs / "xnli_xla_maml"
    keys = {"encoder": str(bert_folder), "xnli": str(nli_data), "base": english, "meta_steps_per_language": 1}
    if not folder.exists():
        train_model(variant("xnli_xla_maml.jsonnet", SMALL, **keys), str(folder))
    return str(folder / "model.tar.gz")


@pytest.fixture
def few_shot(variant, bert_folder, nli_data):
    """`few_shot(base, folder)`: stage 3b, with Swahili as the target."""

    def run(base: str, folder: Path, **more) -> str:
        keys = {"encoder": str(bert_folder), "xnli": str(nli_data), "base": base, "target": "sw", **more}
        train_model(variant("xnli_few_shot.jsonnet", **keys), str(folder))
        return str(folder / "model.tar.gz")

    return run


def stages(archive: str) -> list:
    with tarfile.open(archive) as packed:
        member = packed.extractfile(str(DATA_USE))
        assert member is not None
        manifest = from_bytes(member.read(), archive)
    return [
        (stage.name, stage.read and [(read.use, read.language, read.examples) for read in stage.read])
        for stage in manifest.stages
    ]


# As archives of earlier versions are: without checksums too, which would miss the manifest.
CHECKSUMS = "checksums.json"


def without_manifest(archive: str, to: Path) -> str:
    with tarfile.open(archive) as packed, tarfile.open(to, "w:gz") as kept:
        for member in packed.getmembers():
            if member.name not in (str(DATA_USE), CHECKSUMS):
                kept.addfile(member, packed.extractfile(member) if member.isfile() else None)
    return str(to)


def evaluate(archive: str, data: object, of: str) -> tuple:
    """What the metrics say of a language: zero-shot, seen, seen as a translation."""
    metrics = evaluate_from_archive(archive, str(data), metrics_output_file=None)
    return tuple(metrics[f"{key}/{of}"] for key in ("zero_shot", "seen", "seen_translations"))


def test_an_archive_lists_what_its_own_stage_read_and_what_those_before_it_did(few_shot, meta, nli_data, tmp_path):
    archive = few_shot(meta, tmp_path / "last", validation={"en": str(nli_data / "xnli.test.tsv")})
    assert stages(archive) == [
        ("mnli_finetune", [("train", "en", 24)]),
        ("xnli_xla_maml", [("train", "en", 24), ("train", "hi", 24)]),
        ("last", [("select", "en", 9), ("train", "sw", 24)]),
    ]
    line = (tmp_path / "last" / DATA_USE).read_bytes().split(b"\n")[0]
    train_of_last = json.loads(line)["stages"][2]["read"][1]
    dev = nli_data / "xnli.dev.tsv"
    assert train_of_last["source"] == str(dev)
    assert train_of_last["sha256"] == hashlib.sha256(dev.read_bytes()).hexdigest()
    assert {"device", "torch", "transformers"} < json.loads((tmp_path / "last" / "environment.json").read_text()).keys()


def test_evaluating_says_what_was_seen_per_language(meta, nli_data, capsys):
    dev, test = nli_data / "xnli.dev.tsv", nli_data / "xnli.test.tsv"
    assert evaluate(meta, dev, "hi") == (False, 24, 0)
    assert evaluate(meta, dev, "sw") == (True, 0, 24)
    # 9 pairs, whose English and Hindi stand in the development set as well; Swahili's ids are those of the test set.
    assert evaluate(meta, test, "en") == (False, 9, 0)
    assert evaluate(meta, test, "sw") == (True, 0, 9)
    printed = capsys.readouterr().out
    assert "Warning: of sw, 0 of these examples and translations of 24 others were seen" in printed
    # Alone, Swahili of the test set is the translation of nothing that was read in XNLI; of MNLI nobody can tell.
    assert evaluate(meta, json.dumps({"sw": str(test)}), "sw") == (True, 0, "unknown")


def test_a_language_that_chose_the_best_epoch_is_no_zero_shot(variant, bert_folder, nli_data, tmp_path):
    keys = {"encoder": str(bert_folder), "train": str(nli_data / "multinli_1.0_train.jsonl"), "num_epochs": 1}
    params = variant("mnli_finetune.jsonnet", validation={"sw": str(nli_data / "xnli.dev.tsv")}, **keys)
    train_model(params, str(tmp_path / "run"))
    archive = str(tmp_path / "run" / "model.tar.gz")
    assert evaluate(archive, nli_data / "xnli.dev.tsv", "sw") == (False, 24, 0)
    assert evaluate(archive, nli_data / "xnli.dev.tsv", "hi") == (True, 0, 24)


def test_an_archive_without_a_manifest_says_unknown_and_so_do_stages_after_it(few_shot, english, nli_data, tmp_path):
    old = without_manifest(english, tmp_path / "old.tar.gz")
    assert evaluate(old, nli_data / "xnli.dev.tsv", "sw") == ("unknown", "unknown", "unknown")
    after = few_shot(old, tmp_path / "after", protocol={"train": ["sw"]})
    assert f"Whether {old} kept to the protocol is unknown" in (tmp_path / "after" / "out.log").read_text()
    assert stages(after) == [(old, None), ("after", [("train", "sw", 24)])]
    assert evaluate(after, nli_data / "xnli.dev.tsv", "sw") == (False, 24, 0)
    assert evaluate(after, nli_data / "xnli.dev.tsv", "hi") == ("unknown", "unknown", 24)


def test_an_encoder_out_of_an_archive_has_seen_what_the_archive_has(variant, english, nli_data, tmp_path):
    train_model(
        variant("mnli_finetune.jsonnet", encoder=english, train=str(nli_data / "xnli.dev.tsv"), num_epochs=1),
        str(tmp_path / "run"),
    )
    assert stages(str(tmp_path / "run" / "model.tar.gz"))[0] == ("mnli_finetune", [("train", "en", 24)])


def test_a_recovered_run_has_the_same_manifest(few_shot, variant, english, bert_folder, nli_data, tmp_path):
    few_shot(english, tmp_path / "run")
    before = (tmp_path / "run" / DATA_USE).read_bytes()
    params = variant(
        "xnli_few_shot.jsonnet", encoder=str(bert_folder), xnli=str(nli_data), base=english, target="sw", num_epochs=1
    )
    train_model(params, str(tmp_path / "run"), recover=True)
    assert (tmp_path / "run" / DATA_USE).read_bytes() == before


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_workers_that_read_a_share_each_tell_of_all_of_it(few_shot, variant, english, nli_data, tmp_path, monkeypatch):
    monkeypatch.setattr(train.mp, "spawn", partial(mp.start_processes, start_method="fork"))
    few_shot(english, tmp_path / "one" / "run")
    params = json.loads((tmp_path / "one" / "run" / "config.json").read_text())
    params |= {"distributed": {"cuda_devices": [-1, -1]}, "datasets_for_vocab_creation": []}
    train_model(train.Params(params), str(tmp_path / "two" / "run"))
    one, two = ((tmp_path / name / "run" / DATA_USE).read_bytes() for name in ("one", "two"))
    assert two == one


@pytest.mark.parametrize(
    ("protocol", "said"),
    [
        ({"train": ["en"]}, r'protocol.train: the run trains on the language "sw" \(train_data_path: \S*xnli.dev.tsv'),
        ({"train": ["sw"]}, 'protocol.train: the stage mnli_finetune trains on the language "en"'),
        (
            {"select": []},
            r'protocol.select: the run selects its best epoch on the language "hi" \(validation_data_path',
        ),
    ],
)
def test_a_breach_of_the_protocol_ends_a_run_before_it_trains(few_shot, english, nli_data, tmp_path, protocol, said):
    with pytest.raises(ConfigurationError, match=said):
        few_shot(english, tmp_path / "run", protocol=protocol, validation={"hi": str(nli_data / "xnli.dev.tsv")})
    assert not list(tmp_path.glob("run/*.th"))


def test_languages_that_only_the_rows_tell_are_looked_at_before_anything_is_trained(
    variant, bert_folder, nli_data, tmp_path
):
    # The path alone tells nothing: the file holds en, hi and sw.
    keys = {"train": str(nli_data / "multinli_1.0_train.jsonl"), "validation": str(nli_data / "xnli.dev.tsv")}
    params = variant("mnli_finetune.jsonnet", encoder=str(bert_folder), protocol={"select": ["en", "hi"]}, **keys)
    with pytest.raises(ConfigurationError, match=r'selects its best epoch on the language "sw"'):
        train_model(params, str(tmp_path / "run"))
    assert not list(tmp_path.glob("run/*.th"))


def test_an_archive_is_tested_on_what_its_protocol_allows(few_shot, english, nli_data, tmp_path):
    protocol = {"train": ["en", "sw"], "test": {"languages": ["sw"], "splits": ["test"]}}
    archive = few_shot(english, tmp_path / "run", protocol=protocol)
    test, dev = str(nli_data / "xnli.test.tsv"), str(nli_data / "xnli.dev.tsv")
    assert evaluate(archive, json.dumps({"sw": test}), "sw")[0] is False
    with pytest.raises(ConfigurationError, match=r'protocol\.test: the run tests on the language "en"'):
        evaluate(archive, test, "sw")
    with pytest.raises(ConfigurationError, match='the split "dev"'):
        evaluate(archive, json.dumps({"sw": dev}), "sw")
    allowed = '{"protocol": {"test": "*"}}'
    assert "zero_shot/hi" in evaluate_from_archive(archive, test, metrics_output_file=None, cmd_overrides=allowed)
