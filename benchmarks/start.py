"""
What the data of stage 1 and of an evaluation cost before the first batch and in a pass, with kept examples and without.

    python -m benchmarks.start --model-name ENCODER --use train --data en=multinli_1.0_subset.jsonl
    python -m benchmarks.start --model-name ENCODER --use test --data xnli.test.tsv

Does what `allennlp train` and `evaluate` do with data and nothing else: reads them into a data loader as the configs
have it, looks at what was read for the manifest (`train`) or at what was seen of it (`test`), makes every batch once.
Seconds are of the processor, one thread, imports and tokenizer not included; memory is what the process has more at the
end than before its data, in megabytes. A first start tokenizes and keeps, a second one finds what was kept.
"""

import argparse
import logging
import multiprocessing
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Optional

from benchmarks.in_turn import Figures, main
from benchmarks.scale import memory

LOADERS: dict[str, dict[str, Any]] = {
    "train": {"batch_size": 32, "shuffle": True},
    "test": {
        "type": "sampled",
        "batch_sampler": {"type": "bucket", "batch_size": 64, "sorting_keys": ["tokens"], "padding_noise": 0},
    },
}


def start(options: argparse.Namespace, cache: Optional[str]) -> Figures:
    """Starts and passes over the data once."""
    from allennlp.common import Lazy, Params
    from allennlp.common.util import import_module_and_submodules
    from allennlp.data import DataLoader, Vocabulary

    import_module_and_submodules("xlamaml_allennlp")
    from xlamaml_allennlp.nli.dataset_reader import XnliReader
    from xlamaml_allennlp.provenance.manifest import Manifest
    from xlamaml_allennlp.provenance.manifest_examples import remember
    from xlamaml_allennlp.provenance.manifest_reading import Reading
    from xlamaml_allennlp.provenance.protocol import Protocol
    from xlamaml_allennlp.provenance.seen import seen_of

    logging.disable(logging.INFO)
    language, is_named, file = options.data.rpartition("=")
    if options.copies > 1:
        file = _copied(file, options.copies)
    data_path: Any = {language: file} if is_named else file
    reader = XnliReader(options.model_name, cache=cache)

    def made(reader: Any, data_path: Any) -> DataLoader:
        keys = Params({**LOADERS[options.use], "quiet": True})
        return DataLoader.from_params(keys, reader=reader, data_path=data_path)

    before, began = memory()["resident"], time.process_time()
    if options.use == "train":
        reading = Reading("start", Protocol(), {"train": data_path})
        loader = reading.watched(Lazy(made)).construct(reader=reader, data_path=data_path)
        reading.after(Manifest())
    else:
        loader = made(reader, data_path)
        seen_of(Manifest(), remember(loader.iter_instances(), data_path))
    loader.index_with(Vocabulary.empty())
    started = time.process_time()
    count = sum(1 for _ in loader)
    passed = time.process_time()
    return {"start": started - began, "pass": passed - started, "MB": memory()["resident"] - before, "batches": count}


def first(options: argparse.Namespace) -> Figures:
    with tempfile.TemporaryDirectory() as folder:
        return start(options, folder)


def second(options: argparse.Namespace) -> Figures:
    with tempfile.TemporaryDirectory() as folder:
        _apart(lambda: start(options, folder))
        return start(options, folder)


def _copied(path: str, copies: int) -> str:
    """A file of several times the lines, with the same header."""
    copied = Path(tempfile.gettempdir(), f"{copies}-times-{Path(path).name}")
    if not copied.exists():
        header, *lines = Path(path).read_text(encoding="utf-8").splitlines(keepends=True)
        is_json = header.startswith("{")
        rows = [header, *lines] if is_json else lines
        copied.write_text(("" if is_json else header) + "".join(rows) * copies, encoding="utf-8")
    return str(copied)


def _apart(work: Callable[[], Any]) -> None:
    process = multiprocessing.get_context("fork").Process(target=work)
    process.start()
    process.join()
    if process.exitcode != os.EX_OK:
        raise SystemExit(f"the first start ended with {process.exitcode}")


CONTENDERS = {
    "without a cache": lambda options: start(options, None),
    "first start": first,
    "second start": second,
}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model-name", required=True, help="transformers folder, or a hub name")
    parser.add_argument("--use", choices=list(LOADERS), required=True)
    parser.add_argument("--data", required=True, help="XNLI's or MNLI's file, or LANGUAGE=FILE where it tells none")
    parser.add_argument("--copies", type=int, default=1, help="how often to read the file's rows (default: 1)")
    main("benchmarks.start", CONTENDERS, parser, ["start", "pass", "MB"])
