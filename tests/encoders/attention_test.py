import pytest
import torch
from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.encoders.encoder import load_encoder

# What transformers 5.24 has no fused kernel for.
EAGER_ONLY = ("deberta-v2", "rembert")
# Shape: (3, 9); the second row is padded by more than a window of local attention reaches.
IDS = torch.tensor(
    [[2, 20, 21, 22, 3, 23, 24, 25, 3], [2, 20, 3, 0, 0, 0, 0, 0, 0], [2, 30, 31, 32, 33, 34, 35, 36, 3]]
)


@pytest.fixture
def encoded(family, family_folder):
    """The states and the gradient of a sum over them, without padding, for a kernel."""
    padding = 1 if family in ("roberta", "xlm-roberta", "xlm-roberta-xl", "xmod") else 0
    mask = IDS != 0
    inputs = {"input_ids": IDS.masked_fill(~mask, padding), "attention_mask": mask}
    if family == "xmod":
        inputs["lang_ids"] = torch.tensor([0, 1, 0])

    def under(attention):
        encoder = load_encoder(family_folder, attention=attention).eval()
        states = encoder(**inputs).last_hidden_state[mask]
        states.pow(2)[:, ::2].sum().backward()
        gradients = {name: p.grad for name, p in encoder.named_parameters() if p.grad is not None}
        return encoder.config._attn_implementation, states.detach(), gradients

    return under


def test_auto_is_the_fused_kernel_where_there_is_one_and_says_what_eager_says(family, encoded):
    kernel, states, gradients = encoded("auto")
    expected_kernel, expected_states, expected_gradients = encoded("eager")
    assert (kernel, expected_kernel) == ("eager" if family in EAGER_ONLY else "sdpa", "eager")
    torch.testing.assert_close(states, expected_states, rtol=1e-5, atol=1e-5)
    assert gradients.keys() == expected_gradients.keys()
    size = max(float(gradient.abs().max()) for gradient in expected_gradients.values())
    for name, gradient in gradients.items():
        torch.testing.assert_close(gradient, expected_gradients[name], rtol=1e-4, atol=1e-5 * size, msg=name)


def test_a_kernel_that_is_unknown_or_not_there_is_refused(family, family_folder):
    with pytest.raises(ConfigurationError, match='"flash" is none of auto, eager, sdpa, flash_attention_2'):
        load_encoder(family_folder, attention="flash")
    if family in EAGER_ONLY:
        with pytest.raises(ConfigurationError, match=f'"sdpa" does not exist for .*{family}.*Take "auto"'):
            load_encoder(family_folder, attention="sdpa")


def test_a_kernel_that_is_not_installed_is_not_looked_for_at_the_hub(bert_folder, monkeypatch):
    monkeypatch.setattr("xlamaml_allennlp.encoders.attention.is_flash_attn_2_available", lambda: False)
    with pytest.raises(ConfigurationError, match=r'"flash_attention_2" needs the package flash-attn.*Take "auto"'):
        load_encoder(str(bert_folder), attention="flash_attention_2")
