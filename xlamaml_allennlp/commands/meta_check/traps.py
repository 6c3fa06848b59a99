"""What is known to spoil meta-training without a word, looked for in a config and in a model."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor
from torch.nn import Module

from xlamaml_allennlp.adaptation import BatchLoss, Loss

SAME = {torch.float64: 1e-9}
"""Relative difference of two losses that count as equal, by their type; 1e-5 for others."""


def traps_of_config(params: Mapping[str, Any]) -> Iterator[str]:
    """Settings that are read without complaint, and mean something else than one would think."""
    trainer, model = params["trainer"], params.get("model", {})
    optimizer, scheduler = trainer.get("optimizer"), trainer.get("learning_rate_scheduler")
    if isinstance(optimizer, Mapping) and optimizer.get("type") == "adam" and optimizer.get("weight_decay"):
        yield (
            'trainer.optimizer.type "adam" couples the weight decay: parameters without gradient, most rows of a '
            'multilingual vocabulary, shrink in every step. "adamw" does not.'
        )
    steps = params.get("data_loader", {}).get("episodes_per_epoch")
    if isinstance(scheduler, Mapping) and scheduler.get("type") == "linear_with_warmup" and steps:
        warmup = scheduler.get("warmup_steps", 100)
        steps = steps * trainer.get("num_epochs", 20) // trainer.get("num_gradient_accumulation_steps", 1)
        if warmup >= steps / 2:
            yield f"trainer.learning_rate_scheduler warms up for {warmup} of {steps} meta steps; set its warmup_steps."
    if model.get("type") == "from_archive":
        yield (
            'model.type "from_archive": this run\'s archive will open the earlier one again when it is loaded, and has '
            "no default predictor. The models of this package take `pretrained_file` instead."
        )
    if "model_name" in model and "encoder" not in params.get("include_in_archive", []):
        yield 'include_in_archive lacks "encoder": the archive will need the hub, or the encoder\'s folder.'
    if params.get("vocabulary", {}).get("type") != "empty" and "model_name" in model:
        yield 'vocabulary.type is not "empty": one built from data numbers labels by count, differently in each stage.'
    if "validation_dataset_reader" not in params or "validation_data_loader" not in params:
        yield (
            "validation_dataset_reader or validation_data_loader is missing: `evaluate` and `predict` will take those "
            "of training, which read episodes."
        )


def traps_of_model(module: Module, support: Loss) -> Iterator[str]:
    """
    Ways in which a model's loss is not the function of its weights that the mathematics takes it for.

    # Parameters

    module : `Module`
        The model in float64. Its mode is evaluation afterwards; its buffers are as before.
    support : `Loss`
        The loss on a batch of at least two examples.
    """
    module.train()
    with torch.no_grad(), _buffers_kept(module):
        values = []
        for _ in range(2):
            torch.manual_seed(0)
            values.append(support(module))
        if values[0].dtype != torch.float64:
            yield (
                f"The loss of the model in float64 is {values[0].dtype}: something in its forward pass casts to that "
                "type. What is said here of errors holds to that type's digits only."
            )
        if not _same(*values):
            yield (
                f"In training mode the same batch with the same random state has the losses {float(values[0])} and "
                f"{float(values[1])}: the model draws random numbers that are not torch's, or keeps something between "
                "passes. Estimators that repeat a pass then see two different functions."
            )
        buffers = {name: buffer.clone() for name, buffer in module.named_buffers()}
        support(module)
        changed = [name for name, buffer in module.named_buffers() if not torch.equal(buffer, buffers[name])]
        if changed:
            yield (
                f"A pass changes the buffers {', '.join(changed[:3])}: batch statistics that support and query passes "
                "would mix. The inner loop works on copies, so they do not move in meta-training."
            )
    module.eval()
    with torch.no_grad(), _buffers_kept(module):
        yield from _traps_of_mean(module, support)


@contextmanager
def _buffers_kept(module: Module) -> Iterator[None]:
    # The reference is computed on this module: with statistics that moved it would be that of another one.
    before = {name: buffer.clone() for name, buffer in module.named_buffers()}
    try:
        yield
    finally:
        for name, buffer in module.named_buffers():
            buffer.copy_(before[name])


def _traps_of_mean(module: Module, support: Loss) -> Iterator[str]:
    if not isinstance(support, BatchLoss) or support.size < 2:
        return
    # Unequal parts, so that a sum over examples, or a mean over tokens, gives itself away.
    size = support.size - 1
    parts = support.split(size)
    whole = support(module)
    mean = torch.stack([weight * part(module) for weight, part in parts]).sum()
    if not _same(whole, mean):
        yield (
            f"The loss of {support.size} examples is {whole:.6g}, but the mean over its parts of {size} and "
            f"{support.size - size} is {mean:.6g}: it is no mean over examples. inner_loop.micro_batch_size has to be "
            "null for this model."
        )


def _same(one: Tensor, other: Tensor) -> bool:
    return torch.allclose(one, other, rtol=SAME.get(one.dtype, 1e-5), atol=0.0)
