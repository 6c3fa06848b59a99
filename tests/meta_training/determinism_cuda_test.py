"""Meta-gradients that repeat on a GPU, of a size at which its own kernels add up in the order of arrival."""

import pytest
import torch
from allennlp.common import Params
from allennlp.common.checks import ConfigurationError
from torch.nn.functional import cross_entropy
from transformers import BertConfig, BertForSequenceClassification

from tests.adaptation.conftest import FORMS, Examples
from tests.adaptation.meta_gradients import meta_gradient
from xlamaml_allennlp.adaptation import InnerLoop
from xlamaml_allennlp.meta_training.determinism import WORKSPACE, kernels

EXAMPLES, LENGTH = 16, 256
# A vocabulary of which only the touched rows are worked on, and of which few are touched, often.
SIZES = {"vocab_size": 2**14, "hidden_size": 128, "num_hidden_layers": 2, "num_attention_heads": 4}


def episode(device, dtype, attention):
    """A BERT with dropout, and two batches of padded rows."""
    torch.manual_seed(0)
    config = BertConfig(**SIZES, intermediate_size=256, num_labels=3, attn_implementation=attention)

    def loss(net, ids, mask, labels):
        with torch.autocast(device.type, dtype, enabled=dtype != torch.float32):
            return cross_entropy(net(ids, attention_mask=mask).logits, labels)

    def batch():
        ids, mask = torch.randint(5, 50, (EXAMPLES, LENGTH)), torch.ones(EXAMPLES, LENGTH, dtype=torch.long)
        ids[::2, LENGTH // 2 :], mask[::2, LENGTH // 2 :] = 0, 0
        return Examples(loss, *(each.to(device) for each in (ids, mask, torch.randint(0, 3, (EXAMPLES,)))))

    return BertForSequenceClassification(config).to(device).train(), batch(), batch()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_a_meta_gradient_is_repeated_to_the_last_bit(cuda, monkeypatch, form, dtype):
    monkeypatch.setenv(WORKSPACE, ":4096:8")
    # `higher` differentiates twice through whatever attention the model has, and fused attention has no second one.
    module, support, query = episode(cuda, dtype, "eager" if form == "higher" else "sdpa")
    inner_loop = InnerLoop.from_params(Params({**FORMS[form], "lr": 0.05, "num_steps": 2}))
    with kernels(True, cuda)():
        gradients = [meta_gradient(inner_loop, module, support, query) for _ in range(5)]
    assert len(gradients[0]) > 30
    for again in gradients[1:]:
        assert all(torch.equal(gradient, again[name]) for name, gradient in gradients[0].items())


def test_what_has_no_kernel_that_repeats_is_an_error_of_torch_that_names_it(cuda, monkeypatch):
    monkeypatch.setenv(WORKSPACE, ":4096:8")
    with kernels(True, cuda)(), pytest.raises(RuntimeError, match="does not have a deterministic implementation"):
        torch.ones(5, device=cuda).put_(torch.tensor([1, 1], device=cuda), torch.ones(2, device=cuda))


def test_a_run_without_the_workspace_is_refused_before_it_begins(cuda, run, monkeypatch):
    monkeypatch.delenv(WORKSPACE, raising=False)
    with pytest.raises(ConfigurationError, match=f"Start with {WORKSPACE}=:4096:8"):
        run(cuda_device=cuda.index, deterministic=True)
