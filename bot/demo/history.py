"""What a community does beside opening and talking: it answers, checks in, publishes. Pure.

Records out, resources and people in, like `bot.demo.community`; `bot.demo.seed` writes them down.
"""

from dataclasses import dataclass

import numpy as np

from bot import dates
from bot.demo.community import Crowd, moments
from storage.records import Event, EventKind, Resource, ResourceKind

N_DILIGENT = 10
CHECKIN_DAYS = 45
ZONE = "UTC"
_DAY_S = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """Something that somebody of the cast made, ``weeks`` ago."""

    by: str
    weeks: float
    kind: ResourceKind
    title: str
    page: str
    summary: str
    tags: tuple[str, ...]
    language: str
    minutes: int | None = None


def checkins(
    rng: np.random.Generator, guild_id: int, channel_id: int, crowd: Crowd, now: float
) -> list[tuple[int, Event]]:
    """Invent weeks of daily check-ins, each with its day; some people hardly miss one."""
    made: list[tuple[int, Event]] = []
    for user_id, _ in sorted(crowd, key=lambda each: -each[1].activity)[:N_DILIGENT]:
        diligence = rng.beta(2.0, 2.0)
        hour = rng.uniform(0.0, 0.9)
        for ago in range(CHECKIN_DAYS, 0, -1):
            at = now - (ago - hour) * _DAY_S
            if rng.random() < diligence and at < now - 300.0:
                event = Event(
                    guild_id=guild_id,
                    source_id=int(rng.integers(1, 2**62)),
                    kind=EventKind.CHECKIN,
                    user_id=user_id,
                    occurred_at=at,
                    channel_id=channel_id,
                    length_class=3,
                )
                made.append((dates.day_of(at, ZONE), event))
    return made


def answers(
    rng: np.random.Generator,
    guild_id: int,
    channel_id: int,
    crowd: Crowd,
    now: float,
    n_questions: int = 25,
) -> list[Event]:
    """Invent questions in threads: who asked, who answered, and the answer that was accepted."""
    ids = np.array([user_id for user_id, _ in crowd])
    share = np.array([person.activity for _, person in crowd])
    made: list[Event] = []
    for number, asked in enumerate(moments(rng, now - 7_200.0, n_questions)):
        thread_id = 50_000 + number
        asker, helper, other = rng.choice(ids, size=3, replace=False, p=share / share.sum())
        deeds = (
            (EventKind.THREAD, thread_id, asker, None),
            (EventKind.MESSAGE, 60_000 + 2 * number, helper, asker),
            (EventKind.MESSAGE, 60_001 + 2 * number, other, asker),
            (EventKind.ACCEPTED, 60_000 + 2 * number, asker, helper),
        )
        made += [
            Event(
                guild_id=guild_id,
                source_id=source_id,
                kind=kind,
                user_id=int(who),
                occurred_at=float(asked) + 900.0 * step,
                channel_id=channel_id if kind is EventKind.THREAD else thread_id,
                target_id=None if whom is None else int(whom),
                length_class=3 if kind is EventKind.MESSAGE else None,
            )
            for step, (kind, source_id, who, whom) in enumerate(deeds)
        ]
    return made


def resource_of(
    one: Published, guild_id: int, maker: tuple[int, str], moderator_id: int, now: float
) -> Resource:
    """Return what a member published as the catalogue keeps it; ``maker`` is their id and name."""
    at = now - one.weeks * 7 * _DAY_S
    return Resource(
        guild_id=guild_id,
        kind=one.kind,
        title=one.title,
        url=f"https://study-hall.example/{one.page}",
        summary=one.summary,
        tags=one.tags,
        language=one.language,
        minutes=one.minutes,
        is_free=one.kind != "consultation",
        creator=maker[1],
        creator_id=maker[0],
        added_by=moderator_id,
        published_at=at,
        created_at=at,
        updated_at=at,
    )


def publication(resource: Resource, moderator_id: int) -> Event:
    """Return the event that a moderator put a member's resource into the catalogue."""
    return Event(
        guild_id=resource.guild_id,
        source_id=resource.resource_id,
        kind=EventKind.PUBLISHED,
        user_id=moderator_id,
        occurred_at=resource.created_at,
        resource_id=resource.resource_id,
        target_id=resource.creator_id,
    )
