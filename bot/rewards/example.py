"""A day that most would call a good one, and what it comes to under a guild's rules.

Four messages, four replies to members who answer, six thanks from six members, one accepted answer.
Kinds that a guild pays nothing for are left out.
"""

from dataclasses import dataclass

from bot.rewards.decisions import Paid, decide
from bot.rewards.kinds import Rule
from bot.rewards.ruleset import RuleSet

GOOD_DAY = (("message", 4), ("reply", 4), ("helpful", 6), ("answer", 1))
"""How often each kind is paid for on such a day."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one kind comes to on that day: ``n`` times, ``amount`` hundredths together."""

    kind: str
    n: int
    amount: int


def good_day(rules: RuleSet) -> tuple[Part, ...]:
    """Return what a good day is made of, in the order of the table of kinds."""
    parts, capped = list[Part](), 0
    for kind, n in GOOD_DAY:
        rule: Rule = getattr(rules, kind)
        amount = 0
        for n_today in range(n if rule.points else 0):
            paid = Paid(n_today=n_today, capped_today=capped)
            one = decide(rule, rules.general.daily_cap, rules.small, paid)
            capped += one if rule.is_capped else 0
            amount += one
        if amount:
            parts.append(Part(kind, n, amount))
    return tuple(parts)
