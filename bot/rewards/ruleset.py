"""The reward rules of a guild as data: what they say, and the defaults.

A guild's rules are one frozen `RuleSet`: a `Rule` for each row of the table of `kinds`, which a
test holds it to, and what concerns all of them. What may be changed in it and within which bounds
is in `fields`, how it is written as JSON and TOML in `formats`, what an event earns by it in
`decisions`. Amounts are hundredths of a point throughout; where people write them they are points.
"""

from dataclasses import dataclass

from bot.dates import DAY_S as DAY_S
from bot.rewards.kinds import OF, POINT, Rule

CURVES = ("mee6", "linear", "skool", "list")
SEASONS = ("none", "monthly", "quarterly", "dates")
FEWEST = 2
"""Where anybody takes part besides two, at least so many count as others: two alone are a pair."""
MOST = 30
"""No more than so many who take part are counted where it is asked for more than half of them."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Whose clicks count less: members new here or on Discord; they give ``percent``."""

    guild_days: int = 3
    account_days: int = 7
    percent: int = 10


@dataclass(frozen=True, slots=True)
class Answered:
    """Whose clicks count in full: who is answered here.

    A click counts in full once ``answerers`` members other than the receiver answered the giver in
    ``answer_days``, by a thank, a reply or by accepting; before that from ``percent`` up, in equal
    steps. ``answerers`` 0 turns that off.

    The days also say to whom writing is in vain (`kinds.Rule.silent_days`): to who has not answered
    the author in them, nor since the author was last paid for writing to them, or whom fewer than
    ``known_to`` others answered. ``known_to`` 0 turns off all but the first, and so it is where few
    take part.

    Of those who answered somebody only these count who are not of the circle of whom it is paid to
    (`circle.Circle`): who thanked them less than ``circle`` times within the days of `helpful`, and
    had no answer of theirs accepted; unless more than half of all who take part answered.
    ``circle`` 0 turns that off, and so it is where few take part.
    """

    answerers: int = 3
    answer_days: int = 30
    percent: int = 25
    known_to: int = 1
    circle: int = 2


@dataclass(frozen=True, slots=True)
class Small:
    """Where few take part: besides two members fewer than ``others`` did anything in ``days``.

    With a part of that many, what was paid between two counts in that part (`kinds.EASED`), and as
    many fewer `Answered.answerers` are needed, for there are not more who could. ``others`` 0 turns
    that off.
    """

    others: int = 7
    few_days: int = 7


@dataclass(frozen=True, slots=True)
class Multipliers:
    """Percent by channel and by role of who is paid; of several roles the highest, but 0 wins."""

    channels: tuple[tuple[int, int], ...] = ()
    roles: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class General:
    """What concerns every rule.

    ``lock_h`` is the two-way pair lock: so many hours after one of two members was paid for
    the other's click, a click the other way pays nothing. ``zone`` says when a day ends, empty
    for the guild's own. ``by_hand`` is what one moderator may give and take in 24 hours.
    """

    daily_cap: int = 100 * POINT
    lock_h: int = 24
    zone: str = ""
    by_hand: int = 500 * POINT


@dataclass(frozen=True, slots=True)
class Levels:
    """How much each level takes.

    ``mee6`` is 5/6·l·(2l²+27l+91) points, ``linear`` 100·l, both times ``percent``; ``skool``
    has Skool's nine levels, ``list`` begins level l at the l-th of ``thresholds``.
    """

    curve: str = "mee6"
    percent: int = 20
    thresholds: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Seasons:
    """When a board begins again: never, monthly, quarterly, or on the days (YYYYMMDD) given."""

    kind: str = "none"
    starts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleSet:
    """All reward rules of a guild, the defaults where nothing is said; a rule a kind, in order."""

    message: Rule = OF["message"].default
    reply: Rule = OF["reply"].default
    helpful: Rule = OF["helpful"].default
    answer: Rule = OF["answer"].default
    resource: Rule = OF["resource"].default
    savers: Rule = OF["savers"].default
    review: Rule = OF["review"].default
    checkin: Rule = OF["checkin"].default
    task: Rule = OF["task"].default
    purchase: Rule = OF["purchase"].default
    newcomer: Newcomer = Newcomer()
    answered: Answered = Answered()
    small: Small = Small()
    multipliers: Multipliers = Multipliers()
    general: General = General()
    levels: Levels = Levels()
    seasons: Seasons = Seasons()
