"""AllenNLP's own tokenizers, indexers and optimizer do what they did with transformers 4.42.4."""

import json
from pathlib import Path

import pytest
import torch
from allennlp.common import cached_transformers

from tests.upstream import golden_stock
from tests.upstream.goldens_test import FOLDERS, GOLDENS, assert_same, stored
from xlamaml_allennlp.upstream.adamw import AdamW


@pytest.mark.parametrize("name", golden_stock.ENCODERS)
def test_stock_tokens_indices_and_vocabularies_are_what_they_were(name):
    seen = json.loads(json.dumps(golden_stock.pieces(FOLDERS[name])))
    assert_same(seen, stored(GOLDENS / "stock.json")["pieces"][name], relative=0)


def test_huggingface_adamw_takes_the_steps_that_it_took():
    assert_same(golden_stock.huggingface_adamw(), stored(GOLDENS / "stock.json")["huggingface_adamw"], relative=1e-9)


def test_its_first_step_is_the_rate_and_its_decay_comes_after():
    # Corrected moments of one gradient g are g and g^2: the step is lr * sign(g), from 1 to 0.9, and then 10 % off.
    parameter = torch.nn.Parameter(torch.tensor([1.0], dtype=torch.float64))
    parameter.grad = torch.tensor([4.0], dtype=torch.float64)
    AdamW([parameter], lr=0.1, eps=0.0, weight_decay=1.0).step()
    assert parameter.item() == pytest.approx(0.9 * 0.9, rel=1e-9)


@pytest.mark.parametrize("keys", [{"lr": -1.0}, {"betas": (0.9, 1.0)}, {"eps": -1e-9}])
def test_what_adamw_cannot_take_is_refused(keys):
    with pytest.raises(ValueError, match="is not in"):
        AdamW([torch.nn.Parameter(torch.ones(1))], **keys)


def test_a_stock_tokenizer_normalises_by_its_own_file():
    # The map of this tokenizer.json has letters of full width; the class of its name has none.
    tokenizer = cached_transformers.get_tokenizer(str(FOLDERS["deberta-v2"]), add_special_tokens=False)
    assert tokenizer.tokenize("Ｆａ") == tokenizer.tokenize("Fa")


@pytest.mark.parametrize("kind", ["tokenizer", "model"])
def test_code_in_a_folder_is_neither_run_nor_asked_about(tmp_path, monkeypatch, kind):
    write_folder_with_code(tmp_path)
    monkeypatch.setattr("builtins.input", lambda *_: pytest.fail("asked on standard input"))
    load = cached_transformers.get_tokenizer if kind == "tokenizer" else cached_transformers.get
    keys = {} if kind == "tokenizer" else {"make_copy": False}
    with pytest.raises(ValueError, match="trust_remote_code"):
        load(str(tmp_path), **keys)
    assert not (tmp_path / "ran").exists()


def write_folder_with_code(folder: Path) -> None:
    """An encoder whose configuration and tokenizer name classes of its own."""
    mapping = {"AutoConfig": "code.Config", "AutoModel": "code.Model", "AutoTokenizer": ["code.Slow", "code.Fast"]}
    (folder / "config.json").write_text(json.dumps({"model_type": "strange", "auto_map": mapping}))
    (folder / "tokenizer_config.json").write_text(json.dumps({"auto_map": mapping, "tokenizer_class": "Slow"}))
    (folder / "code.py").write_text(f"open({str(folder / 'ran')!r}, 'w')\n")
