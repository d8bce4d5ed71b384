"""What an event earns: which rule it falls under, and how much that pays.

`qualifies` and `decide` are the policy: pure functions of a rule set, an event and what was paid
already. `Fold` applies them to events in the order of the log. Amounts are hundredths of a point.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, NamedTuple

from bot import emoji
from bot.rewards.kinds import CLICKED, KINDS, WRITTEN, Kind
from bot.rewards.ruleset import DAY_S, Multipliers, Newcomer, Rule, RuleSet
from storage.records import Event, EventKind, Logged

HOUR_S = 3_600
DISCORD_EPOCH_S = 1_420_070_400.0


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
    n_pair_today, n_pair
        Payments between giver and receiver, that day in this direction and in the window; of
        answers in both directions.
    n_giver
        Payments by the same giver to anybody within `ruleset.GIVER_DAYS`, of answers.
    is_locked
        A click the other way round was paid lately.
    percent
        By what the amount is multiplied: channel, role, newcomer.
    """

    n_today: int = 0
    capped_today: int = 0
    nearest_s: float | None = None
    n_pair_today: int = 0
    n_pair: int = 0
    n_giver: int = 0
    is_locked: bool = False
    percent: int = 100


INDEX = {kind: index for index, kind in enumerate(KINDS)}
IS_CLICKED = frozenset(INDEX[kind] for kind in CLICKED)
IS_WRITTEN = frozenset(INDEX[kind] for kind in WRITTEN)
_OWN: Mapping[int, Kind] = {int(EventKind.CHECKIN): "checkin"}
_OTHERS: Mapping[int, Kind] = {
    **_OWN,
    int(EventKind.REACTION): "helpful",
    int(EventKind.ACCEPTED): "answer",
    int(EventKind.PUBLISHED): "resource",
    int(EventKind.SAVE): "savers",
    int(EventKind.REVIEWED): "review",
}
REPLY, HELPFUL, SAVERS, ANSWER = (
    INDEX["reply"],
    INDEX["helpful"],
    INDEX["savers"],
    INDEX["answer"],
)
MESSAGE, DELETED, REACTION = (
    int(EventKind.MESSAGE),
    int(EventKind.MESSAGE_DELETED),
    int(EventKind.REACTION),
)


def qualifies(rules: RuleSet, event: Event | Logged) -> Kind | None:
    """Say which rule could pay for an event at all, before asking what was paid already.

    A message in somebody else's thread, or in answer to somebody else in any thread, is a
    reply. A text that may not be read passes every condition on it; where only a picture was
    posted, a click on it counts. One's own clicks on one's own things never pay.
    """
    index = claimed(by_kind(rules), event)
    return None if index is None else KINDS[index]


def by_kind(rules: RuleSet) -> tuple[Rule, ...]:
    """Return the rule of each kind, in their order."""
    return tuple(getattr(rules, kind) for kind in KINDS)


def claimed(rules: tuple[Rule, ...], event: Event | Logged) -> int | None:
    """Return the place in `KINDS` of the rule that could pay; asked of millions of events."""
    user_id, target_id = event.user_id, event.target_id
    is_others = bool(target_id) and target_id != user_id  # 0 stands for somebody erased
    if event.kind == MESSAGE:
        index = 1 if is_others and event.in_thread else 0
    else:
        found = _OTHERS.get(event.kind) if is_others else _OWN.get(event.kind)
        if found is None:
            return None
        index = INDEX[found]
    rule = rules[index]
    if rule.points <= 0 or (rule.needs_new and event.novelty == 0):
        return None
    length = event.length_class
    if length is not None and length < rule.min_length:
        if index not in IS_CLICKED or not event.has_attachment:
            return None
    if index == HELPFUL and event.qualifier not in helpful_hashes(rule.emoji):
        return None
    return index


def decide(rules: RuleSet, kind: Kind, paid: Paid) -> int:
    """Return what an event of a rule's kind earns, ≥ 0.

    The last payment before the daily cap is cut to what is left of it.
    """
    return amount_of(getattr(rules, kind), rules.general.daily_cap, *paid)


def amount_of(
    rule: Rule,
    daily_cap: int,
    n_today: int,
    capped_today: int,
    nearest_s: float | None,
    n_pair_today: int,
    n_pair: int,
    n_giver: int,
    is_locked: bool,
    percent: int,
) -> int:
    """Return what `decide` does, of arguments in the order of `Paid`: asked of millions."""
    if (
        n_today >= rule.per_day
        or is_locked
        or (nearest_s is not None and nearest_s < rule.cooldown_s)
        or (rule.pair_per_day and n_pair_today >= rule.pair_per_day)
    ):
        return 0
    share = 1 + n_today // rule.taper if rule.taper else 1
    if rule.pair_days:
        share *= 1 + n_pair
    if rule.giver_taper:
        share *= 1 + n_giver // rule.giver_taper
    amount = rule.points * percent // (100 * share)
    if rule.is_capped:
        amount = min(amount, daily_cap - capped_today)
    return max(amount, 0)


@dataclass(frozen=True, slots=True)
class Explained:
    """Why a payment came to what it did, as far as the amount tells.

    ``why`` is ``full``; ``more`` (a channel or a role counts more); ``share`` (1/``n``: not the
    first of the day, or between the same two); ``newcomer`` (the click of somebody new here);
    ``less`` (a channel or a role counts less, or the day's cap was near) or ``cut`` (to what
    was left of the day's cap).
    """

    why: Literal["full", "more", "share", "newcomer", "less", "cut"]
    n: int = 1


def explain(rules: RuleSet, kind: Kind, amount: int) -> Explained:
    """Return why an event of a rule's kind was paid `amount` hundredths, above 0."""
    rule: Rule = getattr(rules, kind)
    if amount >= rule.points:
        return Explained("full" if amount == rule.points else "more")
    if rule.taper or rule.pair_days or rule.giver_taper:
        n = round(rule.points / amount)
        if rule.points // n == amount:
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
def helpful_hashes(written: tuple[str, ...]) -> frozenset[int]:
    """Return the hashes of emoji as events carry them."""
    return frozenset(emoji.hash_of(each) for each in written)


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
