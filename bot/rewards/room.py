"""Whether a payment that stood once has room again, beside what was paid in its place since then.

What the fold decides never exceeds a cap. A decision to count again that is taken back pays again
what had been paid before it, and the world went on: its room may have been filled.
"""

from collections.abc import Callable, Collection

from bot.rewards.decisions import capped_kinds
from bot.rewards.kinds import COOLED
from bot.rewards.ruleset import RuleSet
from bot.rewards.windows import Payment


def has_room(
    wanted: Payment, standing: Collection[Payment], rules_of: Callable[[int], RuleSet]
) -> bool:
    """Say whether a payment exceeds no cap and no cooldown of the rules that paid on its day.

    Where several versions paid, the widest of their caps holds, and the shortest of their
    cooldowns, as when events are paid by different versions on one day.

    Parameters
    ----------
    standing
        What stands that its member was paid on its day, and on the days around it.
    rules_of
        The rules of a version.
    """
    kind, of_day = wanted.kind, [paid for paid in standing if paid.day == wanted.day]
    everything = [*of_day, wanted]
    same = [paid for paid in everything if paid.kind == kind]
    terms = [getattr(rules_of(paid.rule_set), kind) for paid in same]
    if len(same) > max(rule.per_day for rule in terms):
        return False
    n_pair = sum(paid.giver_id == wanted.giver_id for paid in same)
    limits = [rule.pair_per_day for rule in terms]
    if wanted.giver_id and all(limits) and n_pair > max(limits):
        return False
    return _is_within_cap(everything, rules_of) and _is_apart(wanted, standing, rules_of)


def _is_within_cap(of_day: Collection[Payment], rules_of: Callable[[int], RuleSet]) -> bool:
    """Say whether what counts towards the daily cap of its own version comes to no more than it."""
    used = {paid.rule_set: rules_of(paid.rule_set) for paid in of_day}
    capped = {version: capped_kinds(rules) for version, rules in used.items()}
    total = sum(paid.amount for paid in of_day if paid.kind in capped[paid.rule_set])
    return total <= max(rules.general.daily_cap for rules in used.values())


def _is_apart(
    wanted: Payment, standing: Collection[Payment], rules_of: Callable[[int], RuleSet]
) -> bool:
    """Say whether nothing else was paid for writing within the cooldown."""
    if wanted.kind not in COOLED:
        return True
    own = getattr(rules_of(wanted.rule_set), wanted.kind).cooldown_s
    return all(
        abs(paid.earned_at - wanted.earned_at)
        >= min(own, getattr(rules_of(paid.rule_set), paid.kind).cooldown_s)
        for paid in standing
        if paid.kind in COOLED
    )
