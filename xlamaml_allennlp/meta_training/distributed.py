"""Meta-training by several workers: each takes its share of the episodes, their meta-gradients are averaged."""

import os
import socket
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path

import torch
import torch.distributed as dist
from allennlp.common.checks import ConfigurationError
from allennlp.data import DataLoader
from allennlp.models import Model
from allennlp.nn.parallel import DdpAccelerator, DdpWrappedModel
from torch.nn import Parameter

from xlamaml_allennlp.gathering import gather
from xlamaml_allennlp.resuming.workers import rank

BUCKET = 2**24
"""Gradient entries that are averaged in one message: 64 MB in float32, instead of a second copy of all of them."""


class WholeModelAccelerator(DdpAccelerator):
    """
    Leaves the model as it is on every worker, starting from the first worker's weights.

    torch's DistributedDataParallel averages gradients in hooks of its own forward pass. Meta-gradients come from
    passes through functional views of the model, of which it knows nothing, so the trainer averages them itself.
    """

    def wrap_model(self, model: Model) -> tuple[Model, DdpWrappedModel]:
        model = model.to(self.cuda_device)
        with torch.no_grad():
            for tensor in model.state_dict(keep_vars=True).values():
                if isinstance(tensor, torch.Tensor):
                    dist.broadcast(tensor.data, src=0)
        return model, DdpWrappedModel(model, local_rank=self.local_rank, world_size=self.world_size)


def average_gradients(parameters: Iterable[Parameter]) -> None:
    """
    Replaces every `.grad` by its mean over the workers. All workers must call it, with the same parameters in order.

    Where only some workers have a gradient the others count as zero; where none has one it stays `None`, so that the
    optimizer leaves the parameter alone as it does with a single worker.
    """
    trainable = [parameter for parameter in parameters if parameter.requires_grad]
    present = torch.tensor([parameter.grad is not None for parameter in trainable], device=trainable[0].device).int()
    dist.all_reduce(present, dist.ReduceOp.MAX)
    touched = [parameter for parameter, there in zip(trainable, present.tolist(), strict=True) if there]
    for parameter in touched:
        if parameter.grad is None:
            parameter.grad = torch.zeros_like(parameter)
        elif parameter.grad.is_sparse:
            parameter.grad = parameter.grad.to_dense()
    for bucket in _buckets(touched):
        if len(bucket) == 1 and bucket[0].is_contiguous():
            # Word embeddings, most of all there is to send: where they lie, without a second copy.
            dist.all_reduce(bucket[0])
            bucket[0].div_(dist.get_world_size())
            continue
        flat = torch.cat([gradient.reshape(-1) for gradient in bucket])
        dist.all_reduce(flat)
        means = flat.div_(dist.get_world_size()).split([gradient.numel() for gradient in bucket])
        # At once: on a GPU starting a kernel for each would cost more than the copies.
        torch._foreach_copy_(bucket, [mean.view_as(each) for mean, each in zip(means, bucket, strict=True)])


def check_shares(data_loader: DataLoader, world_size: int, episodes_per_step: int) -> None:
    """
    Refuses episode counts that would leave workers waiting for each other.

    # Parameters

    data_loader : `DataLoader`
        This worker's loader, whose length is the number of its episodes per epoch.
    world_size : `int`
        The number of workers.
    episodes_per_step : `int`
        The trainer's `num_gradient_accumulation_steps`: episodes of one worker in one meta step.

    # Raises

    `ConfigurationError`
        If the length is unknown, differs among workers, or is no whole number of meta steps.
    """
    try:
        mine = len(data_loader)
    except TypeError as error:
        raise ConfigurationError(
            "Distributed meta-training needs a data_loader with a length, such as `episodes` with episodes_per_epoch."
        ) from error
    lengths = [state["length"] for state in gather({"length": mine})]
    if len(set(lengths)) > 1 or mine % episodes_per_step:
        total, whole = sum(lengths), world_size * episodes_per_step
        configured = getattr(data_loader, "episodes_per_epoch", None)
        found = (
            f"The data_loader gives {total} batches per epoch"
            if configured is None
            else f"data_loader.episodes_per_epoch is {configured}"
        )
        raise ConfigurationError(
            f"{found}, which {world_size} workers with {episodes_per_step} episodes each per meta step "
            f"(trainer.num_gradient_accumulation_steps) cannot share: choose a multiple of {whole}, such as "
            f"{-(-total // whole) * whole}. (Episodes of the workers: {', '.join(map(str, lengths))}.)"
        )


def check_folders(serialization_dir: str, world_size: int) -> None:
    """
    Refuses a serialization folder that two nodes share, where each would overwrite the other's files.

    # Raises

    `ConfigurationError`
        If another node sees this node's mark in its folder.
    """
    per_node = int(os.environ.get("ALLENNLP_PROCS_PER_NODE", world_size))
    if world_size <= per_node:
        return
    writes = rank() % per_node == 0
    mark = f".node-{uuid.uuid4().hex}"
    if writes:
        Path(serialization_dir, mark).touch()
    marks = gather({"mark": mark, "writes": writes, "host": socket.gethostname(), "node": rank() // per_node})
    shared = [
        other
        for other in marks
        if other["writes"] and other["node"] != rank() // per_node and Path(serialization_dir, other["mark"]).exists()
    ]
    dist.barrier()
    if writes:
        Path(serialization_dir, mark).unlink()
    if shared:
        raise ConfigurationError(
            f"The serialization folder {serialization_dir} is also that of the node on {shared[0]['host']}: both would "
            "write the same files. Give every node a folder of its own (`-s`)."
        )


def _buckets(parameters: list[Parameter]) -> Iterator[list[torch.Tensor]]:
    bucket: list[torch.Tensor] = []
    for parameter in parameters:
        gradient = parameter.grad
        assert gradient is not None
        if bucket and (bucket[0].dtype != gradient.dtype or sum(g.numel() for g in bucket) + gradient.numel() > BUCKET):
            yield bucket
            bucket = []
        bucket.append(gradient)
    if bucket:
        yield bucket
