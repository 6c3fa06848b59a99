import json

import _jsonnet
import pytest

from benchmarks import mlqa_transfer, xnli_transfer
from benchmarks.transfer import Bench, transfer_parser


@pytest.fixture
def bench_of(tmp_path):
    def make(*arguments):
        folders = ["--data", str(tmp_path), "--encoder", "e", "--output", str(tmp_path / "out")]
        options = transfer_parser("", "", 4, "").parse_args([*folders, "--seeds", "0", "1", *arguments])
        return options, Bench(options, {})

    return make


def configs(runs):
    return {run.folder: json.loads(_jsonnet.evaluate_snippet(run.folder, run.jsonnet())) for run in runs}


@pytest.mark.parametrize(("arguments", "seed_of_base"), [((), 0), (("--own-stage-one",), 1)])
def test_a_seed_goes_on_from_the_one_stage_1_or_from_its_own(bench_of, arguments, seed_of_base):
    options, bench = bench_of(*arguments)
    runs, _ = xnli_transfer.stage_two(options, bench)
    base = bench.output / f"baseline--english-only.seed{seed_of_base}" / "model.tar.gz"
    seed_1 = [config for folder, config in configs(runs).items() if folder.endswith(".seed1")]
    assert {config["model"]["pretrained_file"] for config in seed_1} == {str(base)}
    assert {config["random_seed"] for config in seed_1} == {1}


def test_the_controls_of_nli_learn_from_both_sets_or_take_no_inner_step(bench_of, tmp_path):
    found = configs(xnli_transfer.stage_two(*bench_of("--cuda-device", "0"))[0])
    both, off = found["fine-tuning-on-hi-and-en.seed0"], found["xla-maml--inner-step-off.seed0"]
    dev = str(tmp_path / "XNLI-1.0" / "xnli.dev.tsv")
    assert both["train_data_path"] == {"hi": dev, "en": dev}
    assert both["data_loader"] == {"batch_size": 16, "shuffle": True}
    assert both["trainer"]["optimizer"]["weight_decay"] == 0.01
    # What the inner loop's rate leaves of a step of 1 in float32's weight of 1: nothing.
    assert off["trainer"]["inner_loop"]["lr"] < 2**-24
    assert {config["trainer"]["cuda_device"] for config in found.values()} == {0}


def test_the_control_of_qa_reads_the_english_questions_that_have_a_hindi_translation(bench_of, tmp_path):
    folder = tmp_path / "MLQA_V1" / "dev"
    folder.mkdir(parents=True)
    for code, asked in {"hi": [["a"]], "en": [["a", "b"], ["c"]]}.items():
        texts = [{"context": "x", "qas": [{"id": each} for each in ids]} for ids in asked]
        corpus = {"data": [{"paragraphs": [text]} for text in texts]}
        (folder / f"dev-context-{code}-question-{code}.json").write_text(json.dumps(corpus))
    options, bench = bench_of()
    options.epochs = 2
    both = configs(mlqa_transfer.stage_two(options, bench))["fine-tuning-on-hi-and-en.seed0"]
    english = json.loads((tmp_path / "out" / "english_of_hindi.json").read_text())
    assert both["train_data_path"]["en"] == str(tmp_path / "out" / "english_of_hindi.json")
    assert english == {"data": [{"paragraphs": [{"context": "x", "qas": [{"id": "a"}]}]}]}
