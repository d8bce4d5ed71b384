"""Which topics are offered to somebody new, and how often the bot says what it can do."""

from collections.abc import Collection, Iterable, Mapping, Sequence

TOPICS_MAX = 12
TOPICS_MIN = 3
"""Where the server has fewer, there is nothing to choose between."""
OF_MEMBER_S = 600.0
OF_CHANNEL_S = 60.0
"""Whoever mentions the bot is answered this often at most, and a channel this often."""
REMEMBERED_MAX = 10_000


def offered(tags: Sequence[str], chosen: Collection[str]) -> tuple[str, ...]:
    """Return the topics to choose between: the most used tags, and what was chosen beside them."""
    beside = (tag for tag in tags[TOPICS_MAX:] if tag in chosen)
    return (*tags[:TOPICS_MAX], *beside)


def by_use(used: Mapping[str, int], above: Mapping[str, Sequence[str]]) -> list[str]:
    """Return topics, the most used first; what others are parts of is used as often as they.

    Parameters
    ----------
    used
        How many resources carry each tag.
    above
        Each tag with what it is a part of.
    """
    counts: dict[str, int] = {}
    for tag, n in used.items():
        for topic in above[tag]:
            counts[topic] = counts.get(topic, 0) + n
    return sorted(counts, key=lambda topic: (-counts[topic], topic))


def as_tags(interests: Iterable[str]) -> list[str]:
    """Return interests in the form of tags, which have hyphens where people write spaces."""
    return ["-".join(interest.casefold().split()) for interest in interests]


def may_answer(answered: Mapping[int, float], user_id: int, channel_id: int, now: float) -> bool:
    """Say whether a mention is to be answered, by when whom and where was answered last."""
    return (
        now - answered.get(user_id, -OF_MEMBER_S) >= OF_MEMBER_S
        and now - answered.get(channel_id, -OF_CHANNEL_S) >= OF_CHANNEL_S
    )


def still_counting(answered: Mapping[int, float], now: float) -> dict[int, float]:
    """Return what of the past answers may still hold one back."""
    return {key: at for key, at in answered.items() if now - at < OF_MEMBER_S}
