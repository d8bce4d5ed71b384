"""What an event earns: which rule it falls under, and how much that pays.

`qualifies` and `decide` are the policy: pure functions of a rule set, an event and what was paid
already. `fold` applies them to events in the order of the log. Amounts are hundredths of a point.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, NamedTuple

from bot import emoji
from bot.rewards.kinds import CLICKED, INDEX, KINDS, TABLE, Kind, Rule
from bot.rewards.ruleset import DAY_S, Answered, Multipliers, Newcomer, RuleSet, Small
from storage.records import Event, Logged

DISCORD_EPOCH_S = 1_420_070_400.0


def _claims() -> dict[int, tuple[int | None, ...]]:
    """Return by event the place of the kind it may claim: about nobody, somebody, in a thread."""
    levels = ("nobody", "else", "thread")

    def most(event: int, level: int) -> int | None:
        found = [k for k in TABLE if k.event == event and levels.index(k.needs) <= level]
        wanted: Kind | None = max(found, key=lambda k: levels.index(k.needs), default=None)
        return None if wanted is None else INDEX[wanted.name]

    events = {int(kind.event) for kind in TABLE}
    return {event: tuple(most(event, level) for level in range(len(levels))) for event in events}


_CLAIMS: Mapping[int, tuple[int | None, ...]] = _claims()
_NOTHING = (None, None, None)
_IS_CLICKED = tuple(name in CLICKED for name in KINDS)


class Paid(NamedTuple):
    """What was paid already and not taken back, as far as it bears on one event.

    Attributes
    ----------
    n_today
        Payments of the event's kind to the member on the event's day.
    capped_today
        What all capped rules paid them that day.
    nearest_s
        Seconds between the event and the nearest one paid of the kinds that share its
        cooldown, before or after it (events may arrive late); None for none.
    n_pair_today, n_pair, n_back
        Payments from giver to receiver, that day and in the window, and the other way in it.
    n_silent
        Payments for writing to others who have not answered, in the window; 0 where the one whom
        this is owed to has.
    n_giver
        Payments by the same giver to anybody within `kinds.GIVER_DAYS`, of answers.
    is_locked
        A click the other way round was paid lately.
    percent
        By what the amount is multiplied: channel, role, whose click it is.
    n_others
        How many take part here besides two, 0 for as many as it takes to count in full.
    """

    n_today: int = 0
    capped_today: int = 0
    nearest_s: float | None = None
    n_pair_today: int = 0
    n_pair: int = 0
    n_back: int = 0
    n_silent: int = 0
    n_giver: int = 0
    is_locked: bool = False
    percent: int = 100
    n_others: int = 0


def by_kind(rules: RuleSet) -> tuple[Rule, ...]:
    """Return the rule of each kind, in the order of the table."""
    return tuple(getattr(rules, kind) for kind in KINDS)


def qualifies(rules: tuple[Rule, ...], event: Event | Logged) -> int | None:
    """Say which rule could pay for an event at all, before asking what was paid already.

    A message in somebody else's thread, or in answer to somebody else in any thread, is a
    reply. A text that may not be read passes every condition on it; where only a picture was
    posted, a click on it counts. One's own clicks on one's own things never pay.

    Parameters
    ----------
    rules
        The rule of each kind, as `by_kind` returns them: this is asked of millions of events.

    Returns
    -------
    int or None
        The place of the kind in the table, None where no rule pays.
    """
    target_id = event.target_id
    needs = 0
    if target_id and target_id != event.user_id:  # 0 stands for somebody erased
        needs = 2 if event.in_thread else 1
    index = _CLAIMS.get(event.kind, _NOTHING)[needs]
    if index is None:
        return None
    rule = rules[index]
    if rule.points <= 0 or (rule.needs_new and event.novelty == 0):
        return None
    length = event.length_class
    if length is not None and length < rule.min_length:
        if not _IS_CLICKED[index] or not event.has_attachment:
            return None
    if rule.emoji and event.qualifier not in emoji_hashes(rule.emoji):
        return None
    return index


def decide(rule: Rule, daily_cap: int, small: Small, paid: Paid) -> int:
    """Return what an event earns that qualifies for a rule, ≥ 0.

    The last payment before the daily cap is cut to what is left of it.
    """
    # All at once: asking for one after the other takes longer than deciding, and this is asked of
    # millions of events.
    (
        n_today,
        capped_today,
        nearest_s,
        n_pair_today,
        n_pair,
        n_back,
        n_silent,
        n_giver,
        is_locked,
        percent,
        n_others,
    ) = paid
    if (
        n_today >= rule.per_day
        or is_locked
        or (nearest_s is not None and nearest_s < rule.cooldown_s)
        or (rule.pair_per_day and n_pair_today >= rule.pair_per_day)
    ):
        return 0
    share = 1 + n_today // rule.taper if rule.taper else 1
    if rule.pair_days:
        # In hundredths of a payment, for one the other way may count more or less than one.
        counted = 100 * n_pair + rule.pair_back * n_back
        if n_others:
            counted = counted * n_others // small.others
        beyond = counted - 100 * (rule.pair_full - 1)
        if beyond > 0:
            share *= 1 + beyond * rule.pair_step // 100
    share *= 1 + n_silent
    if rule.giver_taper:
        share *= 1 + n_giver // rule.giver_taper
    amount = rule.points * percent // (100 * share)
    if rule.is_capped:
        amount = min(amount, daily_cap - capped_today)
    return max(amount, 0)


def weight(rules: Answered, small: Small, n_answerers: int, n_others: int) -> int:
    """Return the percentage by which the click of somebody counts whom so many answered.

    Parameters
    ----------
    n_answerers
        How many members, other than whom the click is for, answered the giver lately.
    n_others
        How many take part besides two, 0 for as many as it takes to count in full.
    """
    needed = rules.answerers * n_others // small.others if n_others else rules.answerers
    if n_answerers >= needed:
        return 100
    return rules.percent + (100 - rules.percent) * n_answerers // needed


@dataclass(frozen=True, slots=True)
class Explained:
    """Why a payment came to what it did, as far as the amount tells.

    ``why`` is ``full``; ``more`` (a channel or a role counts more); ``share`` (1/``n``: not the
    first of the day, or between the same two); ``newcomer`` (the click of somebody new here);
    ``unanswered`` (of somebody whom hardly anybody answers), both perhaps shared, too; ``less`` (a
    channel or a role counts less, or the day's cap was near) or ``cut`` (to what was left of the
    day's cap).
    """

    why: Literal["full", "more", "share", "newcomer", "unanswered", "less", "cut"]
    n: int = 1


def explain(rules: RuleSet, kind: str, amount: int, percent: int = 100) -> Explained:
    """Return why an event of a rule's kind was paid `amount` hundredths, above 0.

    Parameters
    ----------
    percent
        What the click was worth by whose it was, as the log has it.
    """
    rule: Rule = getattr(rules, kind)
    if amount >= rule.points:
        return Explained("full" if amount == rule.points else "more")
    is_shared = rule.taper or rule.pair_days or rule.giver_taper or rule.silent_days
    n = max(round(rule.points * percent / (100 * amount)), 1)
    if rule.points * percent // (100 * n) == amount and (n == 1 or is_shared):
        if percent < 100:
            return Explained("newcomer" if percent == rules.newcomer.percent else "unanswered", n)
        return Explained("share", n)
    if kind in CLICKED and rules.newcomer.percent:
        full = rule.points * rules.newcomer.percent // 100
        n = max(round(full / amount), 1)
        if full // n == amount:
            return Explained("newcomer", n)
    return Explained("less" if rules.multipliers != Multipliers() else "cut")


def capped_kinds(rules: RuleSet) -> frozenset[str]:
    """Return the kinds that count towards the daily cap."""
    return frozenset(kind for kind in KINDS if getattr(rules, kind).is_capped)


@cache
def emoji_hashes(written: tuple[str, ...]) -> frozenset[int]:
    """Return the hashes of emoji as events carry them, of plain and of super reactions."""
    plain = frozenset(emoji.hash_of(each) for each in written)
    return plain | frozenset(map(emoji.burst_of, plain))


def is_newcomer(rules: Newcomer, user_id: int, at: float, first_at: float) -> bool:
    """Say whether a member is new: here (first seen at ``first_at``), or on Discord at all."""
    made_at = (user_id >> 22) / 1_000 + DISCORD_EPOCH_S
    is_young = at - made_at < rules.account_days * DAY_S
    return is_young or at - first_at < rules.guild_days * DAY_S


def multiplier(
    rules: Multipliers, channels: Collection[int | None], role_ids: Collection[int] | None
) -> int:
    """Return the percentage of a channel (or of the one its thread is in) and of roles."""
    percent = 100
    for channel_id, weight in rules.channels:
        if channel_id in channels:
            percent = weight
            break
    own = [weight for role_id, weight in rules.roles if role_ids and role_id in role_ids]
    if own:
        percent = 0 if 0 in own else percent * max(own) // 100
    return percent
