"""A believable community, invented: people with tastes and weeks of doing something about them.

Pure: resources and a random generator in, records out. Tastes are tags; a person opens what fits
their tastes and languages, more so if it is well known, saves and likes a part of it, and talks.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.emoji import emoji_hash
from storage.records import Event, EventKind, Resource

Floats = NDArray[np.float64]
Crowd = Sequence[tuple[int, "Person"]]
"""Discord ids with people."""

N_MEMBERS = 120
WEEKS = 16
WEEK_S = 7 * 86_400.0

_TASTES: tuple[tuple[str, ...], ...] = (
    ("python", "testing", "architecture"),
    ("machine-learning", "statistics", "math"),
    ("deep-learning", "pytorch", "computer-vision"),
    ("llm", "nlp", "deep-learning"),
    ("frontend", "javascript", "typescript", "react", "vue", "css"),
    ("databases", "sql", "postgresql", "data-engineering"),
    ("kubernetes", "docker", "devops", "cloud", "linux"),
    ("rust", "go", "cpp", "compilers", "operating-systems"),
    ("data-analysis", "pandas", "visualization", "time-series"),
    ("algorithms", "system-design", "career", "distributed-systems"),
    ("recommender-systems", "machine-learning", "data-engineering"),
)
_GIVEN = (
    "Ada Adam Aiko Alba Amara Amir Anders Anika Anton Aria Arjun Asha Bela Ben Bianca Boris Bruno "
    "Carmen Chidi Clara Dario Deniz Diego Dina Elif Elena Emre Erik Esther Farah Felix Fiona Gaia "
    "Greta Hana Hannes Hugo Ida Ines Isak Ivan Jana Jonas Julia June Kai Karim Kofi Lara Lena Leo "
    "Linus Lucia Luis Malik Mara Marek Mateo Maya Mila Milan Nadia Nikhil Nils Noor Olga Omar "
    "Oskar Pablo Paula Petra Pilar Priya Quinn Rafael Ravi Rosa Ruth Sami Selma Simon Sofia Stella "
    "Tariq Tess Theo Tomas Uma Vera Viktor Wanda Wen Yara Yusuf Zoe Zuri Maximiliane-Friederike"
).split()
_FAMILY = "王 李 张 刘 陈 杨 黄 赵 周 吴 徐 孙 马 朱 胡 林 何 郭 高 罗 欧阳 司徒".split()
_NAMES = (
    "晓 明 佳 雨桐 子涵 浩然 一诺 思远 文静 梓萱 俊杰 晨曦 若曦 博文 雅婷 天宇 欣怡 志强".split()
)
# How readily somebody reads their first and second language.
_EASE = (1.0, 0.25)
_HELPFUL = ("👍", "❤️", "💡", "🙏")


@dataclass(frozen=True, slots=True)
class Person:
    """One invented member. ``activity`` is relative; ``languages`` is what they read."""

    name: str
    tastes: tuple[str, ...]
    languages: tuple[str, ...]
    activity: float
    has_agreed: bool


def people(rng: np.random.Generator, n_people: int = N_MEMBERS) -> list[Person]:
    """Invent people: two in five read Chinese, most agreed to be learned from."""
    made: list[Person] = []
    taken: set[str] = set()
    while len(made) < n_people:
        reads_chinese = rng.random() < 0.42
        name = (
            str(rng.choice(_FAMILY)) + str(rng.choice(_NAMES))
            if reads_chinese
            else str(rng.choice(_GIVEN))
        )
        if name in taken:
            continue
        taken.add(name)
        first, second = rng.choice(len(_TASTES), size=2, replace=False)
        tastes = _TASTES[first] + (_TASTES[second][:3] if rng.random() < 0.5 else ())
        both = rng.random() < 0.45
        languages = (("zh", "en") if both else ("zh",)) if reads_chinese else ("en",)
        made.append(
            Person(
                name=name,
                tastes=tastes,
                languages=languages,
                activity=float(rng.lognormal(0.0, 0.7)),
                has_agreed=rng.random() < 0.9,
            )
        )
    return made


def affinity(person: Person, resources: Sequence[Resource], fame: Floats) -> Floats:
    """Return the chance of each resource to be the person's next, summing to 1."""
    weights = np.empty(len(resources))
    tastes = set(person.tastes)
    for i, resource in enumerate(resources):
        shared = len(tastes & set(resource.tags))
        ease = next(
            (
                e
                for e, spoken in zip(_EASE, person.languages, strict=False)
                if spoken == resource.language
            ),
            0.01,
        )
        weights[i] = fame[i] * (0.01 + 2.5 * shared**1.5) * ease
    total: Floats = weights / weights.sum()
    return total


