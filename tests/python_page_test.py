"""What docs/python.md and the notebook beside it tell a user to type runs as it stands, and does what it says."""

import json
import re
from pathlib import Path

import pytest
import torch
from allennlp.common import Params
from allennlp.data import Vocabulary
from allennlp.models import archive_model

from xlamaml_allennlp.nli.dataset_reader import XnliReader
from xlamaml_allennlp.nli.model import CrossLingualPairClassifier

DOCS = Path(__file__).parents[1] / "docs"


def blocks_of_page() -> list[str]:
    return re.findall(r"^```python\n(.*?)^```$", (DOCS / "python.md").read_text(encoding="utf-8"), re.M | re.S)


def cells_of_notebook() -> list[str]:
    cells = json.loads((DOCS / "python.ipynb").read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


@pytest.fixture
def archive(tmp_path, monkeypatch, bert_folder) -> None:
    """An archive where the page has one, on a tiny encoder."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "runs" / "xnli_xla_maml"
    folder.mkdir(parents=True)
    parts = {
        "dataset_reader": {"type": "xnli", "model_name": str(bert_folder)},
        "model": {"type": "cross_lingual_pair_classifier", "model_name": str(bert_folder)},
    }
    Params({**parts, "vocabulary": {"type": "empty"}}).to_file(str(folder / "config.json"))
    Vocabulary.empty().save_to_files(str(folder / "vocabulary"))
    torch.manual_seed(0)
    model = CrossLingualPairClassifier(Vocabulary.empty(), str(bert_folder), serialization_dir=str(folder))
    XnliReader(str(bert_folder), serialization_dir=str(folder))
    torch.save(model.state_dict(), folder / "best.th")
    archive_model(folder, include_in_archive=["encoder"])


@pytest.mark.parametrize("source", [blocks_of_page, cells_of_notebook], ids=["page", "notebook"])
def test_the_code_runs_as_it_stands_and_gives_what_is_said_beside_it(archive, source):
    told: dict = {}
    torch.manual_seed(0)
    for code in source():
        exec(compile(code, source.__name__, "exec"), told)
    (answer,) = told["answers"]
    assert answer["label"] in answer["probs"]
    assert answer["language"] == "hi"
    assert told["explained"][0][0] == "[CLS]"
    assert sum(share for _, share in told["explained"]) == pytest.approx(1)
    assert set(told["metrics"]) == {"accuracy", "accuracy/en", "accuracy/hi", "accuracy/mean", "loss"}
    support, query = told["support"], told["query"]
    assert [example["y"] for example in support] == [example["y"] for example in query]
    assert ({e["language"] for e in support}, {e["language"] for e in query}) == ({"en"}, {"hi"})
    # For a loss L on w: the inner step is w' = w - lr L_S'(w), and the meta-gradient (1 - lr L_S''(w)) L_Q'(w').
    network, inner_loop = torch.nn.Linear(1, 1).double(), told["inner_loop"]
    x, y, x_query, y_query = (
        torch.tensor([[example[key]] for example in side], dtype=torch.float64)
        for side, key in [(support, "x"), (support, "y"), (query, "x"), (query, "y")]
    )
    theta = torch.cat([network.weight.detach().flatten(), network.bias.detach()])
    ones, count = torch.ones_like(x), len(x)
    design, design_query = torch.cat([x, ones], dim=1), torch.cat([x_query, ones], dim=1)
    hessian = 2 / count * design.T @ design
    adapted = theta - inner_loop.lr * (hessian @ theta - 2 / count * (design.T @ y).flatten())
    slope = 2 / count * design_query.T @ (design_query @ adapted - y_query.flatten())
    loss = torch.nn.functional.mse_loss
    inner_loop(network, lambda net: loss(net(x), y), lambda net: loss(net(x_query), y_query)).loss.backward()
    found = torch.cat([network.weight.grad.flatten(), network.bias.grad])
    torch.testing.assert_close(found, slope - inner_loop.lr * hessian @ slope)


def test_the_notebook_holds_the_page_s_code_and_no_outputs():
    cells = json.loads((DOCS / "python.ipynb").read_text(encoding="utf-8"))["cells"]
    assert [block.strip() for block in blocks_of_page()] == [cell.strip() for cell in cells_of_notebook()]
    assert all(cell["outputs"] == [] for cell in cells if cell["cell_type"] == "code")
