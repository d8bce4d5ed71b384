"""Real people's behaviour, replayed as what it would be on Discord: then what they are shown.

A slice of the Deskdrop data (three weeks, its most active people): a view is an open of the bot's
card in a channel, a like a reaction to it, a comment a reply, a bookmark a press of Save. Then a
real refit, `/recommend`, and a digest. The data is not part of the project.
"""

import csv
import io
import zipfile
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.app import make_jobs
from bot.ids import choice
from storage import catalog, members
from storage.records import Guild
from tests.discord_sim import World, buttons_of, open_world, texts_of
from tests.patience import patient

DATA = Path(__file__).parents[2] / "shared/data/deskdrop/users_interactions.csv.zip"
DAY_S = 86_400
FIRST_DAY, N_DAYS = 20, 21
N_PEOPLE = 40

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(patient(400)),
    pytest.mark.skipif(not DATA.exists(), reason=f"the Deskdrop data is not at {DATA}"),
]


@dataclass(frozen=True)
class Deed:
    at: int
    kind: str
    content: str
    person: str


def slice_of_the_data() -> list[Deed]:
    with zipfile.ZipFile(DATA) as archive, archive.open("users_interactions.csv") as raw:
        rows = csv.DictReader(io.TextIOWrapper(raw, "utf-8"))
        deeds = [
            Deed(
                at=int(r["timestamp"]),
                kind=r["eventType"],
                content=r["contentId"],
                person=r["personId"],
            )
            for r in rows
        ]
    start = min(deed.at for deed in deeds) + FIRST_DAY * DAY_S
    deeds = [deed for deed in deeds if start <= deed.at < start + N_DAYS * DAY_S]
    busiest = {p for p, _ in Counter(deed.person for deed in deeds).most_common(N_PEOPLE)}
    deeds = [deed for deed in deeds if deed.person in busiest]
    shared = Counter(content for content, _ in {(d.content, d.person) for d in deeds})
    return sorted((deed for deed in deeds if shared[deed.content] >= 3), key=lambda deed: deed.at)


@dataclass
class Replay:
    world: World
    people: dict[str, Any]
    cards: dict[str, Any] = field(default_factory=dict)
    resource_ids: dict[str, int] = field(default_factory=dict)
    touched: dict[str, set[int]] = field(default_factory=dict)

    async def play(self, deeds: list[Deed]) -> None:
        for deed in deeds:
            elapsed = deed.at - self.world.env.now().timestamp()
            if elapsed > 0:
                await self.world.env.advance_time(elapsed)
            if deed.content not in self.cards:
                await self._share(deed)
            await self._do(deed)

    async def _share(self, deed: Deed) -> None:
        """Add the article as a moderator does, and post its card in the channel."""
        world, number = self.world, len(self.cards) + 1
        await world.moderator.slash(
            world.channel,
            "resource add",
            kind="article",
            title=f"Deskdrop article {number}",
            url=f"https://articles.example.org/{number}",
        )
        async with world.app.database.read() as conn:
            live = await catalog.live(conn, world.guild.id)
        resource_id = max(resource.resource_id for resource in live)
        shared = await world.moderator.slash(world.channel, "share", resource=choice(resource_id))
        assert not shared.ephemeral
        self.cards[deed.content] = shared.response
        self.resource_ids[deed.content] = resource_id

    async def _do(self, deed: Deed) -> None:
        person, card = self.people[deed.person], self.cards[deed.content]
        resource_id = self.resource_ids[deed.content]
        match deed.kind:
            case "VIEW":
                await person.click(card, custom_id=f"shared:open:{resource_id}")
            case "LIKE":
                await person.react(card, "👍")
            case "BOOKMARK":
                await person.click(card, custom_id=f"shared:save:{resource_id}")
            case "COMMENT CREATED":
                await person.send(self.world.channel, "a comment on that article", reply_to=card)
            case _:
                return
        self.touched.setdefault(deed.person, set()).add(resource_id)


@pytest.fixture(scope="module")
def deeds() -> list[Deed]:
    return slice_of_the_data()


@pytest.fixture
async def replay(tmp_path: Path, deeds: list[Deed]) -> AsyncIterator[Replay]:
    start = datetime.fromtimestamp(deeds[0].at - 3600, UTC)
    async with open_world(tmp_path / "replay.sqlite3", start=start) as world:
        people = {
            key: world.person(f"person-{number}")
            for number, key in enumerate(sorted({deed.person for deed in deeds}))
        }

        async def agree(conn: Any) -> None:
            now = world.env.now().timestamp()
            await members.save_guild(conn, Guild(world.guild.id, created_at=now))
            for person in people.values():
                await members.change_member(
                    conn, world.guild.id, person.id, now, consent="granted", asked_at=now
                )

        await world.app.database.write(agree)
        yield Replay(world, people)


async def test_real_people_get_what_they_have_not_seen_and_are_told_why(
    replay: Replay, deeds: list[Deed]
) -> None:
    world = replay.world
    await replay.play(deeds)
    titles = {
        number: f"Deskdrop article {i + 1}" for i, number in enumerate(replay.resource_ids.values())
    }
    refit = await world.moderator.slash(world.channel, "model refit")
    assert refit.response is not None
    busiest = [p for p, _ in Counter(deed.person for deed in deeds).most_common(6)]
    lists: list[tuple[int, ...]] = []
    reasons: list[str] = []
    for key in busiest:
        answer = await replay.people[key].slash(world.channel, "recommend")
        text = texts_of(answer.response)
        shown = tuple(n for n, title in titles.items() if f"{title}\n" in text + "\n")
        assert 1 <= len(shown) <= 5
        assert not set(shown) & replay.touched[key]
        lists.append(shown)
        reasons.append(text)
    assert len(set(lists)) > 1
    assert any("Because you" in text for text in reasons)
    await _open_changes_the_answer(replay, busiest[0])
    await _digest_arrives(replay, busiest[1], titles)


async def _open_changes_the_answer(replay: Replay, key: str) -> None:
    world, person = replay.world, replay.people[key]
    before = await person.slash(world.channel, "recommend")
    opened = next(
        b.custom_id for b in buttons_of(before.response) if b.custom_id.startswith("card:open")
    )
    await person.click(before.response, custom_id=opened)
    after = await person.slash(world.channel, "recommend")
    assert texts_of(after.response) != texts_of(before.response)


async def _digest_arrives(replay: Replay, key: str, titles: dict[int, str]) -> None:
    world, person = replay.world, replay.people[key]
    await person.slash(world.channel, "digest on")
    await world.env.advance_time(8 * DAY_S)
    digest = make_jobs(world.app, world.client)[0]
    await digest.run(world.env.now())
    await digest.run(world.env.now())
    await world.env.settle()
    letters = person.user.dm_channel.history()
    assert len(letters) == 1
    text = texts_of(letters[0])
    shown = {number for number, title in titles.items() if f"{title}\n" in text + "\n"}
    assert len(shown) >= 3
    assert not shown & replay.touched[key]
    others = [p for k, p in replay.people.items() if k != key]
    assert not any(other.user.dm_channel.history() for other in others[:5])
