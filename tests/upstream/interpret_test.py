"""Saliency by hand: a loss that is linear in the embeddings."""

import pytest
import torch
from allennlp.interpret.saliency_interpreters import SimpleGradient


class Linear:
    """A predictor of three tokens; the gradient of its loss is (2, 1) at each of their embeddings."""

    def __init__(self):
        self.layer = torch.nn.Embedding.from_pretrained(torch.tensor([[1.0, 0.0], [2.0, 1.0], [3.0, 5.0]]))

    def json_to_labeled_instances(self, inputs):
        return [inputs]

    def get_interpretable_layer(self):
        return self.layer

    def get_interpretable_text_field_embedder(self):
        return self.layer

    def get_gradients(self, instances):
        self.layer(torch.tensor([[0, 1, 2]]))
        return {"grad_input_1": torch.tensor([[[2.0, 1.0]] * 3]).numpy()}, {}


def test_each_token_is_weighed_with_its_own_embedding():
    # 2 * 1 + 1 * 0, 2 * 2 + 1 * 1 and 2 * 3 + 1 * 5, of 18 in all.
    found = SimpleGradient(Linear()).saliency_interpret_from_json({})
    assert found["instance_1"]["grad_input_1"] == pytest.approx([2 / 18, 5 / 18, 11 / 18])