def interactions(
    rng: np.random.Generator,
    guild_id: int,
    crowd: Sequence[tuple[int, Person]],
    resources: Sequence[Resource],
    now: float,
) -> list[Event]:
    """Invent `WEEKS` weeks of opens, saves and likes, oldest first.

    ``crowd`` pairs Discord ids with people. Resources must be stored (have ids).
    """
    fame = rng.pareto(1.6, len(resources)) + 0.4
    events: list[Event] = []
    for user_id, person in crowd:
        chances = affinity(person, resources, fame)
        n_opens = int(min(12 + 14 * person.activity, 60))
        picked = rng.choice(len(resources), size=n_opens, replace=False, p=chances)
        for index in picked:
            events += _visit(rng, guild_id, user_id, resources[index], now)
    return sorted(events, key=lambda event: event.occurred_at)


def moments(rng: np.random.Generator, until: float, n: int) -> Floats:
    """Return so many moments of the last `WEEKS`, in order, more of them lately."""
    times: Floats = np.sort(until - WEEKS * WEEK_S * rng.power(0.6, n))
    return times


def _visit(
    rng: np.random.Generator, guild_id: int, user_id: int, resource: Resource, now: float
) -> list[Event]:
    # More happened lately than at the beginning: a community that grows.
    opened = float(moments(rng, now - 120.0, 1)[0])
    kinds: list[EventKind] = [EventKind.OPEN]
    if rng.random() < 0.22:
        kinds.append(EventKind.SAVE)
    if rng.random() < 0.16:
        kinds.append(EventKind.REACTION)
    return [
        Event(
            guild_id,
            source_id=int(rng.integers(1, 2**62)),
            kind=kind,
            user_id=user_id,
            occurred_at=min(opened + 90.0 * step, now - 60.0),
            qualifier=emoji_hash("👍") if kind is EventKind.REACTION else 0,
            resource_id=resource.resource_id,
        )
        for step, kind in enumerate(kinds)
    ]


def chatter(
    rng: np.random.Generator,
    guild_id: int,
    channel_id: int,
    crowd: Sequence[tuple[int, Person]],
    now: float,
    n_messages: int = 500,
) -> list[Event]:
    """Invent `WEEKS` weeks of messages and of reactions to them, oldest first."""
    ids = np.array([user_id for user_id, _ in crowd])
    share = np.array([person.activity for _, person in crowd])
    share = share / share.sum()
    times = moments(rng, now - 300.0, n_messages)
    events: list[Event] = []
    for number, moment in enumerate(times):
        author = int(rng.choice(ids, p=share))
        message_id = 10_000 + number
        events.append(
            Event(
                guild_id=guild_id,
                source_id=message_id,
                kind=EventKind.MESSAGE,
                user_id=author,
                occurred_at=float(moment),
                channel_id=channel_id,
                length_class=int(rng.choice([1, 2, 3], p=[0.2, 0.5, 0.3])),
            )
        )
        for giver in rng.choice(ids, size=int(rng.poisson(0.9)), replace=False, p=share):
            if int(giver) != author:
                events.append(
                    Event(
                        guild_id=guild_id,
                        source_id=message_id,
                        kind=EventKind.REACTION,
                        user_id=int(giver),
                        occurred_at=float(moment) + float(rng.exponential(900.0)),
                        qualifier=emoji_hash(str(rng.choice(_HELPFUL))),
                        channel_id=channel_id,
                        target_id=author,
                    )
                )
    return sorted(
        (event for event in events if event.occurred_at < now), key=lambda event: event.occurred_at
    )
