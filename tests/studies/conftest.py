"""A study of two runs on a tiny encoder, and a way to do it."""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import xlamaml_allennlp  # noqa: F401  registers the components that configs name
from tests.studies.forked import Forked
from tests.studies.instant import Bench
from tests.training_configs.conftest import write_mnli, write_xnli
from xlamaml_allennlp.commands.study import command

SMALL = "data_loader: { sampler: { support_size: 2, query_size: 2 } }"


@pytest.fixture
def bench(tmp_path, monkeypatch) -> Bench:
    """A folder for studies whose steps are done at once, and that read one file, hi.tsv."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hi.tsv").write_text("a\n")
    return Bench(tmp_path)


@pytest.fixture(scope="session")
def study_data(tmp_path_factory) -> Path:
    """A folder with xnli.dev.tsv, xnli.test.tsv (en, hi, sw) and train.jsonl."""
    folder = tmp_path_factory.mktemp("study-data")
    write_xnli(folder / "xnli.dev.tsv", premises=4)
    write_xnli(folder / "xnli.test.tsv", premises=2)
    write_mnli(folder / "train.jsonl", pairs=16)
    return folder


@pytest.fixture
def study_file(tmp_path, bert_folder, study_data) -> Path:
    """English fine-tuning and XLA-MAML after it, an evaluation of each: `--arg seeds=[0]`, `--arg steps=4`."""
    file = tmp_path / "tiny.jsonnet"
    file.write_text(
        f"""
        local nli = import 'xlamaml/lib/study_nli.libsonnet';
        local study = import 'xlamaml/lib/study.libsonnet';
        function(seeds=[0], steps=4, lr=1e-3,
                 encoder={json.dumps(str(bert_folder))}, data={json.dumps(str(study_data))})
          local task = nli(encoder, data + '/train.jsonl', data, {{
            num_epochs: 1, batch_size: 4, meta_steps: steps, meta_lr: lr, meta: {{ {SMALL} }},
            inner_loop: {{ type: 'first_order', lr: 1e-2 }},
          }});
          study.of('tiny', 'Tiny', [
            study.english(task, seeds, ['en', 'hi']),
            study.zero_shot(task, [study.xla_maml(['hi'])], seeds, ['en', 'hi']),
          ])
        """
    )
    return file


@pytest.fixture
def do(study_file, tmp_path) -> Callable[..., None]:
    """`do("--jobs", "2", launch=...)`: the subcommand on that study, in tmp_path/study; its processes are forks."""

    def run(*arguments: str, launch: Any = Forked, file: Path = study_file, folder: Path = tmp_path / "study") -> None:
        parser = argparse.ArgumentParser()
        subparser = command.StudyCommand().add_subparser(parser.add_subparsers())
        subparser.add_argument("--include-package", action="append", default=[])
        Forked.started.clear()
        command.run(parser.parse_args(["study", str(file), "-s", str(folder), *arguments]), launch, interval=0.02)

    return run


def results(folder: Path) -> dict[str, Any]:
    """All metrics of a study, by evaluation."""
    files = (folder / "evaluations").glob("*/metrics.json")
    return {file.parent.name: json.loads(file.read_text()) for file in files}
