"""The package of docs/extending.md, written where a user's would lie, and run by the commands there."""

import json
import sys

import pytest
from allennlp.commands import main
from allennlp.common import Registrable

import xlamaml_allennlp  # noqa: F401  as the command has it before it reads a config
from tests.docs.blocks import ROOT, commands, files

PAGE = ROOT / "docs" / "extending.md"
SENTENCES = ["{} is here\t0", "is {} here\t1", "{} was there\t0", "was {} there\t1"]


@pytest.fixture
def folder(tmp_path, monkeypatch, bert_folder):
    for name, text in files(PAGE).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text.replace("ENCODER", str(bert_folder)), encoding="utf-8")
    for language, name in (("en", "Anna"), ("sw", "Juma")):
        (tmp_path / f"{language}.tsv").write_text("\n".join(SENTENCES).format(*[name] * 4) + "\n", encoding="utf-8")
    (tmp_path / "sentences.jsonl").write_text(json.dumps({"sentence": "is Juma here"}) + "\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path
    for entries in Registrable._registry.values():
        for name in [name for name, (subclass, _) in entries.items() if subclass.__module__.startswith("my_package")]:
            del entries[name]
    for name in [name for name in sys.modules if name.split(".")[0] == "my_package"]:
        del sys.modules[name]


def test_a_task_a_sampler_and_an_estimator_of_a_users_own_are_trained_evaluated_and_used(folder, monkeypatch, capfd):
    run, evaluate, predict = (words[3:] for words in commands(PAGE))
    for command in (run, [*evaluate, "--output-file", "metrics.json"], [*predict, "--output-file", "said.jsonl"]):
        monkeypatch.setattr(sys, "argv", ["allennlp", *command])
        main()

    episodes = [json.loads(line) for line in (folder / "runs/questions/episodes_w0.jsonl").read_text().splitlines()]
    assert [episode["support"][0]["language"] for episode in episodes] == ["en"] * 4
    ids = [episode["query"][0]["ids"] for episode in episodes]
    # Each episode twice, as the sampler has it.
    assert ids[0] == ids[1]
    assert ids[2] == ids[3]
    # Nothing adapts: the query loss at theta' is that at theta.
    metrics = json.loads((folder / "metrics.json").read_text())
    assert metrics["accuracy/sw"] in (0, 0.25, 0.5, 0.75, 1)
    assert metrics["zero_shot/sw"] is False
    (said,) = [json.loads(line) for line in (folder / "said.jsonl").read_text().splitlines()]
    assert said["sentence"] == "is Juma here"
    assert 0 < said["question"] < 1
