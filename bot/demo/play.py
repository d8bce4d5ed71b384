"""Put the demo together: simulator, invented community, the real bot, the page."""

import asyncio
import logging
import signal
import socket
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import discord
import numpy as np
import simcord
from aiohttp import web
from pydantic import SecretStr

from bot.app import App, make_client, make_jobs, open_app
from bot.client import LyceumClient
from bot.demo import community, simulator
from bot.demo.asked import play_back
from bot.demo.market import ROLE, Market, market, new_secret, stocked
from bot.demo.page import Page
from bot.demo.panel import panel
from bot.demo.scene import ASKED, CHANNELS, INVITE_MIN, ROLES, TALK
from bot.demo.seed import seed
from bot.errors import StartError
from bot.i18n import DEFAULT_LANGUAGE
from bot.jobs import Job
from bot.settings import Settings
from storage import members
from storage.connection import Connection

log = logging.getLogger(__name__)

SEED = 7
BOT_COLOUR = "#5865f2"
PAUSE = timedelta(minutes=4)
"""Between two messages of the conversation that is there at the start."""
SETTLE_S = 60.0
"""How long an answer may take; `/model refit` waits for a real process."""


@dataclass(frozen=True, slots=True)
class Demo:
    """A running demo."""

    url: str
    app: App
    client: LyceumClient
    stage: simulator.Stage
    page: Page
    ready_s: float


@asynccontextmanager
async def open_demo(
    port: int, report: Callable[[BaseException], None], directory: Path
) -> AsyncIterator[Demo]:
    """Start everything in `directory` and serve the page on `port` of 127.0.0.1.

    Raises
    ------
    StartError
        The port is taken, or the catalogue is damaged.
    """
    started = time.perf_counter()
    simulator.patch()
    colours = {role.name: role.colour for role in ROLES} | {"Lyceum": BOT_COLOUR}
    simulator.frame_in(f"http://127.0.0.1:{port}", colours)
    secret = new_secret()
    settings = _settings(directory, secret)
    hold: dict[str, Any] = {}
    async with AsyncExitStack() as stack:
        door = stack.enter_context(_reserve(port))
        app = await stack.enter_async_context(
            open_app(settings, clock=lambda: hold["env"].now(), seed=SEED)
        )
        client = make_client(app)
        env = hold["env"] = simcord.Env(client, check_errors=False, settle_timeout=SETTLE_S)
        env.backend.bot_user.name = "Lyceum"
        guild, cast, channels, crowd = _cast(env)
        club = guild.create_role(ROLE)
        simulator.pin_clock(env, datetime.now(UTC))
        places = channels["general"].id, channels["help"].id
        await seed(app, guild.id, *places, crowd, np.random.default_rng(SEED))
        await _ask(app, env, channels["help"], crowd)
        _talk(env, cast, channels, crowd)
        product = await stocked(app, guild.id, cast["mo"].id, club.id)
        sold = await stack.enter_async_context(market(app, product, secret))
        await env.start()
        stack.push_async_callback(client.close)
        stack.push_async_callback(env.shutdown)
        stage = simulator.Stage(env)
        stack.push_async_callback(stage.close)
        await _share(stage, cast["mo"], channels["resources"])
        page = _page(port, app, stage, guild.id, (cast, channels), sold)
        jobs = make_jobs(app, client)
        asked = asyncio.Event()
        _listen(client, page, asked)
        await _serve(stack, page, door)
        await stack.enter_async_context(simulator.ticking(stage, report))
        await stack.enter_async_context(_jobs(jobs, stage, env, asked))
        yield Demo(
            url=f"http://127.0.0.1:{port}/",
            app=app,
            client=client,
            stage=stage,
            page=page,
            ready_s=time.perf_counter() - started,
        )


def _page(
    port: int, app: App, stage: simulator.Stage, guild_id: int, scene: Any, sold: Market
) -> Page:
    """Return the page around what was set up: the cast and the channels of the scene."""
    cast, channels = scene
    written = stage.env.backend.messages.values()
    return Page(
        port=port,
        stage=stage,
        cast=cast,
        channels=channels,
        threads=lambda: channels["help"].threads,
        speak=_speaker(app, guild_id, cast),
        model=partial(panel, app, guild_id, cast["ana"].id),
        market=sold,
        newest_id=max(number for channel in written for number in channel),
    )


def _settings(directory: Path, secret: str) -> Settings:
    return Settings(
        _env_file=None,
        discord_token=None,
        public_url=None,
        database_path=directory / "demo.sqlite3",
        message_content_intent=True,
        backup_every_hours=0,
        standard_webhook_secret=SecretStr(secret),
    )


def _cast(env: Any) -> tuple[Any, dict[str, Any], dict[str, Any], list[tuple[int, Any]]]:
    """Create guild, channels, roles and the invented members."""
    guild = env.create_guild("Study Hall")
    channels = {name: guild.create_text_channel(name, topic=topic) for name, topic in CHANNELS}
    moderators = guild.create_role(
        "Moderators",
        permissions=discord.Permissions(manage_guild=True, manage_roles=True, manage_messages=True),
    )
    cast: dict[str, Any] = {}
    crowd: list[tuple[int, community.Person]] = []
    for role in ROLES:
        user = env.create_user(role.key, global_name=role.name)
        cast[role.key] = guild.add_member(user, roles=[moderators] if role.is_moderator else [])
        simulator.set_language(cast[role.key], role.language or DEFAULT_LANGUAGE)
        channels[f"dm-{role.key}"] = cast[role.key].user.dm_channel
        if role.person is not None:
            crowd.append((cast[role.key].id, role.person))
    rng = np.random.default_rng(SEED)
    for number, person in enumerate(community.people(rng, community.N_MEMBERS - len(crowd))):
        user = env.create_user(f"member{number}", global_name=person.name)
        crowd.append((guild.add_member(user).id, person))
    return guild, cast, channels, crowd


