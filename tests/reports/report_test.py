"""The report as a whole: what is written, and what a page may not do."""

import json
import re
import shutil
from html.parser import HTMLParser

import pandas as pd
import pytest

from tests.reports.made_up import study, write
from xlamaml_allennlp.reports import write_report
from xlamaml_allennlp.reports.collection import collect
from xlamaml_allennlp.reports.pictures import _interval


class Page(HTMLParser):
    """The tags of a page, and the texts of its cells."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.cells: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag in ("td", "th"):
            self.cells.append("")

    def handle_data(self, data):
        if self.cells:
            self.cells[-1] += data.strip()


@pytest.fixture(scope="module")
def page(report) -> Page:
    return Page(report.read_text(encoding="utf-8"))


def test_everything_is_written_and_nothing_is_loaded(report, page):
    names = {str(path.relative_to(report.parent)) for path in report.parent.rglob("*") if path.is_file()}
    assert {"results.csv", "results.parquet", "examples.parquet", "comparisons.csv", "report.html"} <= names
    assert {"tables/scores-1-accuracy.tex", "tables/scores-1-accuracy.md"} <= names
    kinds = ("heat-map", "points", "learning-curves", "confusion")
    assert {f"figures/{kind}-{n}-accuracy{end}" for n, kind in enumerate(kinds, 1) for end in (".pdf", ".png")} <= names
    used = [(tag, attributes[key]) for tag, attributes in page.tags for key in ("src", "href") if key in attributes]
    assert [reference for _, reference in used if not reference.startswith("#")] == []


def test_texts_of_strangers_are_texts(report, page):
    text = report.read_text(encoding="utf-8")
    # The made-up hypotheses hold a script, the title a tag.
    assert "&lt;script&gt;alert(" in text
    assert "<script>alert(" not in text
    assert "<h1>A &amp; B &lt;b&gt;</h1>" in text
    assert [tag for tag, _ in page.tags].count("script") == 1
    policy = next(a["content"] for tag, a in page.tags if a.get("http-equiv") == "Content-Security-Policy")
    assert re.fullmatch(r"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-[\w+/=]+'", policy)


def test_ids_are_those_of_one_element(page):
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    named = {a["xlink:href"][1:] for _, a in page.tags if "xlink:href" in a}
    assert named <= set(ids)


def test_the_paper_stands_beside_the_results(page):
    row = page.cells.index("paper, zero-shot: mBERT (Ours)")
    # ar, de, en and hi of table 3, then its mean.
    assert page.cells[row + 1 : row + 6] == ["65.65", "70.82", "81.32", "60.30", "66.48"]


def test_a_figure_takes_the_colour_of_the_page_and_names_keep_their_signs(report):
    text = report.read_text(encoding="utf-8")
    assert "currentColor" in text
    assert "#17181a" not in text[text.index("<svg") :]


def test_the_tables_agree(report):
    table = pd.read_csv(report.parent / "results.csv", keep_default_na=False)
    assert len(table) == len(pd.read_parquet(report.parent / "results.parquet")) == 24
    differences = pd.read_csv(report.parent / "comparisons.csv").set_index("target").difference
    assert differences["hi"] == pytest.approx(2)
    assert differences["mean"] == pytest.approx(0.5)


def test_a_cell_that_nobody_measured_is_a_dash_and_so_is_its_mean(tmp_path):
    folder = study(tmp_path, {"A": {}, "B": {}}, ["de", "hi"], (0,), 30)
    write(folder / "study.json", {"comparisons": [["B", "C"]]})
    for name in ("metrics.json", "predictions.jsonl"):
        path = folder / "evaluations" / "b-0" / name
        if name == "metrics.json":
            found = json.loads(path.read_text())
            write(path, {key: value for key, value in found.items() if key != "accuracy/hi"})
        else:
            path.unlink()
    text = write_report(folder, tmp_path / "out").read_text(encoding="utf-8")
    assert "B: not compared yet with C, for nothing of both is on the same data." in text
    cells = Page(text).cells
    row = cells.index("B")
    assert cells[row + 2 : row + 4] == ["–", "–"]
    assert cells[row + 1] not in ("–", "0.0")


def test_one_method_one_seed_and_one_language_make_a_report_twice_the_same(tmp_path):
    folder = study(tmp_path / "folder", {"only": {}}, ["hi"], (0,), 30)
    first, second = (write_report(folder, tmp_path / name) for name in ("first", "second"))
    assert first.read_bytes() == second.read_bytes()
    assert "What the comparisons say" not in first.read_text(encoding="utf-8")
    assert first.parent == tmp_path / "first"


def test_a_later_report_leaves_no_table_of_an_earlier_one(tmp_path):
    folder = study(tmp_path / "folder", {"A": {}, "B": {}, "C": {}}, ["hi"], (0, 1), 30)
    for control in ("A", "C"):
        write(folder / "study.json", {"comparisons": [["B", control]]})
        write_report(folder, tmp_path / "out")
    tables = {path.name for path in (tmp_path / "out" / "tables").iterdir() if path.name.startswith("difference")}
    assert tables == {"difference-1-accuracy-b-c.md", "difference-1-accuracy-b-c.tex"}


def test_a_later_report_that_draws_and_compares_less_leaves_nothing_of_an_earlier_one(tmp_path):
    folder, out = study(tmp_path / "folder", {"A": {}, "B": {}}, ["hi"], (0, 1), 30), tmp_path / "out"
    write_report(folder, out)
    before = {path.relative_to(out) for path in out.rglob("*.*")}
    shutil.rmtree(folder)
    study(folder, {"A": {}}, ["hi"], (0,), 30)
    (folder / "evaluations" / "a-0" / "predictions.jsonl").unlink()
    write_report(folder, out)
    after = {path.relative_to(out) for path in out.rglob("*.*")}
    write_report(folder, tmp_path / "anew")
    assert after == {path.relative_to(tmp_path / "anew") for path in (tmp_path / "anew").rglob("*.*")}
    assert {"comparisons.csv", "examples.parquet"} <= {path.name for path in before - after}
    assert any(path.suffix == ".pdf" for path in before - after)


def test_examples_that_were_seen_in_training_are_told_at_the_head(tmp_path):
    folder = study(tmp_path / "folder", {"A": {}}, ["hi", "sw"], (0,), 30)
    path = folder / "evaluations" / "a-0" / "metrics.json"
    found = {"seen/hi": 7, "seen_translations/hi": 2, "seen/sw": 0, "seen_translations/sw": "unknown"}
    write(path, {**json.loads(path.read_text()), **found})
    text = write_report(folder, tmp_path / "out").read_text(encoding="utf-8")
    assert "seed 0, had seen test examples, or their translations: 9 in hi." in text


def test_the_interval_of_a_mean_does_not_depend_on_the_order_of_predictions(tmp_path):
    folder = study(tmp_path / "folder", {"A": {}}, ["hi"], (0, 1), 60)
    setting = collect(folder).settings[0]
    before = _interval(collect(folder), setting, "accuracy", "hi")
    path = folder / "evaluations" / "a-1" / "predictions.jsonl"
    path.write_text("".join(reversed(path.read_text(encoding="utf-8").splitlines(keepends=True))), encoding="utf-8")
    after = _interval(collect(folder), setting, "accuracy", "hi")
    assert before is not None
    assert after is not None
    assert after.interval == pytest.approx(before.interval)
    assert after.over == before.over != "seeds only"
