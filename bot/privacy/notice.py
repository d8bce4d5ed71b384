"""The privacy notice, made from the schema and the settings: in Discord, and as a page."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

import discord

from bot import ui
from bot.i18n import LANGUAGES, Texts
from bot.privacy.service import Facts

Section = tuple[str, list[str]]
"""A heading and its lines."""

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark }}
body {{ margin: 0 auto; max-width: 42rem; padding: 1.5rem;
  font: 1rem/1.6 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans SC", sans-serif }}
section + section {{ border-top: 1px solid #8884; margin-top: 2rem }}
</style>
{body}
</html>
"""


@dataclass(frozen=True, slots=True)
class Notice:
    """The notice of one installation."""

    facts: Facts

    def sections(self, texts: Texts) -> Iterator[Section]:
        """Yield the notice, a section after the other."""
        facts = self.facts
        yield (
            texts("privacy-notice-what"),
            [
                texts(f"privacy-notice-{group}", kept=_kept(days, texts))
                for group, days in facts.groups.items()
            ],
        )
        never = "privacy-notice-read" if facts.reads_content else "privacy-notice-unread"
        yield (texts("privacy-notice-never"), [texts(never), texts("privacy-notice-others")])
        yield (
            texts("privacy-notice-why"),
            [texts("privacy-purpose"), texts("privacy-model")],
        )
        ends = [texts("privacy-notice-erase"), texts("privacy-notice-left", days=facts.left_days)]
        if facts.backup_days:
            ends.append(texts("privacy-notice-backups", days=facts.backup_days))
        yield (texts("privacy-notice-ends"), ends)
        yield (texts("privacy-notice-rights"), [texts("privacy-notice-how")])

    def card(self, texts: Texts) -> discord.ui.LayoutView:
        """Return it as a message."""
        parts = [
            f"**{heading}**\n" + "\n".join(f"- {line}" for line in lines)
            for heading, lines in self.sections(texts)
        ]
        return ui.panel("### " + texts("privacy-notice-title"), *parts)

    def page(self) -> str:
        """Return it as a page, in every language."""
        body = []
        for language in LANGUAGES:
            texts = Texts(language)
            inner = [f"<h1>{escape(texts('privacy-notice-title'))}</h1>"]
            for heading, lines in self.sections(texts):
                items = "".join(f"<li>{escape(line)}</li>" for line in lines)
                inner.append(f"<h2>{escape(heading)}</h2><ul>{items}</ul>")
            body.append(f'<section lang="{language}">{"".join(inner)}</section>')
        title = escape(Texts(LANGUAGES[0])("privacy-notice-title"))
        return _PAGE.format(title=title, body="\n".join(body))


def _kept(days: int | None, texts: Texts) -> str:
    if days is None:
        return texts("privacy-notice-kept-on")
    return texts("privacy-notice-kept-days", days=days)
