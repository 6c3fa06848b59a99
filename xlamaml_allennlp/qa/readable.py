"""What a person reads of the windows of a batch."""

from typing import Any

from xlamaml_allennlp.encoders.finite import check_scores

# What of a window's metadata is of no use to a reader of predictions.
INTERNAL = ("offsets", "context")


def readable(output_dict: dict[str, Any]) -> dict[str, Any]:
    """
    The model's output with answers in place of logits, as `make_output_human_readable` says.

    # Raises

    `ConfigurationError`
        If scores are NaN.
    """
    for scores in (output_dict["start_logits"], output_dict["end_logits"]):
        check_scores(scores)
    lines = {key: value for key, value in output_dict.items() if not key.endswith("_logits")}
    if "answers" in lines:
        lines["n_best"] = [[answer._asdict() for answer in answers] for answers in lines.pop("answers")]
        lines["answer"] = [answers[0]["text"] if answers else "" for answers in lines["n_best"]]
    if "metadata" in lines:
        lines["metadata"] = [
            {key: value for key, value in window.items() if key not in INTERNAL} for window in lines["metadata"]
        ]
    return lines
