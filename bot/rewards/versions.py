"""Which version of the rules decides on a moment, and what it comes to, worked out once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from bot.rewards import calendar
from bot.rewards.decisions import by_kind, capped_kinds
from bot.rewards.kinds import CLICKED, COOLED, INDEX, KINDS, Rule
from bot.rewards.ruleset import DAY_S, Multipliers, RuleSet

HOUR_S = 3_600
DATE_S = 2 * DAY_S
"""No date of any time zone lasts so long, not even where a clock is set back by a day."""


class InForce(NamedTuple):
    """A version of the rules, the moment it takes effect, and the time zone of its days."""

    effective_at: float
    version: int
    rules: RuleSet
    time_zone: str


def always(rules: RuleSet, guild_zone: str, version: int = 0) -> InForce:
    """Return a version of the rules as if it had been in force at all times."""
    return InForce(
        effective_at=float("-inf"),
        version=version,
        rules=rules,
        time_zone=calendar.zone_of(rules, guild_zone),
    )


def timeline(
    published: Iterable[tuple[float, int, RuleSet]], zones: Sequence[tuple[float, str]]
) -> list[InForce]:
    """Return versions as they decide: each again from where the guild lived in another time zone.

    Parameters
    ----------
    published
        From when on, the number, and what it says, of each version, the newest last.
    zones
        From when on the guild lived in which time zone; the first from ever on.
    """
    ends = [since for since, _ in zones[1:]] + [float("inf")]
    return [
        InForce(
            effective_at=max(effective_at, since),
            version=version,
            rules=rules,
            time_zone=calendar.zone_of(rules, zone),
        )
        for effective_at, version, rules in published
        for (since, zone), end in zip(zones, ends, strict=True)
        if end > effective_at
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a version of the rules comes to, as millions of decisions ask for it.

    Attributes
    ----------
    by_kind
        The rule of each kind, in the order of the table.
    uncapped
        The places of the kinds that do not count towards the daily cap: mostly one.
    cooldown_s
        The longest cooldown there is.
    lock_s
        How long a click locks one the other way.
    reach_s
        How far back what stands between two members can bear on a payment, by kind.
    """

    version: int
    time_zone: str
    rules: RuleSet
    by_kind: tuple[Rule, ...]
    uncapped: tuple[int, ...]
    daily_cap: int
    has_multipliers: bool
    cooldown_s: int
    lock_s: int
    reach_s: tuple[int, ...]


def terms_of(version: InForce) -> Terms:
    """Return what a version comes to."""
    rules = version.rules
    capped = capped_kinds(rules)
    lock_s = rules.general.lock_h * HOUR_S
    return Terms(
        version=version.version,
        time_zone=version.time_zone,
        rules=rules,
        by_kind=by_kind(rules),
        uncapped=tuple(INDEX[kind] for kind in KINDS if kind not in capped),
        daily_cap=rules.general.daily_cap,
        has_multipliers=rules.multipliers != Multipliers(),
        cooldown_s=max(getattr(rules, kind).cooldown_s for kind in COOLED),
        lock_s=lock_s,
        reach_s=tuple(
            max(rule.pair_days * DAY_S, lock_s if kind in CLICKED else 0, DATE_S)
            for kind, rule in zip(KINDS, by_kind(rules), strict=True)
        ),
    )


@cache
def _defaults(time_zone: str) -> Terms:
    return terms_of(always(RuleSet(), time_zone))


@dataclass(slots=True)
class Versions:
    """The versions of a guild's rules that decide on some events, the newest last.

    An event is decided by the last of them that had taken effect when it occurred, by the
    defaults in the guild's own time zone where none had.

    Attributes
    ----------
    past
        Further versions, by which something was paid that may be undone.
    """

    known: Sequence[InForce]
    time_zone: str
    past: dict[int, RuleSet] = field(default_factory=dict)
    _rising: list[tuple[float, Terms]] = field(init=False)
    _last: tuple[float, Terms] = field(init=False)

    def __post_init__(self) -> None:
        known = [(each.effective_at, terms_of(each)) for each in self.known]
        self._rising = [(float("-inf"), _defaults(self.time_zone)), *known]
        self._last = self._rising[-1]

    def at(self, moment: float) -> Terms:
        """Return what decides on a moment."""
        last_at, last = self._last
        if last_at <= moment:
            return last
        for effective_at, terms in reversed(self._rising):
            if effective_at <= moment:
                return terms
        raise AssertionError("the defaults are always in force")

    def rules_of(self, version: int) -> RuleSet:
        """Return a version's rules, the defaults for one that is not known."""
        known = {each.version: each.rules for each in self.known} | self.past
        return known.get(version) or RuleSet()

    @property
    def zones(self) -> frozenset[str]:
        """The time zones that say when what they pay for was."""
        return frozenset(terms.time_zone for terms in self._used)

    @property
    def reach_s(self) -> list[int]:
        """How far back what stands between two can bear on a payment by any of them, by kind."""
        return [max(each) for each in zip(*(terms.reach_s for terms in self._used), strict=True)]

    @property
    def silent_s(self) -> int:
        """How far back writing to silent members can bear on a payment by any of them."""
        return max(rule.silent_days * DAY_S for terms in self._used for rule in terms.by_kind)

    @property
    def answered_s(self) -> int:
        """How far back an answer can bear on a payment by any of them."""
        return max(terms.rules.answered.answer_days * DAY_S for terms in self._used)

    @property
    def clicked_s(self) -> int:
        """How far back clicks between two can bear on what others are paid for."""
        return max(self.reach_s[INDEX[kind]] for kind in CLICKED)

    def answer_s(self, moment: float) -> int:
        """How far back an answer bears on a payment at a moment."""
        return self.at(moment).rules.answered.answer_days * DAY_S

    @property
    def active_s(self) -> int:
        """How far back taking part can bear on a payment by any of them."""
        return max(terms.rules.small.few_days * DAY_S for terms in self._used)

    @property
    def _used(self) -> list[Terms]:
        """What may decide: the defaults too, unless a version is in force at all times."""
        is_always = bool(self.known) and self.known[0].effective_at == float("-inf")
        return [terms for _, terms in self._rising[is_always:]]
