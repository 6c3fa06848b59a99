"""The pages that people read: short where they begin, and no link that leads nowhere."""

import re
from pathlib import Path

import pytest

from tests.docs.blocks import PAGES, ROOT

LINK = re.compile(r"\]\((?!https?://)([^)\s]+)\)")


def without_code(text: str) -> str:
    return re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)


def anchors(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", without_code(page.read_text(encoding="utf-8")), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_pages_and_sections_that_there_are(page):
    for link in LINK.findall(without_code(page.read_text(encoding="utf-8"))):
        file, _, section = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        assert target.exists(), f"{page.name} links to {link}"
        assert not section or section in anchors(target), f"{page.name} links to {link}"


def test_every_page_of_docs_is_found_from_readme_or_from_one_that_is():
    found, left = set(), [ROOT / "README.md"]
    while left:
        page = left.pop()
        if page not in found and page.suffix == ".md":
            found.add(page)
            links = LINK.findall(without_code(page.read_text(encoding="utf-8")))
            left += [(page.parent / link.partition("#")[0]).resolve() for link in links if not link.startswith("#")]
    assert set(ROOT.glob("docs/*.md")) <= found


def test_readme_is_read_in_minutes():
    words = re.findall(r"\w+", without_code((ROOT / "README.md").read_text(encoding="utf-8")))
    assert len(words) <= 700
