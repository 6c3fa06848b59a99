"""What AllenNLP's interpreters (`allennlp.interpret`) ask a predictor for."""

from typing import Any

from allennlp.data import Instance
from allennlp.predictors import Predictor
from torch import Tensor
from torch.nn import Module
from torch.utils.hooks import RemovableHandle


class InterpretablePredictor(Predictor):
    """
    A predictor of a model on a transformers encoder, whose interpreters see the embeddings of the encoder's tokens,
    special ones included. A subclass says what label the model gives, in `predictions_to_labeled_instances`.
    """

    def get_interpretable_layer(self) -> Module:
        return self._model.encoder.get_input_embeddings()  # type: ignore[union-attr,operator]

    def get_interpretable_text_field_embedder(self) -> Module:
        # Asked for the places of words among pieces, of which these models know nothing: they read pieces.
        return self.get_interpretable_layer()

    def get_gradients(self, instances: list[Instance]) -> tuple[dict[str, Any], dict[str, Any]]:
        with self._model.not_counting():  # type: ignore[operator]  # a prediction that is its own label is no result
            return super().get_gradients(instances)

    def _register_embedding_gradient_hooks(self, embedding_gradients: list[Tensor]) -> list[RemovableHandle]:
        # AllenNLP's own is a kind of hook that torch warns of in every pass. Interpreters change the embeddings by
        # hooks that come before this one.
        def listen(module: Module, inputs: Any, output: Tensor) -> None:
            output.register_hook(embedding_gradients.append)

        return [self.get_interpretable_layer().register_forward_hook(listen)]
