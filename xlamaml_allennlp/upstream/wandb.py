"""What AllenNLP misses in wandb: its callback asks it for the ids of runs."""

import uuid
from types import ModuleType


def supply_run_ids(module: ModuleType) -> None:
    """Lets `wandb.util.generate_id()` give eight letters and digits, as it did."""
    if not hasattr(module.util, "generate_id"):
        module.util.generate_id = lambda length=8: uuid.uuid4().hex[:length]
