"""The rules in force: all of them on one screen, and all values of one."""

import discord

from bot import ui
from bot.i18n import Texts
from bot.mentions import moment
from bot.rewards.kinds import KINDS
from bot.rulebook import rule_table, wording
from bot.rulebook.draft_screen import OPEN_ID
from bot.rulebook.versions import Version
from storage.records import RuleUse

RULE_ID = "rulebook:rule"
RULE_TEMPLATE = r"rulebook:rule"


def rules_list(shown: Version, texts: Texts) -> discord.ui.LayoutView:
    """Return what each rule comes to, who changed them last, and the menu of their values."""
    return ui.panel(
        wording.heading(texts("rulebook-title", version=shown.version)),
        rule_table.table(shown.rules, (), texts),
        f"-# {_origin(shown, texts)}",
        rows=[
            [rule_table.sections(RULE_ID, texts("rulebook-list-choose"), texts)],
            [ui.button(texts("rulebook-draft-open"), OPEN_ID.format(step="draft"))],
        ],
    )


def rule(shown: Version, name: str, use: RuleUse | None, texts: Texts) -> discord.ui.LayoutView:
    """Return all values of one rule in force, and what it paid and held back lately."""
    return ui.panel(
        wording.heading(
            texts("rulebook-rule-title", rule=wording.rule_name(name, texts), version=shown.version)
        ),
        rule_table.values(name, shown.rules, texts),
        _used(use, texts) if name in KINDS else "",
        rows=[
            [rule_table.sections(RULE_ID, texts("rulebook-list-choose"), texts)],
            [
                ui.button(texts("rulebook-list-open"), OPEN_ID.format(step="list")),
                ui.button(texts("rulebook-draft-open"), OPEN_ID.format(step="draft")),
            ],
        ],
    )


def _used(use: RuleUse | None, texts: Texts) -> str:
    if use is None:
        return "-# " + texts("points-used-nothing")
    paid, held = ui.amount_text(use.paid, texts), ui.amount_text(use.held, texts)
    return "-# " + texts("points-used", paid=paid, members=use.n_paid, held=held, fewer=use.n_held)


def _origin(shown: Version, texts: Texts) -> str:
    if shown.published is None:
        return texts("rulebook-default")
    return texts(
        "rulebook-by",
        member=ui.mention(shown.published.by, texts),
        when=moment(shown.published.at),
        reason=wording.reason_text(shown.published.reason, texts),
    )
