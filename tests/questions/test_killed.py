"""Questions asked and answered while the real process is killed and started again and again.

Sixteen questions and two kills in every run; ``HYPOTHESIS_PROFILE=explore`` before pytest makes it
a thousand questions and twenty kills.
"""

import asyncio
import os
import random
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from simcord.backend import serializers
from simcord.enums import AppCommandType

from tests.discord_sim import _emit, texts_of
from tests.patience import patient
from tests.test_process import ROOT, Scene
from tests.wire import WireEnv, WireServer

IS_EXPLORING = os.environ.get("HYPOTHESIS_PROFILE") == "explore"
N_QUESTIONS, N_KILLS = (1_000, 20) if IS_EXPLORING else (16, 2)
READ_WITHIN_S = 120.0 + N_QUESTIONS
"""Each thread that was missed is asked for, read and shown: half a second on a busy machine."""
MODULE = ("tests.questions.quick_bot",)


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    server = WireServer(WireEnv())
    made = Scene(server, tmp_path / "lyceum.sqlite3")
    await server.start()
    yield made
    for process in made.processes:
        await process.kill()
    await server.stop()


def press(env: Any, member: Any, thread: Any, message: Any) -> None:
    """Use the command on a message; simcord's actors know only a client in their own process."""
    payload = dict(serializers.message_payload(env.backend, message))
    root = member._resolve_root("Accept as answer", AppCommandType.MESSAGE, thread.id)
    data = {
        "id": root["id"],
        "name": root["name"],
        "type": int(AppCommandType.MESSAGE),
        "target_id": str(message.id),
        "resolved": {"messages": {str(message.id): payload}},
    }
    _emit(env, 2, member, thread.id, data)


