"""Parts of a network that no inner loop, or none of second order, can work on."""

import torch
from allennlp.common.checks import ConfigurationError
from torch.nn import Module, RNNBase


def check_submodules(module: Module, differentiates_twice: bool) -> None:
    """
    # Parameters

    module : `Module`
        The network.
    differentiates_twice : `bool`
        Whether autograd is to differentiate support passes twice.

    # Raises

    `ConfigurationError`
        If a part has no second derivative that is needed, or gradient checkpointing is on in it.
    """
    for name, submodule in module.named_modules():
        place = f"{name or 'the model'} ({type(submodule).__name__})"
        if differentiates_twice and _runs_on_cudnn(submodule):
            raise ConfigurationError(
                f"inner_loop: {place} runs on cuDNN, whose recurrent networks have no second derivative. Take "
                '"hessian_free" or "first_order", or cuda_device -1.'
            )
        if getattr(submodule, "gradient_checkpointing", False):
            raise ConfigurationError(
                f"inner_loop: gradient checkpointing is on in {place}. It would recompute activations with theta where "
                "they were made with theta', and so give wrong meta-gradients without a word. Call its "
                'activation_checkpointing_disable(); to save memory, use the inner loop "exact" with '
                "micro_batch_size."
            )


def _runs_on_cudnn(module: Module) -> bool:
    on_gpu = isinstance(module, RNNBase) and any(parameter.is_cuda for parameter in module.parameters())
    return on_gpu and torch.backends.cudnn.enabled
