"""
How fast questions are read: `mlqa` beside allennlp_models' `transformer_squad`, on the same file in SQuAD's format with
the same encoder's tokenizer and the same lengths (384 tokens, stride 128, questions of 64).

    python -m benchmarks.mlqa_reader --model-name ENCODER --data xquad.en.json

Each measurement is a process of its own with one thread; the two readers take turns. Measured are questions per second
of processor time (other work on the machine does not count) from the file to a list of instances with all windows, the
same to instances that are indexed too, as training needs them, and the memory that the process held at most. The ids in
the file have to be all different.
"""

from typing import Any

from benchmarks.reader_comparison import Comparison


def questions(windows: list[Any]) -> int:
    return len({window["metadata"].metadata["id"] for window in windows})


if __name__ == "__main__":
    assert __doc__ is not None
    Comparison(
        module="benchmarks.mlqa_reader",
        unit="questions",
        theirs=lambda model_name: {"type": "transformer_squad", "transformer_model_name": model_name},
        ours=lambda model_name: {"type": "mlqa", "model_name": model_name},
        count=questions,
        target=6.0,
    ).main(__doc__)
