"""What mkdocs calls while it builds the site (mkdocs.yml names this file)."""

import re
from typing import Any

from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files

from docs.site import commands, components, configs
from docs.site.outside import OUTSIDE, ROOT, with_links

GENERATED = {"components.md": components.page, "configs.md": configs.page, "commands.md": commands.page}
FROM_ELSEWHERE = re.compile(r"<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)=\"?https?://[^>]*>")


def on_files(files: Files, config: Any) -> Files:
    """Adds the pages that do not lie in docs/."""
    for name, page in GENERATED.items():
        files.append(File.generated(config, name, content=page()))
    for name, origin in OUTSIDE.items():
        files.append(File.generated(config, name, content=(ROOT / origin).read_text(encoding="utf-8")))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Files) -> str:
    """Lets links lead to pages of the site."""
    return with_links(markdown, page.file.src_uri, {file.src_uri for file in files})


def on_post_page(output: str, page: Any, config: Any) -> str:
    """Refuses a page that would fetch something from another host: the site works offline."""
    if found := FROM_ELSEWHERE.search(output):
        raise PluginError(f"{page.file.src_uri} fetches from another host: {found.group()}")
    return output
