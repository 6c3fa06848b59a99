"""What AllenNLP's saliency interpreters get wrong."""

from types import ModuleType
from typing import Any


def keep_each_embedding(module: ModuleType) -> None:
    """
    Lets `SimpleGradient` multiply the gradient of each token with that token's embedding. It drops the dimension of
    the batch and then takes the first of what is left, so that every token was weighed with the embedding of the first.
    """
    interpreter = module.SimpleGradient
    stock = interpreter._register_hooks

    def _register_hooks(self: Any, embeddings_list: list[Any], token_offsets: list[Any]) -> list[Any]:
        def keep(_: Any, inputs: Any, output: Any) -> None:
            embeddings_list.append(output.detach().clone())

        theirs, *others = stock(self, embeddings_list, token_offsets)
        theirs.remove()
        return [self.predictor.get_interpretable_layer().register_forward_hook(keep), *others]

    interpreter._register_hooks = _register_hooks
