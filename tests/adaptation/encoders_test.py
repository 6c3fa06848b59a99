"""The estimators on transformers encoders: padding, positions derived from ids, attention kernels, dropout."""

import pytest
import torch
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.functional import cross_entropy
from transformers import BertForSequenceClassification, XLMRobertaForSequenceClassification

from xlamaml_allennlp.adaptation import HigherInnerLoop


@pytest.fixture(params=["bert", "xlmr"])
def family(request):
    return request.param


@pytest.fixture
def episode(family, bert_folder, xlmr_folder, examples):
    """A classifier on a tiny encoder in float64, and two batches padded to their longest row."""

    def build(**keys):
        torch.manual_seed(0)
        if family == "bert":
            module = BertForSequenceClassification.from_pretrained(bert_folder, num_labels=3, **keys)
        else:
            module = XLMRobertaForSequenceClassification.from_pretrained(xlmr_folder, num_labels=3, **keys)
        padding = module.config.pad_token_id

        def batch():
            ids, mask = torch.randint(5, 300, (4, 7)), torch.ones(4, 7, dtype=torch.long)
            for row, length in enumerate([7, 4, 5, 7]):
                ids[row, length:], mask[row, length:] = padding, 0
            loss = lambda net, ids, mask, labels: cross_entropy(net(ids, attention_mask=mask).logits, labels)  # noqa: E731
            return examples(loss, ids, mask, torch.tensor([0, 1, 2, 0]))

        return module.double().train(), batch(), batch()

    return build


def meta_gradient(inner_loop, module, support, query):
    module.zero_grad()
    torch.manual_seed(3)
    inner_loop(module, support, query).loss.backward()
    return {name: p.grad.clone() for name, p in module.named_parameters() if p.grad is not None}


def relative_error(found, expected):
    assert found.keys() == expected.keys()
    difference = sum(((found[name] - expected[name]) ** 2).sum() for name in expected).sqrt()
    return float(difference / sum((value**2).sum() for value in expected.values()).sqrt())


@pytest.mark.filterwarnings("ignore:Some weights of")
@pytest.mark.parametrize("num_steps", [1, 2])
def test_they_agree_with_higher_under_the_same_dropout(estimator, episode, num_steps):
    module, support, query = episode(attn_implementation="eager")
    whole = {} if estimator.form == "higher" else {"micro_batch_size": None}
    expected = meta_gradient(HigherInnerLoop(lr=0.05, num_steps=num_steps), module, support, query)
    found = meta_gradient(estimator(lr=0.05, num_steps=num_steps, **whole), module, support, query)
    error = relative_error(found, expected)
    if estimator.second_order:
        assert error < (1e-5 if estimator.type == "hessian_free" else 1e-10)
    else:
        assert error > 1e-3


def test_micro_batches_agree_with_the_whole_batch_without_dropout(estimator, episode):
    module, support, query = episode(attn_implementation="eager")
    module.eval()
    whole = {} if estimator.form == "higher" else {"micro_batch_size": None}
    expected = meta_gradient(estimator(lr=0.05, **whole), module, support, query)
    assert relative_error(meta_gradient(estimator(lr=0.05), module, support, query), expected) < 1e-6


def test_fused_attention_gives_the_meta_gradient_of_eager_attention(estimator, episode):
    module, support, query = episode(attn_implementation="eager")
    expected = meta_gradient(estimator(lr=0.05), module.eval(), support, query)
    fused, *_ = episode(attn_implementation="sdpa")
    found = meta_gradient(estimator(lr=0.05), fused.eval(), support, query)
    assert relative_error(found, expected) < 1e-6


@pytest.mark.parametrize("num_steps", [1, 2])
def test_only_passes_that_are_differentiated_twice_do_without_the_fused_kernel(estimator, episode, num_steps):
    module, support, query = episode(attn_implementation="sdpa")
    fused = {"support": [], "query": []}

    def watched(name, loss):
        """The loss, writing down at each pass whether a fused kernel may be taken."""
        function = loss.function

        def noting(net, *tensors):
            fused[name].append(torch.backends.cuda.flash_sdp_enabled())
            return function(net, *tensors)

        loss.function = noting
        return loss

    inner_loop = estimator(lr=0.05, num_steps=num_steps)
    inner_loop(module, watched("support", support), watched("query", query)).loss.backward()
    assert set(fused["query"]) == {True}
    assert set(fused["support"]) == {estimator.type not in ("higher", "exact")}


@pytest.mark.parametrize("family", ["bert"], indirect=True)
def test_fused_attention_itself_has_no_second_derivative(episode):
    """Why the math kernel is asked for: should this fail one day, the asking can go."""
    module, support, _ = episode(attn_implementation="sdpa")
    weight = module.eval().bert.encoder.layer[0].attention.self.query.weight
    with sdpa_kernel(SDPBackend.FLASH_ATTENTION):
        (gradient,) = torch.autograd.grad(support(module), weight, create_graph=True)
    with pytest.raises(RuntimeError):
        torch.autograd.grad(gradient.sum(), weight)
