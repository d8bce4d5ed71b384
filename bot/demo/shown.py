"""What an invented community was shown, and what it said of it. Pure.

Most of what somebody opened stood on a list of five: an answer, a digest, a search. Lists that
nobody opened anything of stand beside them, as everywhere.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

import numpy as np

from bot import dates
from bot.demo.community import Crowd, Floats, affinity
from bot.demo.history import ZONE
from bot.digest import rules
from storage.records import (
    Delivery,
    DigestItem,
    Event,
    EventKind,
    Impression,
    Mark,
    Resource,
    Surface,
)

DAYS = 60
"""So far back lists and opinions are remembered."""
LISTED = 5
_FOUND_ON_A_LIST = 0.6
_IDLE_PER_OPENED = 0.7
_SURFACES: Mapping[Surface, float] = {
    "recommend": 0.5,
    "digest": 0.25,
    "search": 0.2,
    "similar": 0.05,
}
_NAMES = list(_SURFACES)
_SHARES = np.cumsum(list(_SURFACES.values()))
_TOP = np.cumsum(1.0 / np.arange(1, LISTED + 1)) / np.sum(1.0 / np.arange(1, LISTED + 1))
"""How often what was opened stood at each place or above."""
# What some of those who opened something say of it.
_MARKS: Mapping[Mark, tuple[EventKind, float]] = {
    "useful": (EventKind.USEFUL, 0.14),
    "known": (EventKind.KNOWN, 0.03),
    "too_hard": (EventKind.TOO_HARD, 0.03),
    "too_easy": (EventKind.TOO_EASY, 0.02),
}
_FINISHED = 0.08
_DAY_S = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class List:
    """Five resources that one member was shown at once, and what they opened of them."""

    cards: tuple[Impression, ...]
    opened: Event | None = None

    @property
    def surface(self) -> Surface:
        """Where it was shown."""
        return self.cards[0].surface


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What a member said of a resource; ``mark`` is None where they finished it."""

    event: Event
    mark: Mark | None


def lists(
    rng: np.random.Generator,
    crowd: Crowd,
    resources: Sequence[Resource],
    events: Sequence[Event],
    now: float,
    *,
    except_for: Collection[int] = (),
) -> list[List]:
    """Invent the lists that opens of ``events`` were found on, and idle ones, oldest first.

    The ids of their cards count from 1; what was opened has that of its card for a source.

    Parameters
    ----------
    resources
        The catalogue; they must be stored (have ids).
    except_for
        Who is shown nothing: the people whom a visitor plays, whose lists are the visitor's.
    """
    fame = np.ones(len(resources))
    chances = {
        user_id: affinity(person, resources, fame)
        for user_id, person in crowd
        if user_id not in except_for
    }
    found: list[tuple[tuple[Impression, ...], Event | None]] = []
    for event in events:
        is_known = event.user_id in chances and event.occurred_at > now - DAYS * _DAY_S
        if event.kind is not EventKind.OPEN or not is_known:
            continue
        if rng.random() < _FOUND_ON_A_LIST:
            found.append((_cards(rng, event, resources, chances[event.user_id]), event))
        if rng.random() < _IDLE_PER_OPENED * _FOUND_ON_A_LIST:
            earlier = event.occurred_at - float(rng.uniform(0.1, 3.0)) * _DAY_S
            idle = replace(event, occurred_at=earlier, resource_id=None)
            found.append((_cards(rng, idle, resources, chances[event.user_id]), None))
    found.sort(key=lambda each: each[0][0].shown_at)
    return [_numbered(cards, opened, 1 + at * LISTED) for at, (cards, opened) in enumerate(found)]


def _numbered(cards: Sequence[Impression], opened: Event | None, first: int) -> List:
    known = tuple(replace(card, impression_id=first + at) for at, card in enumerate(cards))
    if opened is None:
        return List(cards=known)
    card = next(each for each in known if each.resource_id == opened.resource_id)
    return List(cards=known, opened=replace(opened, source_id=card.impression_id))


