import logging
import shutil
from pathlib import Path

import pytest
import torch
from allennlp.common.checks import ConfigurationError
from torch.nn.attention import SDPBackend, sdpa_kernel
from transformers import (
    AutoConfig,
    AutoModel,
    BertConfig,
    BertForMaskedLM,
    DistilBertConfig,
    DistilBertModel,
)  # fmt: skip

from xlamaml_allennlp.encoders.encoder import load_encoder

TINY = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16, "vocab_size": 30}
# Shape: (2, 4); the second row is padded
IDS = torch.tensor([[5, 6, 7, 8], [5, 6, 0, 0]])
MASK = torch.tensor([[1, 1, 1, 1], [1, 1, 0, 0]])


def same(one: torch.nn.Module, other: torch.nn.Module) -> bool:
    ours, theirs = one.state_dict(), other.state_dict()
    return ours.keys() == theirs.keys() and all(torch.equal(ours[name], theirs[name]) for name in ours)


def test_weights_are_those_of_the_folder(folder):
    assert same(load_encoder(folder, pooler=True), AutoModel.from_pretrained(folder))


def test_an_unused_pooler_is_dropped_so_that_every_parameter_gets_a_gradient(folder):
    encoder = load_encoder(folder).train()
    encoder(input_ids=IDS, attention_mask=MASK).last_hidden_state[:, 0].pow(2).sum().backward()
    assert all(parameter.grad is not None for parameter in encoder.parameters())
    assert not [name for name, _ in encoder.named_parameters() if "pooler" in name]
    # higher's copy of a module cannot be made if a module in it is None.
    assert all(child is not None for module in encoder.modules() for child in module._modules.values())


def test_without_weights_the_encoder_has_the_same_shapes_and_other_numbers(folder):
    with_weights, without = load_encoder(folder), load_encoder(folder, load_weights=False)
    assert [p.shape for p in with_weights.parameters()] == [p.shape for p in without.parameters()]
    assert not same(with_weights, without)


def test_a_run_keeps_the_configuration_and_never_weights(folder, tmp_path):
    moved = tmp_path / "encoder-to-lose"
    shutil.copytree(folder, moved)
    run = tmp_path / "run"
    run.mkdir()
    first = load_encoder(str(moved), str(run))
    assert [path.name for path in run.rglob("*") if path.is_file()] == ["config.json"]
    shutil.rmtree(moved)
    again = load_encoder(str(moved), str(run), load_weights=False)
    again.load_state_dict(first.state_dict())
    assert same(first, again)
    with pytest.raises(ConfigurationError, match="no such folder"):
        load_encoder(str(moved), str(run))


def test_the_default_kernel_has_a_second_derivative_under_the_math_kernel(folder):
    encoder = load_encoder(folder).eval()
    with sdpa_kernel(SDPBackend.MATH):
        encoded = encoder(input_ids=IDS, attention_mask=MASK).last_hidden_state.pow(2).mean()
    query = next(p for name, p in encoder.named_parameters() if "query.weight" in name)
    (gradient,) = torch.autograd.grad(encoded, query, create_graph=True)
    (second,) = torch.autograd.grad(gradient.pow(2).sum(), query)
    assert second.abs().sum() > 0


def test_the_weights_are_float32_whatever_the_file_holds(bert_folder, tmp_path):
    AutoModel.from_pretrained(bert_folder).to(torch.bfloat16).save_pretrained(tmp_path)
    for load_weights in (True, False):
        assert {p.dtype for p in load_encoder(str(tmp_path), load_weights=load_weights).parameters()} == {torch.float32}


def test_weights_that_are_not_those_of_the_configuration_are_refused(bert_folder, tmp_path):
    folder = shutil.copytree(bert_folder, tmp_path / "encoder")
    config = AutoConfig.from_pretrained(folder)
    pieces = config.vocab_size
    config.vocab_size += 8
    config.save_pretrained(folder)
    expected = rf"word_embeddings.weight is \({pieces}, 16\) in the one and \({pieces + 8}, 16\) in the other \(1 diff"
    with pytest.raises(ConfigurationError, match=expected):
        load_encoder(str(folder))


def test_a_masked_language_model_without_pooler_is_loaded_quietly_if_the_pooler_is_dropped(tmp_path, caplog):
    BertForMaskedLM(BertConfig(**TINY)).save_pretrained(tmp_path)
    caplog.set_level(logging.WARNING)
    load_encoder(str(tmp_path))
    assert caplog.records == []
    load_encoder(str(tmp_path), pooler=True)
    assert "no weights for pooler.dense.weight, pooler.dense.bias:" in caplog.text


def test_weights_that_are_missing_are_named(tmp_path, caplog):
    BertForMaskedLM(BertConfig(**TINY)).save_pretrained(tmp_path)
    config = AutoConfig.from_pretrained(tmp_path)
    config.num_hidden_layers = 2
    config.save_pretrained(tmp_path)
    load_encoder(str(tmp_path))
    assert "encoder.layer.1.attention.self.query.weight" in caplog.text


@pytest.mark.parametrize("lost, what", [("config.json", "configuration"), ("model.safetensors", "weights")])
def test_a_folder_that_lacks_a_file_says_what_it_lacks_and_holds(folder, tmp_path, lost, what):
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    (copy / lost).unlink()
    with pytest.raises(ConfigurationError, match=rf"model_name: .*{what} cannot be loaded; it holds .*tokenizer.json"):
        load_encoder(str(copy))


@pytest.mark.parametrize("broken", ["config.json", "model.safetensors"])
def test_a_broken_file_is_one_error_with_the_key(bert_folder, tmp_path, broken):
    copy = tmp_path / "copy"
    shutil.copytree(bert_folder, copy)
    (copy / broken).write_bytes((Path(bert_folder) / broken).read_bytes()[:100])
    with pytest.raises(ConfigurationError, match="model_name: "):
        load_encoder(str(copy))


def test_an_encoder_without_a_pooler_can_be_used_but_not_pooled(tmp_path):
    config = DistilBertConfig(dim=16, n_layers=1, n_heads=2, hidden_dim=16, vocab_size=30)
    DistilBertModel(config).save_pretrained(tmp_path)
    load_encoder(str(tmp_path))
    with pytest.raises(ConfigurationError, match=r'pooling: .*distilbert.*no pooler. Take "cls" or "mean"'):
        load_encoder(str(tmp_path), pooler=True)
