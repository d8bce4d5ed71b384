"""Before a member agrees, what they do shapes their own answers and nobody else's.

Here stand the promises of the texts profile-consent-ask-text, profile-consent-notice-text,
profile-consent-granted, profile-consent-earlier, profile-consent-declined and profile-learning-*:
what the refit's arrays hold, and what a request reads of others.
"""

import ast
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import bot
from bot.profile.rules import trains_from
from bot.recommend import arrays, refit
from storage import catalog, consent, events, feedback, impressions, members, training
from storage.connection import Connection
from storage.database import Database
from storage.records import (
    Consent,
    ConsentPolicy,
    Event,
    EventKind,
    Guild,
    Impression,
    Member,
    Rating,
    Resource,
)
from tests.recommend.community import act, settle
from tests.recommend.test_serving import ASKING, GUILD, NOW, answer, started

BOT = Path(bot.__file__).parent
QUIET = 2
MOMENTS = (100.0, 200.0, 300.0)
"""When everybody below does everything once, before, between and after what they say."""


def everybody() -> list[Member]:
    """Return a member for everything that may be stored about consent."""
    said: tuple[Consent, ...] = ("unknown", "granted", "declined")
    choices = product(
        said, (None, 150.0, 200.0), (None, 150.0, 250.0), (False, True), (True, False)
    )
    return [
        Member(
            GUILD,
            user_id,
            consent=answered,
            consent_at=at,
            asked_at=asked_at,
            has_earlier=has_earlier,
            is_tracked=is_tracked,
            interests=("gardens",),
            interests_at=(None, *MOMENTS)[user_id % 4],
        )
        for user_id, (answered, at, asked_at, has_earlier, is_tracked) in enumerate(choices, 1)
    ]


async def live(database: Database, people: Iterable[Member]) -> None:
    """Store the members, a resource, and at each moment an event and an impression of each."""
    resource = Resource(
        guild_id=GUILD, kind="article", title="A", url="https://example.org/", tags=("gardens",)
    )

    async def job(conn: Connection) -> None:
        resource_id = await catalog.add(conn, resource)
        for person in people:
            await members.save_member(conn, person, 1.0)
            for at in MOMENTS:
                done = Event(
                    guild_id=GUILD,
                    source_id=int(at),
                    kind=EventKind.OPEN,
                    user_id=person.user_id,
                    occurred_at=at,
                )
                await events.append(conn, replace(done, resource_id=resource_id), NOW)
                shown = Impression(
                    guild_id=GUILD,
                    user_id=person.user_id,
                    resource_id=resource_id,
                    surface="recommend",
                    position=1,
                    arm="model",
                    shown_at=at,
                    score=0.5,
                )
                await impressions.append(conn, shown)
            await feedback.mark(conn, GUILD, person.user_id, resource_id, "useful", MOMENTS[-1])
            rated = Rating(guild_id=GUILD, resource_id=resource_id, user_id=person.user_id, stars=5)
            await feedback.rate(conn, replace(rated, rated_at=MOMENTS[-1]))

    await database.write(job)


