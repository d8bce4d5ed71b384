"""What a member is likely to want among what fits their query: a bonus that is never large.

It decides between resources that fit about as well; beside what the title says of the query it is
small, so that a query's own words win. Unknown is unknown: a resource whose language or level
nobody gave gains half of what the right one would, and loses nothing.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

LANGUAGE, TASTE, LEVEL = 0.2, 0.08, 0.04
"""What a resource gains at most by its language, its tags, its level."""
UNKNOWN = 0.5
"""Share of that for what is not known."""
LEVELS = ("beginner", "intermediate", "advanced")
INTEREST = 2.0
"""Resources with a tag that naming it as an interest is worth."""
READ_SHARE = 0.2
"""Of what a member turned to, so much at least is in a language that they read unless spoken to in
it; the same as in `bot.recommend.rules`."""
LIKED_MAX = 50
"""Resources of which a member's taste is read, those they turned to last."""


@dataclass(frozen=True, slots=True)
class Trait:
    """What of a resource may suit a member; "" and None are unknown."""

    resource_id: int
    language: str = ""
    level: str | None = None
    tags: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Reader:
    """What is known of a member: languages (two letters), level (0 to 2), weight of each tag."""

    languages: frozenset[str] = frozenset()
    level: float | None = None
    tags: Mapping[str, float] = field(default_factory=dict)


def reader(languages: Iterable[str], interests: Iterable[str], liked: Iterable[Trait]) -> Reader:
    """Return what is known of a member by what they say and what they turned to.

    Parameters
    ----------
    languages
        Those the member is spoken to in, and asks in.
    interests
        Tags that they named.
    liked
        What they opened, saved or answered, and did not dismiss.
    """
    known = list(liked)
    tags = Counter({tag: INTEREST for tag in interests})
    for one in known:
        tags.update(one.tags)
    levels = [LEVELS.index(one.level) for one in known if one.level in LEVELS]
    read = Counter(one.language[:2] for one in known if one.language)
    least = READ_SHARE * read.total()
    spoken = [*languages, *(code for code, n in read.items() if n >= least)]
    return Reader(
        languages=frozenset(code[:2] for code in spoken if code),
        level=median(levels) if levels else None,
        tags=dict(tags),
    )


def bonus(one: Trait, of: Reader) -> float:
    """Return what a resource gains for a member, from 0 to the sum of the three."""
    return _by_language(one, of) + _by_level(one, of) + _by_taste(one, of)


def _by_language(one: Trait, of: Reader) -> float:
    if not one.language or not of.languages:
        return LANGUAGE * UNKNOWN
    return LANGUAGE * (one.language[:2] in of.languages)


def _by_level(one: Trait, of: Reader) -> float:
    if one.level not in LEVELS or of.level is None:
        return LEVEL * UNKNOWN
    return LEVEL * (1 - abs(LEVELS.index(one.level) - of.level) / (len(LEVELS) - 1))


def _by_taste(one: Trait, of: Reader) -> float:
    """Return what its best tag is worth, beside the one that they turned to most."""
    if not of.tags or not one.tags:
        return 0.0
    best = max(of.tags.get(tag, 0.0) for tag in one.tags)
    return TASTE * best / max(of.tags.values())
