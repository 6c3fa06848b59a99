"""The table of this room: what AllenNLP 2.10.1 misses, what removed it and when, and what stands in."""

from typing import NamedTuple

from xlamaml_allennlp.upstream import huggingface_hub, transformers
from xlamaml_allennlp.upstream.on_import import Act, when_imported


class Mend(NamedTuple):
    """What is `missing`, what `removed` it and when, what `stands_in`; `act` is called when `module` is imported."""

    missing: str
    removed: str
    stands_in: str
    module: str
    act: Act


MENDS = [
    Mend(
        "transformers.AdamW",
        "transformers 4.50 (2025)",
        "upstream/adamw.py, the same optimizer",
        "transformers",
        transformers.answer_for_adamw,
    ),
    Mend(
        "huggingface_hub.HfFolder and .Repository",
        "huggingface_hub 1.0 (2025)",
        "names that can be imported and not used",
        "huggingface_hub",
        huggingface_hub.supply_names,
    ),
    Mend(
        "`allennlp push-to-hf`",
        "huggingface_hub 1.0 (2025)",
        "an error that names `hf upload`",
        "allennlp.common.push_to_hf",
        huggingface_hub.refuse_pushing,
    ),
]


def register() -> None:
    """Lets every mend of the table act when its module is imported."""
    for mend in MENDS:
        when_imported(mend.module, mend.act)
