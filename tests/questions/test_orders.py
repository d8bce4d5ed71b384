"""What Discord says of a thread, in any order, at the same instant, twice, or while nobody listens.

However it came, ledger, card and tags stand as the thread does. Forty threads in every run;
``HYPOTHESIS_PROFILE=explore`` before pytest makes it every pair of deeds and 400 longer stories.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import product
from random import Random
from typing import Any

import pytest
from simcord.backend.serializers import channel_payload
from sqlalchemy import func, select

from bot.questions import rules, views
from bot.questions.looking import Fitting
from storage import consistency
from storage.schema import ledger, questions
from tests.discord_sim import World, texts_of
from tests.patience import patient
from tests.questions.scenes import Forum, award, open_forum
from tests.questions.test_absences import look
from tests.questions.test_killed import press

IS_EXPLORING = os.environ.get("HYPOTHESIS_PROFILE") == "explore"
N_STORIES, N_DEEDS = (400, 7) if IS_EXPLORING else (40, 4)
PINNED = 1 << 1
STAKE = 1_000
TAG_SETS = ((50, "Solved"),), ((60, "已解决"), (61, "sql")), ((62, "sql"),), ((63, "answered"),)
AGAIN = {
    "CHANNEL_UPDATE",
    "MESSAGE_CREATE",
    "MESSAGE_DELETE",
    "MESSAGE_REACTION_ADD",
    "MESSAGE_REACTION_REMOVE",
    "MESSAGE_REACTION_REMOVE_ALL",
    "THREAD_DELETE",
    "THREAD_UPDATE",
}
"""What Discord may say twice."""


@dataclass
class Story:
    """One thread with a bounty and two answers, and what happens to it."""

    world: World
    forum: Forum
    rng: Random
    thread: Any = None
    answers: list[Any] = field(default_factory=list)
    was_away: bool = False

    @property
    def backend(self) -> Any:
        return self.world.env.backend

    @property
    def is_there(self) -> bool:
        return self.thread.id in self.backend.channels

    @property
    def meta(self) -> Any:
        return self.backend.channels[self.thread.id].thread_metadata

    async def begin(self, n: int) -> None:
        world = self.world
        self.thread = await self.forum.ask(world.alice, f"Why is my index number {n} not used?")
        asked = await self.forum.question(self.thread)
        await self.forum.service.threads.stake(asked, STAKE)
        for helper in (world.person(f"helper{n % 5}"), world.person(f"other{n % 3}")):
            await helper.send(self.thread, f"Because of the cast number {n}, I think, {helper.id}.")
            said = self.thread.history()
            self.answers.append(next(m for m in said if m.author.id == helper.id))

    # ----------------------------------------------------------------------- deeds

    def written(self) -> list[Any]:
        """Return the answers that were not deleted."""
        there = self.backend.messages.get(self.thread.id, {})
        return [there[message.id] for message in self.answers if message.id in there]

    def accept(self) -> None:
        """Right click → Apps → Accept as answer, by the asker or a moderator."""
        if found := self.written():
            who = self.rng.choice((self.world.alice, self.world.moderator))
            press(self.world.env, who, self.thread, self.rng.choice(found))

    def react(self) -> None:
        if found := self.written():
            message, alice = self.rng.choice(found), self.world.alice.id
            is_on = self.rng.random() < 0.7
            self.backend.set_reaction(self.thread.id, message.id, "✅", alice, is_on)

    def unmark(self) -> None:
        for message in self.written():
            self.backend.clear_reactions(self.thread.id, message.id)

    def delete_answer(self) -> None:
        if found := self.written():
            self.backend.delete_message(self.thread.id, self.rng.choice(found).id)

    def delete_thread(self) -> None:
        self.backend.delete_channel(self.thread.id)

    def edit(self, **meta: bool) -> None:
        self.backend.edit_channel(self.thread.id, {}, thread_metadata=meta)

    def lock(self) -> None:
        self.edit(locked=True)

    def unlock(self) -> None:
        self.edit(locked=False, archived=False)

    def archive(self) -> None:
        self.edit(archived=True)

    def wake(self) -> None:
        self.edit(archived=False)

    def change_tags(self) -> None:
        """Give the forum another set of tags; Discord takes those that are gone off of posts."""
        tags = self.rng.choice(TAG_SETS)
        blank = {"moderated": False, "emoji_id": None, "emoji_name": None}
        listed = [blank | {"id": str(number), "name": name} for number, name in tags]
        self.backend.edit_channel(self.forum.channel.id, {"available_tags": listed})
        kept = [t for t in self.applied() if t in {number for number, _ in tags}]
        self.backend.edit_channel(self.thread.id, {"applied_tags": kept})

    def pin(self) -> None:
        channel = self.backend.channels[self.thread.id]
        self.backend.emit(
            "THREAD_UPDATE", channel_payload(self.backend, channel) | {"flags": PINNED}
        )

    def delete_starter(self) -> None:
        number = str(self.thread.id)
        gone = {"id": number, "channel_id": number, "guild_id": str(self.world.guild.id)}
        self.backend.emit("MESSAGE_DELETE", gone)

    def applied(self) -> list[int]:
        return list(self.backend.channels[self.thread.id].applied_tags)

    async def do(self, *deeds: Callable[["Story"], None]) -> None:
        """Have deeds happen at one instant, and perhaps Discord say everything twice."""
        n = len(self.backend.transcript)
        for deed in deeds:
            if self.is_there:
                deed(self)
        if self.rng.random() < 0.3:
            await self.world.env.settle()
        if self.rng.random() < 0.4:
            said = [(e, p) for way, e, p in self.backend.transcript[n:] if way == "GATEWAY"]
            for event, payload in said:
                if event in AGAIN:
                    self.backend.emit(event, payload)
        await self.world.env.settle()

    async def miss(self, *deeds: Callable[["Story"], None]) -> None:
        """Have deeds happen while the bot is away, and the bot come back."""
        self.was_away = True
        with silence(self.backend):
            for deed in deeds:
                if self.is_there and deed is not Story.accept:  # nobody answers a press then
                    deed(self)
        await self.world.env.advance_time(60)
        await self.world.restart()
        await look(self.world, 3)

    # ----------------------------------------------------------------------- truth

    async def prove(self) -> None:
        """Everything stands as the thread does."""
        await self.forum.tick()
        async with self.world.app.database.read() as conn:
            assert await consistency.problems(conn) == []
            number = await conn.scalar(
                select(questions.c.question_id).where(questions.c.thread_id == self.thread.id)
            )
        assert (number is not None) is self.is_there
        asked = await self.forum.question(self.thread) if self.is_there else None
        taken = rules.accepted(await self.forum.answers(self.thread)) if self.is_there else []
        await self.prove_points(asked, {answer.message_id for answer in taken})
        if asked is None:
            return
        there = {message.id for message in self.written()}
        assert {a.message_id for a in await self.forum.answers(self.thread)} == there
        assert len(taken) <= 1
        quiet = "closed" if self.meta.locked else "answered" if there else "open"
        assert asked.state == ("solved" if taken else quiet)
        assert (asked.is_locked, asked.is_asleep) == (self.meta.locked, self.meta.archived)
        if not self.was_away and asked.state != "solved":
            assert asked.offered_id is None or asked.offered_id in self.marked()
        if not self.meta.locked and not self.meta.archived:
            await self.prove_shown(asked)

    def marked(self) -> set[int]:
        alice = self.world.alice.id
        messages = self.backend.messages[self.thread.id].values()
        return {m.id for m in messages if any(alice in r.user_ids for r in m.reactions)}

    async def prove_shown(self, asked: Any) -> None:
        """The card and the tag say how the question stands."""
        assert asked.is_shown
        names = {int(t["id"]): t["name"] for t in self.available()}
        solved = rules.tag_named(names.items(), rules.SOLVED_NAMES)
        wanted = {solved} if asked.state == "solved" and solved is not None else set()
        assert set(self.applied()) == wanted
        (card,) = self.forum.cards(self.thread)
        known = await self.forum.service.decisions.known(self.forum.guild_id, asked.question_id)
        texts = await self.forum_texts()
        assert texts_of(card) == texts_of(Shown(views.card(known, Fitting(), texts)))

    def available(self) -> list[Any]:
        return list(self.backend.channels[self.forum.channel.id].available_tags)

    async def forum_texts(self) -> Any:
        cog: Any = self.world.client.get_cog("QuestionsCog")
        return await cog.speaker.to_guild(self.forum.guild_id)

    async def prove_points(self, asked: Any, taken: set[int]) -> None:
        """Answers are paid while accepted; the bounty is somewhere, once."""
        net = await self.net("answer")
        assert {number for number, amount in net.items() if amount} == {
            a for a in taken if asked is not None and net.get(a)
        }
        won, rest = await self.net("bounty"), await self.net("change")
        moved = {n: won.get(n, 0) + rest.get(n, 0) for n in {*won, *rest}}
        moved = {number: amount for number, amount in moved.items() if amount}
        if asked is None:
            assert moved == {}
            return
        stake = (await self.net("stake", asked.question_id)).get(asked.question_id, 0)
        if asked.bounty_state == "paid":
            assert moved == {asked.bounty_answer: STAKE} and stake == -STAKE
            assert {asked.bounty_answer} == taken
        else:
            assert moved == {} and stake == (-STAKE if asked.bounty_state == "staked" else 0)
        assert asked.bounty_state != "staked" or asked.state not in ("closed", "solved")

    async def net(self, kind: str, *sources: int) -> dict[int, int]:
        """Return what entries of a kind come to by what they are for, of this thread."""
        wanted = sources or tuple(message.id for message in self.answers)
        statement = (
            select(ledger.c.source_id, func.sum(ledger.c.amount))
            .where(ledger.c.kind == kind, ledger.c.source_id.in_(wanted))
            .group_by(ledger.c.source_id)
        )
        async with self.world.app.database.read() as conn:
            return {number: int(amount) for number, amount in await conn.execute(statement)}


class Shown:
    """A view as `texts_of` reads messages."""

    content, embeds = "", ()

    def __init__(self, view: Any) -> None:
        self.components = view.to_components()


@contextmanager
def silence(backend: Any) -> Iterator[None]:
    """Let the bot hear nothing."""
    loud, backend.emit = backend.emit, lambda *_args, **_more: None
    try:
        yield
    finally:
        backend.emit = loud


DEEDS = (
    Story.accept,
    Story.react,
    Story.unmark,
    Story.delete_answer,
    Story.lock,
    Story.unlock,
    Story.archive,
    Story.wake,
    Story.change_tags,
    Story.pin,
    Story.delete_starter,
    Story.delete_thread,
)


async def told(world: World, forum: Forum, rng: Random, n: int, deeds: list[Any]) -> Story:
    story = Story(world, forum, rng)
    await story.begin(n)
    while deeds:
        some = [deeds.pop(0) for _ in range(min(len(deeds), rng.choice((1, 1, 2))))]
        how = story.miss if rng.random() < 0.15 else story.do
        await how(*some)
    if story.is_there and rng.random() < 0.2:  # the refund comes due as somebody accepts
        story.accept()
        await forum.tick(hours=72)
    return story


@pytest.mark.slow
@pytest.mark.timeout(patient(7_200 if IS_EXPLORING else 300))
async def test_whatever_is_said_of_a_thread_in_whatever_order_it_stands_as_it_is(
    lenient_world: World,
) -> None:
    world, rng = lenient_world, Random(7)
    forum = await open_forum(world, "Solved")
    await forum.service.change(forum.guild_id, world.moderator.id, suggests=False)
    await award(world, world.alice, 1_000_000)
    stories = [list(pair) for pair in product(DEEDS, DEEDS)] if IS_EXPLORING else []
    likely = [*DEEDS[:-1], *DEEDS[:4], Story.accept]
    for _ in range(N_STORIES):
        deeds = rng.choices(likely, k=N_DEEDS)
        stories.append([*deeds, Story.delete_thread] if rng.random() < 0.15 else deeds)
    for n, deeds in enumerate(stories):
        names = [deed.__name__ for deed in deeds]
        story = await told(world, forum, rng, n, deeds)
        try:
            await story.prove()
        except AssertionError as error:
            error.add_note(f"story {n}: {names}")
            raise
