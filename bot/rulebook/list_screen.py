"""The rules in force, as moderators read them."""

from collections.abc import Iterable
from itertools import groupby

import discord

from bot import ui
from bot.i18n import Texts
from bot.rewards.fields import FIELDS, Field, value_of
from bot.rewards.ruleset import RuleSet
from bot.rulebook import wording
from bot.rulebook.draft_screen import OPEN_ID
from bot.rulebook.versions import Version


def rules_list(shown: Version, texts: Texts) -> discord.ui.LayoutView:
    """Return the rules in force, one paragraph each, and who changed them last."""
    paragraphs = (
        _rule(rule, fields, shown.rules, texts)
        for rule, fields in groupby(FIELDS, key=lambda field: field.rule)
    )
    draft = ui.button(texts("rulebook-draft-open"), OPEN_ID.format(deed="draft"))
    return ui.panel(
        wording.heading(texts("rulebook-title", version=shown.version)),
        *paragraphs,
        f"-# {_origin(shown, texts)}",
        rows=[[draft]],
    )


def _origin(shown: Version, texts: Texts) -> str:
    if shown.published is None:
        return texts("rulebook-default")
    return texts(
        "rulebook-by",
        member=ui.mention(shown.published.by, texts),
        when=f"<t:{int(shown.published.at)}:R>",
        reason=ui.plain(shown.published.reason),
    )


def _rule(rule: str, fields: Iterable[Field], of: RuleSet, texts: Texts) -> str:
    lines = (
        texts(
            "rulebook-line",
            field=wording.field_name(field.name, texts),
            value=wording.value_text(field, value_of(of, field), texts),
        )
        for field in fields
    )
    return f"**{wording.rule_name(rule, texts)}** · " + " · ".join(lines)
