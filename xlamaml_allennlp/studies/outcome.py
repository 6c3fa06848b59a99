"""What came of the steps of a study that were not done."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Failure:
    """
    A step that failed.

    # Parameters

    why : `str`
        The reason; of a command its log.
    command : `str`, optional (default = `""`)
        What fails again in the same way; empty if nothing was called.
    """

    why: str
    command: str = ""


@dataclass
class Outcome:
    """
    What came of a study.

    # Parameters

    failed : `dict[str, Failure]`
        The steps that failed, by id.
    skipped : `dict[str, str]`
        The steps that were not begun, by id, and what they would have needed.
    """

    failed: dict[str, Failure] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