@pytest.mark.parametrize("policy", ["ask", "notice"])
async def test_nothing_is_read_of_others_but_what_they_allow(
    database: Database, policy: ConsentPolicy
) -> None:
    await database.write(lambda conn: members.save_guild(conn, Guild(GUILD, consent_policy=policy)))
    people = everybody()
    await live(database, people)
    windows = {p.user_id: at for p in people if (at := trains_from(policy, p)) is not None}
    allowed = {(user, at) for user, from_at in windows.items() for at in MOMENTS if at >= from_at}
    told = {p.user_id for p in people if (p.interests_at or 0) >= windows.get(p.user_id, np.inf)}
    async with database.read() as conn:
        until = await training.watermark(conn, GUILD)
        fitted = await refit.load(conn, GUILD, until)
        fresh = arrays.interactions(await training.fresh(conn, GUILD, 0, 0.0))
        _, context = await refit.surroundings(conn, GUILD, 0.0)
        n = len(allowed)
        known = [await impressions.hardly_shown(conn, GUILD, [1], below) for below in (n, n + 1)]
        found = await consent.windows(conn, GUILD)
        judged = arrays.showings(await impressions.judged(conn, GUILD, 0.0))
        (voices,) = await feedback.ranking(conn, GUILD)
    assert {i: w.from_at for i, w in found.items() if w.from_at is not None} == windows
    speaking = sum(at == MOMENTS[-1] for _, at in allowed)
    assert (voices.n_members, voices.useful, voices.n_ratings) == (speaking,) * 3
    assert 0 < len(allowed) < len(people) * len(MOMENTS) / 2
    for read in (fitted, fresh, context.shown):
        assert len(read) == len(allowed)
        assert set(zip(read.members.tolist(), read.times.tolist(), strict=True)) == allowed
    assert set(context.declared.members.tolist()) == told
    assert known == [[], [1]]
    assert sorted(judged.members.tolist()) == sorted(user for user, _ in allowed)


@pytest.mark.parametrize(
    "said",
    [
        None,  # nobody ever heard of them
        {"consent": "unknown"},
        {"consent": "unknown", "asked_at": NOW},
        {"consent": "declined"},
        {"consent": "granted", "is_tracked": False},
    ],
)
async def test_without_consent_events_reach_neither_the_fit_nor_what_others_are_shown(
    database: Database, said: dict[str, Any] | None
) -> None:
    community = await settle(database, GUILD)
    change = partial(members.change_member, guild_id=GUILD, user_id=QUIET, now=NOW)
    if said is not None:
        await database.write(partial(change, **said))
    running = started(database)
    before, own = await answer(running, ASKING), await answer(running, QUIET)
    for n, kind in enumerate((EventKind.SAVE, EventKind.OPEN, EventKind.REACTION), start=1):
        sources = {"first_source": n * 10**13}
        await act(database, GUILD, QUIET, kind, community.gardens[:20], NOW - 60, **sources)
    async with database.read() as conn:
        until = await training.watermark(conn, GUILD)
        fitted = await refit.load(conn, GUILD, until)
    assert QUIET not in fitted.members
    assert len(fitted.members) > 100
    assert await answer(running, ASKING) == await answer(started(database), ASKING) == before
    assert await answer(running, QUIET) != own
    await database.write(partial(change, consent="granted", is_tracked=True))
    async with database.read() as conn:
        assert np.count_nonzero((await refit.load(conn, GUILD, until)).members == QUIET) == 60
    assert await answer(running, ASKING) != before


READS = {
    "feedback.has_met": "the member's own",
    "feedback.mark": "the member's own",
    "feedback.ranking": "of others",
    "feedback.unmark": "the member's own",
    "training.chunks": "of others",
    "training.fresh": "of others",
    "training.shown": "of others",
    "training.interests": "of others",
    "impressions.hardly_shown": "of others",
    "impressions.judged": "of others",
    "impressions.lately": "the member's own",
    "impressions.taken": "the member's own",
    "deeds.of": "the member's own",
    "events.append": "nothing",
    "impressions.impression": "the member's own",
    "deeds.columns": "the member's own",
    "deeds.is_saved": "the member's own",
    "training.guilds_due": "whether something happened",
    "training.is_taken_back": "whether something happened",
    "training.pulse": "whether something happened",
    "training.watermark": "whether something happened",
}
"""What recommending and digests ask of what members did. "Of others" is tested above: a new
question belongs there, too."""


def test_nothing_else_is_asked_of_what_members_did() -> None:
    rooms = ("deeds", "training", "impressions", "events", "feedback")
    files = [path for room in ("recommend", "digest") for path in (BOT / room).glob("*.py")]
    asked = {
        f"{call.func.value.id}.{call.func.attr}"
        for path in files
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id in rooms
    }
    assert len(files) > 8
    assert asked == set(READS)