async def _ask(app: App, env: Any, channel: Any, crowd: list[tuple[int, Any]]) -> None:
    """Let the crowd ask what the scene lists, and the cast answer."""
    others = crowd[len(ROLES) :]
    askers = {
        language: [user for user, person in others if person.languages[0] == language][1:9]
        for language in ("en", "zh")
    }
    helpers = {person.name: user for user, person in crowd}
    await play_back(app, env, channel, ASKED, askers, helpers)


def _talk(
    env: Any, cast: dict[str, Any], channels: dict[str, Any], crowd: list[tuple[int, Any]]
) -> None:
    """Put a little conversation into the channels, before the bot comes; it ends now."""
    others = crowd[len(ROLES) :]
    passers = {
        f"passer-{language}": next(i for i, person in others if person.languages[0] == language)
        for language in ("en", "zh")
    }
    simulator.pin_clock(env, datetime.now(UTC) - len(TALK) * PAUSE)
    for channel, who, text in TALK:
        author = cast[who].id if who in cast else passers[who]
        env.backend.create_message(channels[channel].id, author, text, broadcast=False)
        env.backend.clock.advance(PAUSE.total_seconds())


async def _share(stage: simulator.Stage, moderator: Any, channel: Any) -> None:
    """Let the moderator share two resources, as anybody would."""
    async with stage.lock:
        for words in ("Attention Is All You Need", "Python 教程"):
            found = await moderator.autocomplete(channel, "share", "resource", words)
            if found:
                await moderator.slash(channel, "share", resource=found[0]["value"])


def _speaker(app: App, guild_id: int, cast: dict[str, Any]) -> Callable[[str], Awaitable[None]]:
    """Return what gives the server, and everybody without a language of their own, one."""
    people = [cast[role.key] for role in ROLES if role.language is None]

    async def speak(language: str) -> None:
        async def job(conn: Connection) -> None:
            now = app.clock().timestamp()
            guild = await members.guild(conn, guild_id)
            await members.save_guild(conn, replace(guild, language=language))
            for person in people:
                await members.change_member(conn, guild_id, person.id, now, language=language)

        for person in people:
            simulator.set_language(person, language)
        await app.database.write(job)

    return speak


def _listen(client: LyceumClient, page: Page, asked: asyncio.Event) -> None:
    """Tell the page what was done, so that it can tick off its steps; ``asked``: a question."""

    async def on_app_command_completion(
        interaction: discord.Interaction[Any], command: Any
    ) -> None:
        page.note(interaction.user.id, command.qualified_name)

    async def on_lyceum_answered(interaction: discord.Interaction[Any]) -> None:
        data: Any = interaction.data
        custom_id = str(data.get("custom_id", ""))
        page.note(interaction.user.id, custom_id)
        if custom_id.startswith("ask:post"):
            asked.set()

    async def on_message(message: discord.Message) -> None:
        if isinstance(message.channel, discord.Thread):
            page.note(message.author.id, "message")

    client.add_listener(on_app_command_completion)
    client.add_listener(on_lyceum_answered)
    client.add_listener(on_message)


def _reserve(port: int) -> socket.socket:
    """Take the port before the work begins: whoever has to choose another need not wait."""
    door = socket.socket()
    try:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(("127.0.0.1", port))
    except OSError as error:
        door.close()
        raise StartError(
            f"port {port} is taken; choose another: make demo ARGS='--port {port + 1}'"
        ) from error
    return door


async def _serve(stack: AsyncExitStack, page: Page, door: socket.socket) -> None:
    runner = web.AppRunner(page.application(), access_log=None)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.SockSite(runner, door).start()


@asynccontextmanager
async def _jobs(
    jobs: tuple[Job, ...], stage: simulator.Stage, env: Any, asked: asyncio.Event
) -> AsyncIterator[None]:
    """Tick the scheduled jobs in real time; simulated time keeps pace with it.

    Only after a question it jumps ahead: nobody waits until experts are asked.
    """

    async def run(job: Job) -> None:
        while True:
            await asyncio.sleep(job.every_s)
            async with stage.lock:
                await job.tick(env.now())

    async def hurry() -> None:
        while True:
            await asked.wait()
            asked.clear()
            async with stage.lock:
                await env.advance_time(INVITE_MIN * 60.0 + 1.0)
                for job in jobs:
                    if job.name in ("questions", "invitations"):
                        await job.tick(env.now())

    tasks = [asyncio.ensure_future(run(job)) for job in jobs]
    tasks.append(asyncio.ensure_future(hurry()))
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def play(port: int, on_ready: Callable[[Demo], None]) -> None:
    """Run the demo until the process is interrupted, in a directory that is thrown away."""
    task = asyncio.current_task()
    assert task is not None
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, task.cancel)
    with (
        suppress(asyncio.CancelledError),
        tempfile.TemporaryDirectory(prefix="lyceum-demo-") as directory,
    ):
        async with open_demo(port, _report, Path(directory)) as demo:
            on_ready(demo)
            await asyncio.Event().wait()


def _report(error: BaseException) -> None:
    log.error("the demo's clock stumbled: %s", error)
