"""Lays a report out as one HTML file that needs nothing else."""

import base64
import hashlib
import json
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from xlamaml_allennlp.reports.choosing import chosen
from xlamaml_allennlp.reports.contents import Contents
from xlamaml_allennlp.reports.figures.drawing import Drawn

LAYOUT = files(__package__) / "layout"


def page(contents: Contents, drawings: Sequence[tuple[Drawn, str]]) -> str:
    """
    The page. Texts of examples, names and configurations may be a stranger's: all of them are escaped, and the page's
    policy lets nothing run or load but what is in it.

    # Parameters

    contents : `Contents`
        What it shows.
    drawings : `Sequence[tuple[Drawn, str]]`
        The figures, each with its SVG.
    """
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=FunctionLoader(lambda name: (LAYOUT / name).read_text(encoding="utf-8")),
    )
    environment.filters["as_json"] = _as_json
    script = (LAYOUT / "report.js").read_text(encoding="utf-8").strip()
    return environment.get_template("report.html.j2").render(
        contents=contents,
        results=contents.results,
        shown=len(chosen(contents.results, ())),
        seeds=max((effect.seeds for each in contents.comparisons for effect in each.effects.values()), default=1),
        # matplotlib escapes what it writes into an SVG.
        drawings=[(drawn, Markup(svg)) for drawn, svg in drawings],
        style=Markup((LAYOUT / "report.css").read_text(encoding="utf-8")),
        script=Markup(script),
        script_hash=_hash(f"\n{script}\n"),
    )


def _hash(script: str) -> str:
    """What names the one script that may run, in a policy of the page."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, default=str)
