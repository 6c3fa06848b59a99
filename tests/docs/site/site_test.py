"""Pages of the site that lie elsewhere, and what mkdocs is told; `make docs` builds it and stops at any warning."""

import re

import pytest
import yaml

from docs.site import commands
from docs.site.hook import FROM_ELSEWHERE, GENERATED
from docs.site.outside import OUTSIDE, ROOT, with_links

PAGES = {"index.md", "demo.md", "changelog.md", "data.md", "training.md", "episode.svg"}


@pytest.mark.parametrize(
    ("page", "markdown", "on_the_site"),
    [
        ("index.md", "[pairs](docs/data.md#labels)", "[pairs](data.md#labels)"),
        ("index.md", "![an episode](docs/episode.svg)", "![an episode](episode.svg)"),
        ("index.md", "[it](demo/README.md)", "[it](demo.md)"),
        ("training.md", "[changes](../CHANGELOG.md)", "[changes](changelog.md)"),
        ("demo.md", "[what it is](../README.md)", "[what it is](index.md)"),
        # Not of the site: what it is called.
        ("data.md", "[the code](../setup.py)", "`setup.py`"),
        ("data.md", "[here](#labels), [there](https://example.org/a.md)", None),
        ("data.md", "```\n[a](b)\n```", None),
    ],
)
def test_a_link_leads_to_a_page_of_the_site_wherever_that_lies(page, markdown, on_the_site):
    assert with_links(markdown, page, PAGES) == (markdown if on_the_site is None else on_the_site)


def test_every_page_has_a_place_in_the_navigation():
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    named = set(re.findall(r": (\w+\.md)$", text, flags=re.MULTILINE))
    assert named == {path.name for path in ROOT.glob("docs/*.md")} | set(OUTSIDE) | set(GENERATED)
    assert yaml.safe_load(text)["site_dir"] == "build/docs"  # which git ignores and `make clean` removes


def test_a_page_that_would_fetch_from_another_host_is_known():
    assert FROM_ELSEWHERE.search('<script src="https://example.org/a.js"></script>')
    assert FROM_ELSEWHERE.search('<link rel="stylesheet" href="http://example.org/a.css">')
    assert not FROM_ELSEWHERE.search('<a href="https://example.org">there</a><img src="episode.svg">')


def test_every_subcommand_is_in_the_reference_with_its_options():
    text = commands.page()
    for name, option in (
        ("study", "--dry-run"),
        ("report", "--output"),
        ("episodes", "--step"),
        ("export", "--metrics"),
    ):
        section = text.split(f"## `{name}`\n")[1].split("\n## ")[0]
        assert re.search(rf"^[^\n]*`{option}`[^\n]*\n:   \w", section, flags=re.MULTILINE)
