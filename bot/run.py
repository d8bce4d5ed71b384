"""Run on Discord until told to stop: instance lock, client, web server, scheduled jobs."""

import asyncio
import faulthandler
import gc
import logging
import os
import signal
import threading
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from functools import partial

import aiohttp
import discord

from bot import gateway, ownership, systemd, web
from bot.app import DIGEST_TICK_S, App, make_client, make_jobs, make_web, open_app
from bot.errors import StartError
from bot.jobs import scheduled
from bot.membership import Present
from bot.settings import Settings
from storage import identity
from storage.database import DatabaseLockedError, hold_instance

log = logging.getLogger(__name__)

UNREACHABLE = "Discord cannot be reached (%s); again in %d s"
REFUSED = (
    "Discord refuses the token: reset it in the developer portal and put the new one into .env as "
    "DISCORD_TOKEN"
)
END_S = 12.0
"""How long after the signal the process is there at most."""
BAD_TOKEN = 4004
"""Discord's code for closing a session whose token is no longer good."""
_COLLECT_AFTER = (5_000, 20, 50)
"""New objects until young, older and all objects are looked through for what nobody needs."""


async def run(
    settings: Settings, *, digest_tick_s: int = DIGEST_TICK_S, is_new_bot: bool = False
) -> None:
    """Run the bot until SIGINT or SIGTERM.

    Parameters
    ----------
    digest_tick_s
        How often to look for digests that are due, in seconds.
    is_new_bot
        The token's bot takes the place of the one that the database belongs to.

    Raises
    ------
    StartError
        No token, the database is in use, unusable or another bot's, the port is taken, the token
        is refused.
    """
    if settings.discord_token is None:
        raise StartError(
            "DISCORD_TOKEN is not set: copy .env.example to .env and fill it in, "
            "or try `lyceum demo`, which needs none",
            is_for_good=True,
        )
    async with AsyncExitStack() as stack:
        try:
            await asyncio.to_thread(identity.require, settings.database_path)
            stack.enter_context(hold_instance(settings.database_path))
        except DatabaseLockedError as error:
            raise StartError(str(error)) from error
        except identity.SchemaError as error:
            raise StartError(str(error), is_for_good=error.is_for_good) from error
        app = await stack.enter_async_context(open_app(settings))
        if is_new_bot:
            await ownership.release(app.database)
        notifier = systemd.Notifier()
        app.pulse.beats.append(notifier.beat)
        await stack.enter_async_context(app.pulse.beating())
        present = Present()
        await stack.enter_async_context(_serving(app, present))
        notifier.ready()
        stack.callback(notifier.stopping)
        token = settings.discord_token.get_secret_value()
        await _until_stopped(_stay_connected(app, present, token, digest_tick_s))


@asynccontextmanager
async def _serving(app: App, present: Present) -> AsyncIterator[None]:
    host, port = app.settings.web_host, app.settings.web_port
    try:
        async with web.serving(make_web(app, present), host, port):
            yield
    except web.PlaceError as error:
        raise StartError(
            f"cannot listen on {host}:{port} ({error}); set WEB_HOST and WEB_PORT"
        ) from error


async def _stay_connected(app: App, present: Present, token: str, digest_tick_s: int) -> None:
    """Keep a client connected, through outages of any length.

    Without a privileged intent if Discord does not grant it.
    """
    pauses = gateway.Pauses()
    while True:
        client = present.client = make_client(app)
        client.add_listener(settle_memory, "on_ready")
        try:
            async with client, scheduled(make_jobs(app, client, digest_tick_s), app.clock):
                return await client.start(token)
        except discord.LoginFailure as error:
            raise StartError(REFUSED, is_for_good=True) from error
        except StartError:
            raise
        except discord.PrivilegedIntentsRequired:
            log.warning(
                "MESSAGE_CONTENT_INTENT is on in .env but off in the developer portal; going on "
                "without it"
            )
            plain = app.settings.model_copy(update={"message_content_intent": False})
            app = replace(app, settings=plain)
        except discord.ConnectionClosed as error:  # for good: any other is opened again
            is_refused = error.code == BAD_TOKEN
            raise StartError(
                REFUSED if is_refused else f"Discord closes the connection for good ({error.code})",
                is_for_good=is_refused,
            ) from error
        except Exception as error:
            is_outage = isinstance(error, discord.HTTPException | aiohttp.ClientError | OSError)
            told = str(error) if is_outage and str(error) else gateway.whereabouts(error)
            if not is_outage:
                log.exception("the client ended")
            await pauses.rest(partial(log.warning, UNREACHABLE, told))


async def settle_memory() -> None:
    """Have the garbage collector leave alone what stays: everything that is there at this moment.

    Modules, texts and caches are a million objects. Walked through again and again, they kept the
    loop for a second at a time on a busy day.
    """
    gc.unfreeze()  # a client that was replaced
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECT_AFTER)


async def _until_stopped(work: Coroutine[None, None, None], within_s: float = END_S) -> None:
    """Await `work`, or cancel it cleanly at SIGINT or SIGTERM.

    Parameters
    ----------
    within_s
        After how long the process ends in any case: whatever still holds it, such as a thread
        that waits for a disk, has nothing to lose that was acknowledged.
    """
    task = asyncio.ensure_future(work)
    loop = asyncio.get_running_loop()

    def stop() -> None:
        task.cancel()
        timer = threading.Timer(within_s, _end)
        timer.daemon = True
        timer.start()

    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop)
    try:
        await task
    except asyncio.CancelledError:
        log.info("stopped")


def _end() -> None:
    log.error("something does not end; this is where everything stands")
    faulthandler.dump_traceback(all_threads=True)
    os._exit(0)
