"""All rules on one screen: a line a rule, and beneath it what differs from the rules in force."""

from collections.abc import Callable, Mapping
from itertools import groupby

import discord

from bot import ui
from bot.i18n import Texts
from bot.rewards.fields import FIELDS, SECTIONS, value_of
from bot.rewards.kinds import KINDS, Rule
from bot.rewards.ruleset import RuleSet
from bot.rulebook import wording
from bot.rulebook.versions import Difference

_SCALED = ("mee6", "linear")
"""Curves that a percentage bears on."""
_VALUE_MAX = 40
_LONG_MAX = 1_200
_FEW, _MANY = 8, 3
"""How many differences of one rule are named, where there are few of them and where many."""


def table(rules: RuleSet, differences: tuple[Difference, ...], texts: Texts) -> str:
    """Return a line for each rule, marked where it differs, with the differences below it.

    Parameters
    ----------
    differences
        Of `rules` from what they are compared with; none where they only are to be read.
    """
    of_rule = {
        rule: tuple(found) for rule, found in groupby(differences, key=lambda each: each.field.rule)
    }
    at_most = _FEW if len(differences) <= _FEW else _MANY
    return "\n".join(_row(rule, rules, of_rule, at_most, texts) for rule in SECTIONS)


def sections(custom_id: str, placeholder: str, texts: Texts) -> discord.ui.Select[discord.ui.View]:
    """Return a menu of all rules."""
    options = [
        discord.SelectOption(
            label=ui.clip(wording.rule_name(rule, texts), ui.OPTION_LABEL_MAX), value=rule
        )
        for rule in SECTIONS
    ]
    return ui.select(custom_id, options, placeholder)


def values(rule: str, of: RuleSet, texts: Texts) -> str:
    """Return everything that one rule says, a line each."""
    return "\n".join(
        texts(
            "rulebook-line",
            field=wording.field_name(field.name, texts),
            value=wording.value_text(field, value_of(of, field), texts, _LONG_MAX),
        )
        for field in FIELDS
        if field.rule == rule
    )


def _row(
    rule: str,
    rules: RuleSet,
    of_rule: Mapping[str, tuple[Difference, ...]],
    at_most: int,
    texts: Texts,
) -> str:
    found = of_rule.get(rule, ())
    row = texts("rulebook-row", rule=wording.rule_name(rule, texts), told=_told(rule, rules, texts))
    if not found:
        return row
    left = len(found) - at_most
    lines = [_difference(each, texts) for each in found[:at_most]]
    lines += [texts("rulebook-more", count=left)] if left > 0 else []
    return "\n-# ".join((f"✏️ {row}", *lines))


def _difference(each: Difference, texts: Texts) -> str:
    return texts(
        "rulebook-draft-was",
        field=wording.field_name(each.field.name, texts),
        before=wording.value_text(each.field, each.before, texts, _VALUE_MAX),
        after=wording.value_text(each.field, each.after, texts, _VALUE_MAX),
    )


def _told(rule: str, rules: RuleSet, texts: Texts) -> str:
    """Return what a rule comes to, in the words that are asked for most."""
    if rule in KINDS:
        return _paid(getattr(rules, rule), texts)
    return _CONCERNING_ALL[rule](rules, texts)


def _paid(rule: Rule, texts: Texts) -> str:
    if not rule.points:
        return texts("rulebook-row-off")
    amount = ui.amount_text(rule.points, texts)
    parts = (
        texts("rulebook-row-step", amount=amount, step=rule.step) if rule.step > 1 else amount,
        texts("rulebook-row-daily", count=rule.per_day),
        "" if rule.is_capped else texts("rulebook-row-uncapped"),
    )
    return " · ".join(part for part in parts if part)


def _newcomer(rules: RuleSet, texts: Texts) -> str:
    return texts("rulebook-row-newcomer", percent=rules.newcomer.percent)


def _answered(rules: RuleSet, texts: Texts) -> str:
    answered, percent = rules.answered.answerers, rules.answered.percent
    if not answered:
        return texts("rulebook-row-without")
    return texts("rulebook-row-answered", count=answered, percent=percent)


def _small(rules: RuleSet, texts: Texts) -> str:
    if not rules.small.others:
        return texts("rulebook-row-without")
    return texts("rulebook-row-small", count=rules.small.others)


def _multipliers(rules: RuleSet, texts: Texts) -> str:
    channels, roles = len(rules.multipliers.channels), len(rules.multipliers.roles)
    if not channels and not roles:
        return texts("rulebook-value-nothing")
    return texts("rulebook-row-multipliers", channels=channels, roles=roles)


def _general(rules: RuleSet, texts: Texts) -> str:
    return texts("rulebook-row-general", amount=ui.amount_text(rules.general.daily_cap, texts))


def _levels(rules: RuleSet, texts: Texts) -> str:
    curve = texts(f"rulebook-choice-{rules.levels.curve}")
    if rules.levels.curve not in _SCALED:
        return curve
    return texts("rulebook-row-levels", curve=curve, percent=rules.levels.percent)


def _seasons(rules: RuleSet, texts: Texts) -> str:
    return texts(f"rulebook-choice-{rules.seasons.kind}")


_CONCERNING_ALL: Mapping[str, Callable[[RuleSet, Texts], str]] = {
    "newcomer": _newcomer,
    "answered": _answered,
    "small": _small,
    "multipliers": _multipliers,
    "general": _general,
    "levels": _levels,
    "seasons": _seasons,
}
"""What is said of the sections that concern every rule."""
