"""The reward rules of a guild as data: what each rule says, and the defaults.

A guild's rules are one frozen `RuleSet`. What may be changed in it and within which bounds is in
`fields`, how it is written as JSON and TOML in `formats`, what an event earns by it in `decisions`.
Amounts are hundredths of a point throughout; where people write them they are points.
"""

from dataclasses import dataclass

CURVES = ("mee6", "linear", "skool", "list")
SEASONS = ("none", "monthly", "quarterly", "dates")
DAY_S = 86_400
POINT = 100
"""One point in the ledger's unit."""
HELPFUL_EMOJI = ("👍", "❤️", "🙏", "💡", "💯", "✅", "⭐")
GIVER_DAYS = 7
"""Within how many days a giver's acts share their voice."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What one kind pays. Zero turns off whatever it bounds, but ``points`` and ``per_day``.

    Attributes
    ----------
    points
        Hundredths that one payment comes to.
    per_day
        Payments a member may get in a day.
    cooldown_s
        Seconds between two payments for writing.
    taper
        Diminishing returns: the first so many payments of a day pay in full, the next so many
        a half, then a third.
    pair_per_day
        Payments a day between the same two members.
    pair_days
        Within so many days the n-th payment between the same two pays 1/n; of accepted answers
        those in either direction count.
    giver_taper
        One giver's voice: of what a member accepts within `GIVER_DAYS` the first so many pay in
        full, the next so many a half, then a third.
    min_length
        The least length class (0 to 3) of the text.
    needs_new
        What repeats what was said minutes ago does not pay.
    is_capped
        It counts towards the daily cap.
    emoji
        Which reactions count (``helpful``).
    step
        How many of them make one payment (``savers``).
    """

    points: int
    per_day: int
    cooldown_s: int = 0
    taper: int = 0
    pair_per_day: int = 0
    pair_days: int = 0
    giver_taper: int = 0
    min_length: int = 0
    needs_new: bool = False
    is_capped: bool = True
    emoji: tuple[str, ...] = ()
    step: int = 1


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Whose clicks count less: members new here or on Discord; they give ``percent``."""

    guild_days: int = 3
    account_days: int = 7
    percent: int = 10


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
    """When a board begins anew: never, monthly, quarterly, or on the days (YYYYMMDD) given."""

    kind: str = "none"
    starts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleSet:
    """All reward rules of a guild, the defaults where nothing is said."""

    message: Rule = Rule(1 * POINT, 20, cooldown_s=60, taper=3, min_length=2, needs_new=True)
    reply: Rule = Rule(
        2 * POINT,
        10,
        cooldown_s=60,
        taper=4,
        pair_per_day=3,
        pair_days=3,
        min_length=2,
        needs_new=True,
    )
    helpful: Rule = Rule(
        2 * POINT,
        30,
        taper=10,
        pair_per_day=2,
        pair_days=7,
        min_length=1,
        needs_new=True,
        emoji=HELPFUL_EMOJI,
    )
    answer: Rule = Rule(
        15 * POINT,
        10,
        taper=2,
        pair_per_day=2,
        pair_days=30,
        giver_taper=2,
        min_length=1,
        needs_new=True,
        is_capped=False,
    )
    resource: Rule = Rule(10 * POINT, 3)
    savers: Rule = Rule(1 * POINT, 5, step=5)
    review: Rule = Rule(5 * POINT, 5)
    checkin: Rule = Rule(2 * POINT, 1, min_length=2)
    newcomer: Newcomer = Newcomer()
    multipliers: Multipliers = Multipliers()
    general: General = General()
    levels: Levels = Levels()
    seasons: Seasons = Seasons()
