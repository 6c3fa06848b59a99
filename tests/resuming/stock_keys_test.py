"""Constructors that take the keys of the class above, however they are given, and no others."""

import inspect
from typing import Any, Optional

import pytest

from xlamaml_allennlp.resuming.stock_keys import with_stock_keys


class Stock:
    def __init__(self, model: str, patience: Optional[int] = None, checks: bool = True, **kwargs: Any) -> None:
        self.given = {"model": model, "patience": patience, "checks": checks, **kwargs}

    @classmethod
    def from_partial_objects(
        cls, model: str, patience: Optional[int] = None, checks: bool = True, **kwargs: Any
    ) -> Any:
        return cls(model.upper(), patience, checks, **kwargs)


@with_stock_keys(checks=False)
class Closed(Stock):
    def __init__(self, *, steps: int, **stock: Any) -> None:
        super().__init__(**stock)
        self.steps = steps

    @classmethod
    def from_partial_objects(cls, **stock: Any) -> Any:  # type: ignore[override]
        return super().from_partial_objects(**stock)


@with_stock_keys(patience=3)
class Further(Closed):
    def __init__(self, *, note: str, **stock: Any) -> None:
        super().__init__(**stock)
        self.note = note

    @classmethod
    def from_partial_objects(cls, *, note: str, **stock: Any) -> Any:  # type: ignore[override]
        return super().from_partial_objects(note=note, **stock)


MADE: Any = Closed, Closed.from_partial_objects
NOTED: Any = Further, Further.from_partial_objects


@pytest.mark.parametrize("make", MADE)
def test_what_the_signature_shows_is_what_is_taken_and_its_defaults_are_used(make):
    shown = {name: parameter.default for name, parameter in inspect.signature(make).parameters.items()}
    nothing = inspect.Parameter.empty
    assert shown == {"model": nothing, "patience": None, "checks": False, "steps": nothing}
    made = make("mbert", 7, steps=2)
    assert made.given == {"model": made.given["model"], "patience": 7, "checks": False}
    assert made.given["model"].lower() == "mbert"
    assert make("mbert", None, True, steps=2).given["checks"]
    for arguments, keys in (((), {"model": "m"}), (("m", 7), {"patience": 7, "steps": 1}), (("m",), {"setps": 1})):
        with pytest.raises(TypeError):
            make(*arguments, **keys)


@pytest.mark.parametrize("make", NOTED)
def test_a_class_below_adds_keys_and_defaults_of_its_own(make):
    assert list(inspect.signature(make).parameters) == ["model", "patience", "checks", "steps", "note"]
    made = make("mbert", steps=2, note="mine")
    assert (made.steps, made.note, made.given["patience"], made.given["checks"]) == (2, "mine", 3, False)
    for typo in ("stesp", "notes"):
        with pytest.raises(TypeError, match=typo):
            make("mbert", steps=2, note="mine", **{typo: 1})
