"""Stage 2 of both tasks on a GPU, with each estimator: what it makes of theta is what the CPU makes of it."""

import json
import shutil

import pytest
import torch
from allennlp.commands.evaluate import evaluate_from_archive
from allennlp.commands.train import train_model

ESTIMATORS = [
    {"type": "higher"},
    {"type": "exact"},
    {"type": "exact", "micro_batch_size": 2},
    {"type": "hessian_free", "relative_step": 1e-4},
    {"type": "first_order"},
]
TASKS = {"nli": "xnli_xla_maml.jsonnet", "qa": "mlqa_xla_maml.jsonnet"}


@pytest.fixture(scope="module")
def encoder(bert_folder, tmp_path_factory):
    """The tiny BERT without dropout, whose masks a GPU draws otherwise than a CPU."""
    folder = shutil.copytree(bert_folder, tmp_path_factory.mktemp("encoders") / "plain")
    config = json.loads((folder / "config.json").read_text())
    config |= {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}
    (folder / "config.json").write_text(json.dumps(config))
    return str(folder)


@pytest.fixture(params=TASKS)
def task(request):
    return request.param


@pytest.fixture
def meta_trained(task, variant, encoder, nli_data, mlqa_data, tmp_path):
    """`meta_trained(device, inner_loop)`: the folder and the weights after four meta steps from the same start."""
    data = {"xnli": str(nli_data)} if task == "nli" else {"mlqa": str(mlqa_data)}
    model = "dropout: 0" if task == "nli" else ""

    def train(device, inner_loop, rate=0.1, deterministic=False):
        # With adaptive steps, entries whose gradient is all rounding would move as far as the others.
        trainer = {"cuda_device": device, "optimizer": {"type": "sgd", "lr": rate}, "deterministic": deterministic}
        changes = f"""{{
            model+: {{ {model} }},
            data_loader+: {{ sampler+: {{ support_size: 4, query_size: 4 }} }},
            trainer+: {json.dumps(trainer)},
        }}"""
        arguments = {"encoder": encoder, "base": None, "inner_loop": inner_loop, "meta_steps_per_language": 4, **data}
        arguments["cache"] = None  # needs pyarrow, and machines with a GPU often lack it
        folder = tmp_path / f"run{len(list(tmp_path.iterdir()))}"
        trained = train_model(variant(TASKS[task], changes, **arguments), str(folder), return_model=True)
        return folder, trained.state_dict()

    return train


def distance(one, other):
    return float(torch.cat([(one[name].cpu() - other[name].cpu()).flatten() for name in one]).norm())


@pytest.mark.parametrize("keys", ESTIMATORS, ids=lambda keys: "-".join(map(str, keys.values())))
def test_a_gpu_moves_theta_as_the_cpu_does(cuda, meta_trained, keys):
    inner_loop = {**keys, "lr": 0.05}
    _, start = meta_trained(-1, inner_loop, rate=0.0)
    _, here = meta_trained(-1, inner_loop)
    _, there = meta_trained(cuda.index, inner_loop)
    assert {value.device for value in there.values()} == {cuda}
    assert distance(there, here) < 1e-3 * distance(here, start)


@pytest.mark.parametrize("keys", ESTIMATORS, ids=lambda keys: "-".join(map(str, keys.values())))
def test_two_runs_on_a_gpu_that_are_to_repeat_end_in_the_same_bits(cuda, meta_trained, monkeypatch, keys):
    monkeypatch.setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    one, other = (meta_trained(cuda.index, {**keys, "lr": 0.05}, deterministic=True)[1] for _ in range(2))
    assert all(torch.equal(value, other[name]) for name, value in one.items())


def test_an_archive_is_evaluated_on_a_gpu_as_on_the_cpu(cuda, task, meta_trained, nli_data, mlqa_data):
    folder, _ = meta_trained(cuda.index, {"type": "first_order", "lr": 0.05})
    questions = mlqa_data / "dev" / "dev-context-hi-question-hi.json"
    test = nli_data / "xnli.test.tsv" if task == "nli" else json.dumps({"hi": str(questions)})
    archive = str(folder / "model.tar.gz")
    there, here = (evaluate_from_archive(archive, str(test), cuda_device=device) for device in (cuda.index, -1))
    assert there == pytest.approx(here, abs=1e-4)
