"""Pages of the site that do not lie in docs/, and links between pages wherever they lie."""

import re
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).parents[2]
# By page of the site: the file that it is.
OUTSIDE = {
    "index.md": "README.md",
    "demo.md": "demo/README.md",
    "contributing.md": "CONTRIBUTING.md",
    "changelog.md": "CHANGELOG.md",
}
CODE = re.compile(r"(^```.*?^```$)", flags=re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(!?)\[([^\]]*)\]\((?!https?://|#)([^)\s]+)\)")


def with_links(markdown: str, page: str, pages: set[str]) -> str:
    """
    A page's Markdown with links as the site needs them; a link to a file that the site does not have is its name.

    # Parameters

    markdown : `str`
        The text of the page.
    page : `str`
        Its name on the site.
    pages : `set[str]`
        The names of all files of the site.
    """
    file = OUTSIDE.get(page, f"docs/{page}")
    names = {origin: name for name, origin in OUTSIDE.items()}

    def link(match: re.Match[str]) -> str:
        target, _, section = match[3].partition("#")
        where = (ROOT / file).parent.joinpath(target).resolve().relative_to(ROOT)
        name = names.get(str(where), str(where.relative_to("docs")) if where.parts[:1] == ("docs",) else "")
        if name not in pages:
            return f"`{PurePosixPath(where)}`"
        return f"{match[1]}[{match[2]}]({name}{'#' * bool(section)}{section})"

    parts = CODE.split(markdown)
    return "".join(part if part.startswith("```") else LINK.sub(link, part) for part in parts)