class Asking:
    """People who ask, answer, accept and delete, whether or not the bot is up."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.chance = scene, random.Random(5)
        self.forum = scene.guild.create_forum_channel("help")
        blank = {"moderated": False, "emoji_id": None, "emoji_name": None}
        tags = [blank | {"id": "50", "name": "Solved"}]
        scene.env.backend.edit_channel(self.forum.id, {"available_tags": tags})
        self.threads: list[int] = []
        self.n_asked = 0

    async def live(self, n_questions: int) -> None:
        """Have so many questions asked, with a word, an acceptance or a deletion in between."""
        backend = self.scene.env.backend
        for _ in range(n_questions):
            asker = self.chance.choice(self.scene.people[1:])
            thread = backend.create_thread(
                self.forum.id, f"Why {self.n_asked}?", asker.id, applied_tags=[], broadcast=False
            )
            self.n_asked += 1
            backend.announce_thread_create(thread)
            self.threads.append(thread.id)
            await asyncio.sleep(self.chance.uniform(0.0, 0.1))
            await self.act(self.chance.choice(self.threads))

    async def act(self, thread_id: int) -> None:
        backend = self.scene.env.backend
        helper = self.chance.choice(self.scene.people[1:])
        deed = self.chance.random()
        if deed < 0.7:
            backend.create_message(thread_id, helper.id, f"Because of {self.chance.random()}.")
        elif deed < 0.8:
            backend.delete_channel(thread_id)
            self.threads.remove(thread_id)
        elif said := self.answers(thread_id):
            backend.delete_message(thread_id, self.chance.choice(said).id)

    async def accept_all(self) -> None:
        """Have a moderator accept the newest answer everywhere; the bot may die meanwhile."""
        moderator = self.scene.people[0]
        for thread_id in list(self.threads):
            if thread_id not in self.threads:
                continue  # deleted meanwhile
            said = self.answers(thread_id)
            thread = next((each for each in self.forum.threads if each.id == thread_id), None)
            if said and thread is not None:
                press(self.scene.env, moderator, thread, said[-1])
                await asyncio.sleep(0.05)

    def answers(self, thread_id: int) -> list[Any]:
        """Return what others than the asker wrote in a thread, the oldest first."""
        backend = self.scene.env.backend
        asker = backend.channels[thread_id].owner_id
        return [
            message
            for message in backend.messages.get(thread_id, {}).values()
            if message.author_id not in (backend.bot_user.id, asker) and message.type == 0
        ]

    def cards(self, thread_id: int) -> list[str]:
        """Return what the bot wrote in a thread."""
        backend = self.scene.env.backend
        found = backend.messages.get(thread_id, {}).values()
        return [texts_of(m) for m in found if m.author_id == backend.bot_user.id and m.type == 0]


@pytest.mark.slow
@pytest.mark.timeout(patient(3_600 if IS_EXPLORING else 300))
async def test_a_process_killed_at_any_moment_keeps_every_question_once(scene: Scene) -> None:
    asking = Asking(scene)
    process = await scene.start(module=MODULE)
    await process.says("bot is ready")
    await scene.people[0].slash(scene.channel, "questions setup")
    await scene.until("SELECT count(*) FROM question_places", 1)
    for n in range(N_KILLS):
        living = asyncio.ensure_future(asking.live(N_QUESTIONS // N_KILLS))
        await asyncio.sleep(asking.chance.uniform(0.05, 2.0))
        if n % 2:
            with suppress(TimeoutError):
                await asyncio.wait_for(asking.accept_all(), asking.chance.uniform(0.5, 2.0))
        await process.kill()
        await living
        process = await scene.start(module=MODULE)
        await process.says("bot is ready")
    await scene.until("SELECT count(*) FROM questions", len(asking.threads), READ_WITHIN_S)
    n_answers = sum(len(asking.answers(thread_id)) for thread_id in asking.threads)
    await scene.until("SELECT count(*) FROM question_answers", n_answers, READ_WITHIN_S)
    await asking.accept_all()
    n_solved = sum(bool(asking.answers(thread_id)) for thread_id in asking.threads)
    await scene.until(
        "SELECT count(*) FROM questions WHERE state = 'solved'", n_solved, READ_WITHIN_S
    )
    await scene.until("SELECT count(*) FROM questions WHERE NOT is_shown", 0, READ_WITHIN_S)
    await scene.until(
        "SELECT count(*) FROM question_posts WHERE state = 'claimed'", 0, READ_WITHIN_S
    )
    assert await process.stop() == 0
    assert n_solved > 0
    check(scene, asking)
    proof = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "check", "--database", str(scene.database), cwd=ROOT
    )
    assert await proof.wait() == 0


def check(scene: Scene, asking: Asking) -> None:
    """Every question once, with one card, its tag, and its answer paid once."""
    kept = [row[0] for row in scene.rows("SELECT thread_id FROM questions")]
    assert sorted(kept) == sorted(asking.threads)
    for thread_id in asking.threads:
        is_solved = bool(asking.answers(thread_id))
        written = asking.cards(thread_id)
        assert len(written) <= 1, written
        assert not is_solved or len(written) == 1
        tags = [int(tag) for tag in scene.env.backend.channels[thread_id].applied_tags]
        assert tags == ([50] if is_solved else []), scene.rows("SELECT * FROM question_places") + [
            (line,) for p in scene.processes for line in p.lines[-12:]
        ]
    doubles = scene.rows(
        "SELECT source_id FROM ledger WHERE kind = 'answer' AND reverses IS NULL"
        " GROUP BY source_id, user_id HAVING sum(1) - (SELECT count(*) FROM ledger undone"
        " WHERE undone.kind = 'answer' AND undone.reverses IS NOT NULL"
        " AND undone.source_id = ledger.source_id) > 1"
    )
    assert doubles == []
    paid = scene.rows("SELECT source_id FROM ledger GROUP BY source_id, kind HAVING sum(amount)")
    accepted = {
        r[0]
        for r in scene.rows("SELECT message_id FROM question_answers WHERE accepted_at IS NOT NULL")
    }
    answers = {
        r[0]
        for r in scene.rows(
            "SELECT source_id FROM ledger WHERE kind = 'answer'"
            " GROUP BY source_id HAVING sum(amount) <> 0"
        )
    }
    assert paid and answers <= accepted
