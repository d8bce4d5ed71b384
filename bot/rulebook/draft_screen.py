"""The draft: what it changes, its sections, and what may be done with it."""

from typing import Any

import discord

from bot import ui
from bot.i18n import Texts
from bot.mentions import moment
from bot.rewards.fields import FIELDS, Field, value_of, write
from bot.rewards.ruleset import RuleSet
from bot.rulebook import rule_table, wording
from bot.rulebook.drafts import Draft

OPEN_ID = "rulebook:{step}"
OPEN_TEMPLATE = r"rulebook:(?P<step>draft|ask|list)"
DISCARD_ID = "rulebook:discard:{stamp}"
DISCARD_TEMPLATE = r"rulebook:discard:(?P<stamp>\w+)"
PREVIEW_ID = "rulebook:preview"
PREVIEW_TEMPLATE = r"rulebook:preview"
SECTION_ID = "rulebook:section"
SECTION_TEMPLATE = r"rulebook:section"
FIELD_ID = "rulebook:field:{rule}"
FIELD_TEMPLATE = r"rulebook:field:(?P<rule>\w+)"


def draft(shown: Draft, texts: Texts, note: str = "") -> discord.ui.LayoutView:
    """Return the rules that the draft would publish, and what may be done with it."""
    menu = rule_table.sections(SECTION_ID, texts("rulebook-draft-choose"), texts)
    return ui.panel(
        wording.heading(texts("rulebook-draft-title")),
        note,
        _standing(shown, texts),
        later(shown, texts),
        rule_table.table(shown.rules, shown.differences, texts),
        rows=[[menu], *_ways(shown, texts)],
    )


def replaced(gone: Draft | None, texts: Texts) -> str:
    """Return that somebody else's draft is gone, "" where none is."""
    if gone is None or gone.by is None or gone.at is None:
        return ""
    member = ui.mention(gone.by, texts)
    return texts("rulebook-import-replaced", member=member, when=moment(gone.at))


def _ways(shown: Draft, texts: Texts) -> list[list[Any]]:
    """Return a row of what may be done with a draft; none where there is nothing."""
    row = [ui.button(texts("rulebook-preview-go"), PREVIEW_ID)] if shown.differences else []
    if shown.is_drafted:
        row += [
            ui.button(
                texts("rulebook-publish-go"),
                OPEN_ID.format(step="ask"),
                discord.ButtonStyle.primary,
            ),
            ui.button(
                texts("rulebook-draft-discard"),
                DISCARD_ID.format(stamp=shown.stamp),
                discord.ButtonStyle.danger,
            ),
        ]
    return [row] if row else []


def _standing(shown: Draft, texts: Texts) -> str:
    if shown.by is None or shown.at is None:
        return texts("rulebook-draft-none", version=shown.newest.version)
    if not shown.differences:
        return texts("rulebook-draft-same")
    return texts(
        "rulebook-draft-by",
        member=ui.mention(shown.by, texts),
        when=moment(shown.at),
        count=len(shown.differences),
        version=shown.live.version,
    )


def later(shown: Draft, texts: Texts) -> str:
    """Return that a version waits to take effect, "" where none does."""
    published = shown.newest.published
    if shown.newest.version == shown.live.version or published is None:
        return ""
    when = moment(published.effective_at, "f")
    return texts("rulebook-draft-later", version=shown.newest.version, when=when)


def section(shown: Draft, rule: str, texts: Texts) -> discord.ui.LayoutView:
    """Return one section of the draft, with the menu of its values."""
    fields = [field for field in FIELDS if field.rule == rule]
    lines = [_field_line(field, shown, texts) for field in fields]
    options = [
        discord.SelectOption(
            label=ui.clip(wording.field_name(field.name, texts), ui.OPTION_LABEL_MAX),
            value=field.name,
            description=ui.clip(
                texts("rulebook-draft-option", value=_plain_value(field, shown.rules, texts)),
                ui.OPTION_LABEL_MAX,
            ),
        )
        for field in fields
    ]
    row = [ui.button(texts("rulebook-draft-back"), OPEN_ID.format(step="draft"))]
    if shown.differences:
        row.insert(0, ui.button(texts("rulebook-preview-go"), PREVIEW_ID))
    menu = ui.select(FIELD_ID.format(rule=rule), options, texts("rulebook-draft-field"))
    return ui.panel(
        f"## 📝 {wording.rule_name(rule, texts)}",
        "\n".join(lines),
        "-# " + texts("rulebook-draft-weights") if rule == "multipliers" else "",
        rows=[[menu], row],
    )


def _field_line(field: Field, shown: Draft, texts: Texts) -> str:
    before, after = (value_of(of, field) for of in (shown.live.rules, shown.rules))
    name, told = wording.field_name(field.name, texts), wording.value_text(field, after, texts)
    if before == after:
        return texts("rulebook-line", field=name, value=told)
    was = wording.value_text(field, before, texts)
    return "✏️ " + texts("rulebook-draft-was", field=name, before=was, after=told)


def _plain_value(field: Field, of: RuleSet, texts: Texts) -> str:
    """Return a value where Discord shows no mentions."""
    value = value_of(of, field)
    if field.kind == "weights":
        return write(field, value) or texts("rulebook-value-nothing")
    return wording.value_text(field, value, texts)
