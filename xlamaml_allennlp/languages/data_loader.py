"""The data loader of evaluations, whose batches can be made smaller from the command line."""

import inspect
from typing import Optional

from allennlp.common.checks import ConfigurationError
from allennlp.data import BatchSampler, DataLoader, DatasetReader
from allennlp.data.data_loaders import MultiProcessDataLoader
from allennlp.data.dataset_readers import DatasetReaderInput


@DataLoader.register("sampled")
class SampledDataLoader(MultiProcessDataLoader):
    """
    AllenNLP's data loader with a batch sampler, such as one of batches of like length, and with `evaluate
    --batch-size`: that sets `batch_size`, which the stock loader refuses beside a `batch_sampler`. Here it is the
    sampler's.

    Registered as a `DataLoader` with name "sampled".

    # Parameters

    reader : `DatasetReader`
        Reads the data; AllenNLP passes it.
    data_path : `DatasetReaderInput`
        The data; AllenNLP passes it.
    batch_sampler : `BatchSampler`
        What makes batches.
    batch_size : `Optional[int]`, optional (default = `None`)
        Examples in a batch, at least 1, in place of the sampler's own number.
    num_workers : `int`, optional (default = `0`)
        Processes that read, besides this one.
    max_instances_in_memory : `Optional[int]`, optional (default = `None`)
        How many instances to hold at a time. `None`: all.
    start_method : `str`, optional (default = `"fork"`)
        How these processes start.
    quiet : `bool`, optional (default = `False`)
        Whether to show no progress.

    # Raises

    `ConfigurationError`
        If `batch_size` is below 1, or the sampler has none.
    """

    def __init__(
        self,
        reader: DatasetReader,
        data_path: DatasetReaderInput,
        batch_sampler: BatchSampler,
        batch_size: Optional[int] = None,
        num_workers: int = 0,
        max_instances_in_memory: Optional[int] = None,
        start_method: str = "fork",
        quiet: bool = False,
    ) -> None:
        if batch_size is not None:
            _resize(batch_sampler, batch_size)
        super().__init__(
            reader,
            data_path,
            batch_sampler=batch_sampler,
            num_workers=num_workers,
            max_instances_in_memory=max_instances_in_memory,  # type: ignore[arg-type]
            start_method=start_method,
            quiet=quiet,
        )


def _resize(sampler: BatchSampler, batch_size: int) -> None:
    if batch_size < 1:
        raise ConfigurationError(f"batch_size: {batch_size} is below 1.")
    # The sampler of as many tokens as fit inherits an attribute of that name, and does not look at it.
    if "batch_size" not in inspect.signature(type(sampler)).parameters:
        raise ConfigurationError(
            f"batch_size: {batch_size} cannot be set, for a {type(sampler).__name__} makes batches by another rule. "
            "Leave batch_size out, or give a batch_sampler that has one."
        )
    sampler.batch_size = batch_size  # type: ignore[attr-defined]