def _cards(
    rng: np.random.Generator, opened: Event, resources: Sequence[Resource], chances: Floats
) -> tuple[Impression, ...]:
    """Return five cards that suit a member, what they opened among them and rather at the top."""
    # The five that win a race at these rates: drawing without replacement, in one go.
    drawn = np.argsort(rng.exponential(size=len(resources)) / chances)[:LISTED]
    shown = [resources[at].resource_id for at in drawn.tolist()]
    if opened.resource_id is not None and opened.resource_id not in shown:
        shown[int(np.searchsorted(_TOP, rng.random()))] = opened.resource_id
    surface = _NAMES[int(np.searchsorted(_SHARES, rng.random()))]
    at = opened.occurred_at - float(rng.uniform(5.0, 600.0))
    return tuple(
        Impression(
            guild_id=opened.guild_id,
            user_id=opened.user_id,
            resource_id=resource_id,
            surface=surface,
            position=place,
            arm="model",
            shown_at=at,
        )
        for place, resource_id in enumerate(shown, 1)
    )


def opinions(rng: np.random.Generator, events: Sequence[Event], now: float) -> list[Opinion]:
    """Invent what some said of what they had opened, each resource once."""
    marks = list(_MARKS)
    share = [_MARKS[mark][1] for mark in marks]
    made: list[Opinion] = []
    for event in events:
        if event.kind is not EventKind.OPEN or event.occurred_at < now - DAYS * _DAY_S:
            continue
        drawn = rng.choice(len(marks) + 1, p=[*share, 1.0 - sum(share)])
        if drawn < len(marks):
            kind = _MARKS[marks[drawn]][0]
            made.append(Opinion(event=_later(rng, event, kind, now), mark=marks[drawn]))
        if rng.random() < _FINISHED:
            made.append(Opinion(event=_later(rng, event, EventKind.DONE, now), mark=None))
    return made


def _later(rng: np.random.Generator, opened: Event, kind: EventKind, now: float) -> Event:
    return replace(
        opened,
        kind=kind,
        source_id=int(rng.integers(1, 2**62)),
        occurred_at=min(opened.occurred_at + float(rng.uniform(120.0, 7_200.0)), now - 30.0),
    )


def read_together(
    rng: np.random.Generator,
    guild_id: int,
    crowd: Crowd,
    resources: Sequence[Resource],
    now: float,
    *,
    n_resources: int = 4,
    n_readers: int = 7,
) -> list[Event]:
    """Invent what a reading group opened and saved this week: the same few things."""
    known = [one for one in resources if one.kind in ("article", "video")]
    made: list[Event] = []
    for at in rng.choice(len(known), size=n_resources, replace=False):
        one = known[at]
        fit = [
            user
            for user, person in crowd
            if set(person.tastes) & set(one.tags) and one.language in person.languages
        ]
        for user_id in rng.permutation(fit)[:n_readers]:
            moment = now - float(rng.uniform(0.1, 5.5)) * _DAY_S
            for step, kind in enumerate((EventKind.OPEN, EventKind.SAVE)):
                made.append(
                    Event(
                        guild_id=guild_id,
                        source_id=int(rng.integers(1, 2**62)),
                        kind=kind,
                        user_id=int(user_id),
                        occurred_at=moment + 300.0 * step,
                        resource_id=one.resource_id,
                    )
                )
    return made


def letters(lists: Sequence[List]) -> list[Delivery]:
    """Return the digests among lists, one a member and week."""
    made: dict[tuple[int, str], Delivery] = {}
    for each in lists:
        if each.surface != "digest":
            continue
        first = each.cards[0]
        period = rules.period(dates.utc(first.shown_at), ZoneInfo(ZONE))
        made.setdefault(
            (first.user_id, period),
            Delivery(
                guild_id=first.guild_id,
                user_id=first.user_id,
                period=period,
                state="sent",
                nonce=f"{first.user_id % 10**10}-{period}",
                items=tuple(DigestItem(c.resource_id, c.impression_id) for c in each.cards),
                claimed_at=first.shown_at,
                sent_at=first.shown_at,
            ),
        )
    return list(made.values())
