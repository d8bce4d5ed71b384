"""What a member sees who opens a resource: its link in Discord, or a page on the web."""

from html import escape
from typing import Literal
from urllib.parse import urlsplit

import discord

from bot import saying, ui
from bot.i18n import LANGUAGES, Texts
from storage.records import Resource, Said

Page = Literal["missing", "closed", "sold", "broken"]

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title} · Lyceum</title>
<style>
:root {{ color-scheme: light dark; --ink: #23262f; --soft: #5c6270; --paper: #f4f5fa;
  --card: #fff; --line: #5865f2 }}
@media (prefers-color-scheme: dark) {{
  :root {{ --ink: #eef0f6; --soft: #a9afbd; --paper: #17181d; --card: #22242b }} }}
body {{ margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem;
  box-sizing: border-box; background: var(--paper); color: var(--ink);
  font: 1rem/1.6 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans SC", sans-serif }}
main {{ max-width: 30rem; padding: 1rem 2rem; background: var(--card);
  border-top: .25rem solid var(--line); border-radius: .75rem;
  box-shadow: 0 .5rem 2rem #0001 }}
section + section {{ border-top: 1px solid #8884 }}
h1, h2 {{ font-size: 1.3rem; margin: 1.2rem 0 .3rem }}
p {{ margin: 0 0 1.2rem; color: var(--soft) }}
</style>
<main>
{sections}
</main>
</html>
"""


def opened(
    resource: Resource,
    said: Said | None,
    texts: Texts,
    *,
    is_private: bool = False,
    archived: str = "",
) -> discord.ui.LayoutView:
    """Return the answer to Open: a link button that names where it leads, and what to say after.

    ``said`` is what the member says of it, None for one who is not tracked; ``archived`` where a
    copy is of a page that died.
    """
    title = texts("links-opened", title=ui.clip(ui.plain(resource.title), 200))
    paragraphs, rows = [title], []
    if len(resource.url) > ui.LINK_URL_MAX:
        paragraphs.append(f"<{resource.url}>")
    else:
        host = urlsplit(resource.url).hostname or ""
        rows.append([ui.link_button(texts("links-go", host=ui.clip(host, 60)), resource.url)])
    if archived:
        paragraphs.append("🔴 " + texts("links-archived"))
        rows.insert(0, [ui.link_button(texts("links-archive-go"), archived)])
    if said is not None:
        paragraphs.append("-# " + texts("links-say"))
        rows += saying.rows(
            resource.guild_id, resource.resource_id, said, texts, is_private=is_private
        )
    return ui.panel(*paragraphs, rows=rows)


def page(name: Page) -> str:
    """Return a small HTML page in every language."""
    sections = []
    for level, language in enumerate(LANGUAGES, start=1):
        texts = Texts(language)
        title, text = texts(f"links-page-{name}-title"), texts(f"links-page-{name}-text")
        heading = f"h{min(level, 2)}"
        sections.append(
            f'<section lang="{language}"><{heading}>{escape(title)}</{heading}>'
            f"<p>{escape(text)}</p></section>"
        )
    first = Texts(LANGUAGES[0])(f"links-page-{name}-title")
    return _PAGE.format(title=escape(first), sections="\n".join(sections))
