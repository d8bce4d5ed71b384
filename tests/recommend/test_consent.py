"""Before a member agrees, what they do shapes their own answers and nobody else's."""

from functools import partial
from typing import Any

import numpy as np
import pytest

from bot.recommend import refit
from storage import members, training
from storage.database import Database
from storage.records import EventKind
from tests.recommend.community import act, settle
from tests.recommend.test_serving import ASKING, GUILD, NOW, answer, started

QUIET = 2


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
