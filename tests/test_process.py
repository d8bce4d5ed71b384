"""The real process against a Discord on a real socket: start, crash, restart, refuse, stop."""

import asyncio
import random
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.errors import NOT_AGAIN
from tests.discord_sim import button_id, texts_of
from tests.patience import patient, turns
from tests.wire import WireEnv, WireServer

ROOT = Path(__file__).parent.parent


class Process:
    """A bot process and what it printed."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.lines: list[str] = []
        self._reading = asyncio.ensure_future(self._read())

    async def _read(self) -> None:
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            self.lines.append(line.decode().rstrip())

    async def says(self, words: str, within_s: float = 60.0) -> None:
        async for _ in turns(within_s):
            if any(words in line for line in self.lines):
                return
            if self.process.returncode is not None:
                break
        raise AssertionError(f"never said {words!r}:\n" + "\n".join(self.lines[-30:]))

    async def kill(self) -> None:
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()
        await self._reading

    async def stop(self, within_s: float = 15.0) -> int:
        self.process.send_signal(signal.SIGINT)
        try:
            code = await asyncio.wait_for(self.process.wait(), patient(within_s))
        except TimeoutError:
            raise AssertionError("does not stop:\n" + "\n".join(self.lines[-30:])) from None
        await self._reading
        return code


class Scene:
    """A guild on the wire and the database the processes share."""

    def __init__(self, server: WireServer, database: Path) -> None:
        self.server, self.env, self.database = server, server.env, database
        self.processes: list[Process] = []
        self.guild = self.env.create_guild("Wire")
        self.channel = self.guild.create_text_channel("general")
        mods = self.guild.create_role("Mods", permissions=discord.Permissions(manage_guild=True))
        self.people: list[Any] = [
            self.guild.add_member(
                self.env.create_user(f"member{i}"), roles=[mods] if i == 0 else []
            )
            for i in range(6)
        ]

    async def start(self, *changes: str, module: Sequence[str] = ("tests.wire_bot",)) -> Process:
        started = Process(
            await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                *module,
                str(self.server.port),
                str(self.database),
                *changes,
                cwd=ROOT,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
            )
        )
        self.processes.append(started)
        return started

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with sqlite3.connect(self.database) as connection:
            return connection.execute(query).fetchall()

    async def until(self, query: str, wanted: object, within_s: float = 20.0) -> None:
        found: object = None
        async for _ in turns(within_s):
            found = self.rows(query)[0][0]
            if found == wanted:
                return
        raise AssertionError(f"{query}: {found}, not {wanted}")


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    server = WireServer(WireEnv())
    await server.start()
    made = Scene(server, tmp_path / "lyceum.sqlite3")
    try:
        yield made
    finally:
        for process in made.processes:
            await process.kill()
        await server.stop()


@asynccontextmanager
async def running(scene: Scene, *changes: str) -> AsyncIterator[Process]:
    process = await scene.start(*changes)
    try:
        await process.says("bot is ready")
        yield process
    finally:
        await process.kill()


@pytest.mark.slow
async def test_it_starts_answers_and_stops_cleanly(scene: Scene) -> None:
    async with running(scene) as process:
        answer = await scene.people[1].slash(scene.channel, "points")
        assert answer.response is not None and texts_of(answer.response)
        assert await process.stop() == 0
        assert any("stopped" in line for line in process.lines)


@pytest.mark.slow
async def test_a_second_instance_refuses_and_says_who_holds_the_file(scene: Scene) -> None:
    async with running(scene) as first:
        second = await scene.start()
        await second.process.wait()
        await second.says(f"process {first.process.pid} on")
        assert second.process.returncode == 1


@pytest.mark.slow
async def test_a_refused_token_is_one_clear_line(scene: Scene) -> None:
    process = await scene.start("discord_token=MTIz.not.right")
    await process.process.wait()
    await process.says("StartError: Discord refuses the token")
    assert process.process.returncode == NOT_AGAIN
    assert not any("Traceback" in line for line in process.lines)


@pytest.mark.slow
async def test_a_token_that_is_revoked_ends_it_with_a_line_and_a_code_to_stop_at(
    scene: Scene,
) -> None:
    async with running(scene) as process:
        scene.env.backend.create_message(scene.channel.id, scene.people[1].id, "before")
        await scene.until("SELECT count(*) FROM events WHERE kind = 1", 1)
        await scene.server.revoke_token()
        assert await asyncio.wait_for(process.process.wait(), patient(20)) == NOT_AGAIN
        await process.says("StartError: Discord refuses the token")
    assert not any("Traceback" in line for line in process.lines)


@pytest.mark.slow
async def test_a_missing_privileged_intent_degrades(scene: Scene) -> None:
    scene.server.refuse_privileged_intents = True
    async with running(scene, "message_content_intent=true") as process:
        await process.says("MESSAGE_CONTENT_INTENT is on in .env but off in the developer portal")
        await scene.people[1].slash(scene.channel, "points")


@pytest.mark.slow
@pytest.mark.parametrize("is_global", [False, True])
async def test_a_rate_limit_is_waited_out(scene: Scene, is_global: bool) -> None:
    limit = {"message": "You are being rate limited.", "retry_after": 1.0, "global": is_global}
    scope = "global" if is_global else "user"
    refusal = {
        "method": "POST",
        "path": "/callback",
        "status": 429,
        "times": 1,
        "body": limit,
        "headers": {"Retry-After": "1", "X-RateLimit-Scope": scope, "Via": "1.1 wire"},
    }
    async with running(scene):
        scene.server.refusals.append(refusal)
        answer = await scene.people[1].slash(scene.channel, "points")
        assert refusal["times"] == 0
        assert texts_of(answer.response)


@pytest.mark.slow
async def test_a_lost_connection_is_resumed_without_losing_a_message(scene: Scene) -> None:
    async with running(scene):
        scene.env.backend.create_message(scene.channel.id, scene.people[1].id, "one")
        await scene.until("SELECT count(*) FROM events WHERE kind = 1", 1)
        await scene.server.drop_connections()
        scene.env.backend.create_message(scene.channel.id, scene.people[2].id, "two")
        await scene.until("SELECT count(*) FROM events WHERE kind = 1", 2)


@pytest.mark.slow
@pytest.mark.timeout(patient(300))
async def test_sigkill_at_any_moment_loses_nothing_and_doubles_nothing(scene: Scene) -> None:
    chance = random.Random(7)
    acknowledged: set[int] = set()
    shown: list[tuple[Any, Any]] = []
    async with running(scene) as process:
        moderator = scene.people[0]
        for number in range(6):
            done = await moderator.slash(
                scene.channel,
                "resource add",
                kind="article",
                title=f"Article {number}",
                url=f"https://example.org/{number}",
            )
            assert done.response is not None
        for person in scene.people[1:]:
            await person.slash(scene.channel, "digest on")
            answer = await person.slash(scene.channel, "recommend")
            shown.append((person, answer.response))
        await process.kill()
    _make_digests_due(scene)
    for number in range(6):
        process = await scene.start()
        talking = asyncio.ensure_future(_talk(scene, chance))
        saving = asyncio.ensure_future(_save(process, chance, shown, acknowledged))
        if number % 2:  # the others are killed while they start or read back
            await _grown(acknowledged, saving)
        await asyncio.sleep(chance.uniform(0.5, 4.0))
        await process.kill()
        assert not talking.done()
        assert not saving.done()
        talking.cancel()
        saving.cancel()
        await asyncio.gather(talking, saving, return_exceptions=True)
    sent = [
        message.id
        for message in scene.env.backend.messages[scene.channel.id].values()
        if message.author_id != scene.env.backend.bot_user.id and message.type == 0
    ]
    async with running(scene) as process:
        await scene.until("SELECT count(*) FROM events WHERE kind = 1", len(sent), 60)
        await scene.until("SELECT count(*) FROM deliveries WHERE state = 'sent'", 5, 120)
        await scene.until("SELECT count(*) FROM deliveries WHERE state <> 'sent'", 0, 120)
        assert await process.stop() == 0
    stored = [row[0] for row in scene.rows("SELECT source_id FROM events WHERE kind = 1")]
    assert sorted(stored) == sorted(sent)
    saved = {row[0] for row in scene.rows("SELECT source_id FROM events WHERE kind IN (11, 12)")}
    assert acknowledged <= saved
    assert acknowledged
    _check_ledger(scene)
    _check_digests(scene)
    check = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "check", "--database", str(scene.database), cwd=ROOT
    )
    assert await check.wait() == 0


def _make_digests_due(scene: Scene) -> None:
    with sqlite3.connect(scene.database) as connection:
        connection.execute("UPDATE digest_settings SET due_at = 1000")


async def _talk(scene: Scene, chance: random.Random) -> None:
    """Talk and react, as fast as people in a busy guild might, whether or not the bot is up."""
    backend = scene.env.backend
    while True:
        person = chance.choice(scene.people)
        message = backend.create_message(scene.channel.id, person.id, "a thought worth sharing")
        if chance.random() < 0.5:
            other = chance.choice([p for p in scene.people if p is not person])
            backend.add_reaction(scene.channel.id, message.id, "👍", other.id)
        await asyncio.sleep(0.02)


async def _save(
    process: Process, chance: random.Random, shown: list[tuple[Any, Any]], acknowledged: set[int]
) -> None:
    """Press Save again and again, on and off; remember the presses that were answered."""
    await process.says("bot is ready")
    while True:
        person, message = chance.choice(shown)
        pressed = await person.click(message, custom_id=button_id(message, r"card:save:\d+"))
        if pressed.acknowledged:
            acknowledged.add(int(pressed._interaction.id))


async def _grown(acknowledged: set[int], saving: "asyncio.Future[None]") -> None:
    """Wait until another press was answered."""
    n_before = len(acknowledged)
    async for _ in turns(60):
        if len(acknowledged) > n_before or saving.done():
            return
    raise AssertionError("no press was answered")


def _check_ledger(scene: Scene) -> None:
    balances = dict(scene.rows("SELECT user_id, amount FROM balances"))
    sums = dict(scene.rows("SELECT user_id, sum(amount) FROM ledger GROUP BY user_id"))
    assert balances == sums
    assert sums
    doubles = scene.rows(
        "SELECT source_id FROM ledger WHERE reverses IS NULL "
        "GROUP BY source_id, kind, user_id, giver_id HAVING count(*) > 1"
    )
    assert doubles == []


def _check_digests(scene: Scene) -> None:
    """Everybody who opted in has exactly one digest, in the database and in their messages."""
    assert scene.rows("SELECT count(*) FROM deliveries WHERE state = 'sent'") == [(5,)]
    for person in scene.people[1:]:
        channel = scene.env.backend.get_dm_channel(person.id)
        messages = scene.env.backend.messages.get(channel.id, {}).values()
        assert len(messages) == 1, person
