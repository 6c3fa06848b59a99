"""
How fast sentence pairs are read: `xnli` beside allennlp_models' `snli` with a pretrained tokenizer and indexer, on the
same file with the same encoder's tokenizer.

    python -m benchmarks.xnli_reader --model-name ENCODER --data multinli_1.0_subset.jsonl

Each measurement is a process of its own with one thread; the two readers take turns. Measured are pairs per second of
processor time (other work on the machine does not count) from the file to a list of instances, the same to instances
that are indexed too, as training needs them, and the memory that the process held at most.
"""

from typing import Any

from benchmarks.reader_comparison import Comparison


def snli(model_name: str) -> dict[str, Any]:
    return {
        "type": "snli",
        "tokenizer": {"type": "pretrained_transformer", "model_name": model_name, "add_special_tokens": False},
        "token_indexers": {"tokens": {"type": "pretrained_transformer", "model_name": model_name}},
    }


if __name__ == "__main__":
    assert __doc__ is not None
    Comparison(
        module="benchmarks.xnli_reader",
        unit="pairs",
        theirs=snli,
        ours=lambda model_name: {"type": "xnli", "model_name": model_name},
        count=len,
        target=5.0,
        labels=["entailment", "neutral", "contradiction"],
    ).main(__doc__)
