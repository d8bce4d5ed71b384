"""What may keep this installation from working well, and what to do about each finding.

Looking changes nothing: no database is made, no file is left, nothing is sent to anybody.
"""

import asyncio
import base64
import errno
import ipaddress
import os
import shutil
import socket
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import aiohttp
import discord
from filelock import FileLock, Timeout

from bot import channels
from bot.client import PERMISSIONS, intents
from bot.clock import Clock
from bot.settings import Settings
from storage import identity, members, private, stays
from storage.database import instance_files

State = Literal["good", "note", "bad"]
FREE_BYTES_MIN = 500 * 1024**2
CLOCK_SKEW_MAX_S = 30.0
BUSY_S = 5.0
HEALTH_WITHIN_S = 5.0
_MENDS: dict[str, str] = {
    "foreign": "set DATABASE_PATH to a file of Lyceum's own",
    "newer": "install that version again, or restore the backup made before it",
    "nameless": "restore a backup in its place, or set DATABASE_PATH to a file of Lyceum's own",
    "damaged": "restore a backup in its place",
}
DISCORD_WITHIN_S = 30.0
"""For one question; discord.py itself asks again for half a minute when Discord is ill."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. ``fix`` says what to do, empty only where nothing is wrong."""

    state: State
    subject: str
    text: str
    fix: str = ""


def free_bytes(folder: Path) -> int:
    """Return how much may still be written to the disk of a folder."""
    return shutil.disk_usage(folder).free


async def examine(
    settings: Settings, clock: Clock, *, free: Callable[[Path], int] = free_bytes
) -> AsyncIterator[Finding]:
    """Look at everything, cheapest first; Discord is asked only with a token that may be one.

    Parameters
    ----------
    free
        Tells the free bytes beside a folder.
    """
    token = settings.discord_token.get_secret_value() if settings.discord_token else None
    shape = token_shape(token)
    yield shape
    yield database(settings.database_path)
    yield modes(settings.database_path)
    yield disk(settings.database_path, free)
    for finding in departures(settings.database_path):
        yield finding
    yield Finding(
        "note",
        "encryption",
        "Lyceum does not encrypt the database itself",
        "Discord's Developer Policy asks for encryption at rest: keep it on an encrypted disk",
    )
    holder = running(settings.database_path)
    yield await port(settings.web_host, settings.web_port, holder)
    yield await public_url(settings.public_root, is_running=holder is not None)
    if shape.state == "good" and token is not None:
        async for finding in discord_side(settings, token, clock):
            yield finding


def token_shape(token: str | None) -> Finding:
    """Judge a token by its shape alone: three parts, the first one the bot's id in base64."""
    if not token:
        return Finding(
            "bad",
            "token",
            "DISCORD_TOKEN is not set",
            "copy it from discord.com/developers/applications > Bot > Reset Token into .env",
        )
    if token.startswith("Bot ") or any(character.isspace() for character in token):
        return Finding(
            "bad", "token", "DISCORD_TOKEN has spaces in it", "put nothing but the token into .env"
        )
    parts = token.split(".")
    try:
        first = base64.b64decode(parts[0] + "=" * (-len(parts[0]) % 4), validate=True)
        is_shaped = len(parts) == 3 and all(parts) and first.decode("ascii").isdigit()
    except ValueError:
        is_shaped = False
    if not is_shaped:
        return Finding(
            "bad",
            "token",
            "DISCORD_TOKEN does not look like a bot token (three parts separated by dots)",
            "use the token of the Bot page, not the client secret or the public key",
        )
    return Finding("good", "token", "has the shape of a bot token")


# ------------------------------------------------------------------------- this machine


def database(path: Path, *, patience_s: float = BUSY_S) -> Finding:
    """Look at the database file: may it be written, is it whole, is it of this version.

    Parameters
    ----------
    patience_s
        How long another process may be writing before that is a finding.
    """
    found = identity.look(path, patience_s=patience_s)
    if found.state == "absent":
        return _to_be_made(path)
    if not os.path.isfile(path):
        return Finding("bad", "database", f"{path} is not a file", "set DATABASE_PATH to a file")
    if found.state in _MENDS:
        return Finding("bad", "database", found.sentence(path), _MENDS[found.state])
    if found.state == "busy":
        return _busy(path)
    for place in (path, path.absolute().parent):  # SQLite writes its journal beside the file
        if not os.access(place, os.W_OK):
            return _not_writable(path, f"no write access to {place}")
    return _usable(path, patience_s, is_older=found.state == "older")


def _usable(path: Path, patience_s: float, *, is_older: bool) -> Finding:
    try:
        with closing(identity.opened(path, patience_s)) as connection:
            connection.execute("BEGIN IMMEDIATE")  # takes the writer's place, writes nothing
            connection.rollback()
            verdict = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.DatabaseError as error:
        found = identity.Found.of(error)
        if found.state == "busy":
            return _busy(path)
        if found.state == "shut":
            return _not_writable(path, found.reason)
        verdict = found.reason
    if verdict != "ok":
        return Finding("bad", "database", f"{path} is damaged: {verdict}", _MENDS["damaged"])
    if is_older:
        return Finding(
            "note",
            "database",
            f"{path} is of an older version; the next start brings it up to date",
            "back the file up before the next start",
        )
    return Finding("good", "database", f"{path} is writable and whole")


def modes(path: Path) -> Finding:
    """See whether other users of this machine may read members' data."""
    wide = list(private.opened_wide(path))
    if not wide:
        return Finding("good", "files", "only this user may read the database")
    listed = ", ".join(f"{each} ({mode:o})" for each, mode in wide)
    fix = "the bot's next start takes it from them, or chmod 600 does now"
    if any(each.stat().st_uid != os.geteuid() for each, _ in wide):
        fix = "the files are another user's: give them to the one who runs the bot, then chmod 600"
    return Finding("note", "files", f"other users of this machine may read {listed}", fix)


def _busy(path: Path) -> Finding:
    return Finding(
        "note",
        "database",
        identity.Found("busy").sentence(path),
        "wait for an import to end, or stop what holds the file",
    )


def _not_writable(path: Path, reason: str) -> Finding:
    return Finding(
        "bad",
        "database",
        f"{path} cannot be written: {reason}",
        "give this user write access to the file and its folder, or set DATABASE_PATH",
    )


def _to_be_made(path: Path) -> Finding:
    folder = _there(path)
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        return Finding(
            "bad",
            "database",
            f"{path} cannot be made: {folder} may not be written",
            "give this user write access to the folder, or set DATABASE_PATH",
        )
    if path.is_symlink():
        return Finding(
            "bad", "database", f"{path} points to nothing", "fix the link, or set DATABASE_PATH"
        )
    return Finding("good", "database", f"{path} will be made at the first start")


def _there(path: Path) -> Path:
    """Return the nearest folder above `path` that exists."""
    return next(folder for folder in path.absolute().parents if os.path.exists(folder))


def disk(path: Path, free: Callable[[Path], int]) -> Finding:
    """See whether the database has room to grow."""
    n_bytes = free(_there(path))
    text = f"{n_bytes / 1024**3:.1f} GiB free beside the database"
    if n_bytes < FREE_BYTES_MIN:
        return Finding(
            "bad", "disk", text, "free at least 0.5 GiB: on a full disk nothing can be recorded"
        )
    return Finding("good", "disk", text)


def departures(path: Path) -> Iterator[Finding]:
    """Name the guilds that removed the bot, and from when on nothing is stored of them."""
    for stay in stays.left_behind(path):
        left, purged = (
            datetime.fromtimestamp(at or 0.0, UTC).date() for at in (stay.left_at, stay.purge_at)
        )
        if stay.state == "purging":
            text = f"removed the bot on {left}; what was stored of it is being deleted"
            yield Finding(
                "note", f"guild {stay.guild_id}", text, "let the bot run until it is done"
            )
            continue
        text = f"removed the bot on {left}; what is stored of it is deleted on {purged}"
        fix = "to keep it, have the server invite the bot again before; a backup keeps a copy"
        yield Finding("note", f"guild {stay.guild_id}", text, fix)


def running(path: Path) -> str | None:
    """Return who runs the bot on the database at `path`; None for nobody."""
    lock, holder = instance_files(path)
    if not os.path.exists(lock):
        return None
    try:
        with FileLock(lock, timeout=0):
            return None
    except Timeout:
        return holder.read_text("utf-8") if holder.exists() else "an unknown process"
    except OSError:
        return None  # the finding on the database says why


async def port(host: str, number: int, holder: str | None) -> Finding:
    """See whether the web server can listen, or does already.

    Parameters
    ----------
    holder
        Who runs the bot on this database, None for nobody.
    """
    place = f"{host}:{number}"
    if number == 0:
        return Finding(
            "note", "web port", "WEB_PORT is 0: every start takes another port", "set WEB_PORT"
        )
    problem = _bind(host, number)
    if problem is None and holder is not None:
        return Finding(
            "note",
            "web port",
            f"{place} is free, though the bot runs ({holder})",
            "restart the bot: it was started with another WEB_HOST or WEB_PORT",
        )
    if problem is None:
        return Finding("good", "web port", f"{place} is free")
    if problem.errno == errno.EADDRINUSE:
        return await _taken(host, number, holder)
    return Finding(
        "bad",
        "web port",
        f"cannot listen on {place} ({problem.strerror})",
        "set WEB_HOST to an address of this machine, such as 127.0.0.1, and WEB_PORT above 1023",
    )


def _bind(host: str, number: int) -> OSError | None:
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, number, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        return error
    return None


async def _taken(host: str, number: int, holder: str | None) -> Finding:
    place = f"{host}:{number}"
    reached = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    health = await _health(f"http://{f'[{reached}]' if ':' in reached else reached}:{number}")
    if holder is not None and health == "ok":
        return Finding("good", "web port", f"the bot listens on {place} ({holder})")
    if holder is not None and health is not None:
        return Finding(
            "bad",
            "web port",
            f"the bot listens on {place} but its database does not answer",
            "look at the bot's log; a full disk is the usual reason",
        )
    other = "a Lyceum with another database" if health is not None else "something else"
    return Finding(
        "bad",
        "web port",
        f"{place} is taken by {other}",
        "stop that, or set WEB_PORT to a free port",
    )


async def public_url(root: str | None, *, is_running: bool) -> Finding:
    """Say which kind of Open buttons members see, and whether their links arrive."""
    if root is None:
        return Finding(
            "note",
            "public url",
            "PUBLIC_URL is not set: cards get an Open button that answers with the link",
            "set it to an https address that reaches the web server, to get link buttons",
        )
    if _is_local(urlsplit(root).hostname or ""):
        return Finding(
            "bad",
            "public url",
            f"{root} can be reached from this network only",
            "set PUBLIC_URL to an address that members reach, or leave it empty",
        )
    if is_running and await _health(root) != "ok":
        return Finding(
            "bad",
            "public url",
            f"{root}/healthz does not reach the bot",
            "point your proxy at WEB_HOST:WEB_PORT, or leave PUBLIC_URL empty meanwhile",
        )
    if root.startswith("http://"):
        return Finding(
            "note", "public url", f"{root} is not https", "put a TLS proxy in front of it"
        )
    return Finding("good", "public url", f"{root} reaches the bot" if is_running else root)


def _is_local(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host.strip("[]")).is_global
    except ValueError:
        return "." not in host or host.endswith((".localhost", ".local", ".internal"))


async def _health(root: str) -> str | None:
    """Return what a Lyceum at `root` says of itself, None where there is none."""
    timeout = aiohttp.ClientTimeout(total=HEALTH_WITHIN_S)
    try:
        async with aiohttp.ClientSession(timeout=timeout) as session:
            async with session.get(f"{root}/healthz") as answer:
                told = await answer.json()
        return str(told["status"])
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError, KeyError, TypeError):
        return None


# ------------------------------------------------------------------------ Discord's side


async def discord_side(settings: Settings, token: str, clock: Clock) -> AsyncIterator[Finding]:
    """Ask Discord about the token, the intents and the permissions in each guild."""
    try:
        yield await _clock(clock)
        async with discord.Client(intents=intents(settings)) as client:
            async with asyncio.timeout(DISCORD_WITHIN_S):
                await client.login(token)
                application = await client.application_info()
                guilds = await _guilds(client)
            for finding in _application(settings, application):
                yield finding
            invite = discord.utils.oauth_url(
                application.id, permissions=PERMISSIONS, scopes=("bot", "applications.commands")
            )
            yield Finding("good", "invite", invite)
            for finding in _memberships(guilds, invite):
                yield finding
            async with asyncio.timeout(DISCORD_WITHIN_S):
                for finding in await _staff_channels(client, settings.database_path):
                    yield finding
    except discord.LoginFailure:
        yield Finding(
            "bad",
            "discord",
            "the token is refused",
            "reset it in the developer portal (Bot > Reset Token) and put the new one into .env",
        )
    except (TimeoutError, discord.HTTPException, aiohttp.ClientError, OSError) as error:
        reason = str(error) or f"no answer within {DISCORD_WITHIN_S:.0f} s"
        yield Finding(
            "bad",
            "discord",
            f"cannot be reached: {reason}",
            "check network, proxy and firewall, then discordstatus.com",
        )


async def _clock(clock: Clock) -> Finding:
    """Compare the clock with the date in Discord's answer."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session:
        async with session.get(f"{discord.http.Route.BASE}/gateway") as answer:
            answer.raise_for_status()
            told = answer.headers.get("Date", "")
    try:
        skew_s = abs((clock() - parsedate_to_datetime(told)).total_seconds())
    except (TypeError, ValueError):
        return Finding(
            "note",
            "clock",
            "could not be compared: Discord's answer has no date",
            "check the system clock yourself",
        )
    if skew_s > CLOCK_SKEW_MAX_S:
        return Finding(
            "bad",
            "clock",
            f"{skew_s:.0f} s off from Discord's",
            "let the system synchronise its clock (NTP)",
        )
    return Finding("good", "clock", f"within {max(skew_s, 1):.0f} s of Discord's")


async def _guilds(client: discord.Client) -> list[Mapping[str, str]]:
    # discord.py drops the bot's own permissions that this route carries.
    route = discord.http.Route("GET", "/users/@me/guilds")
    answer: list[Mapping[str, str]] = await client.http.request(route)
    return answer


def _application(settings: Settings, application: discord.AppInfo) -> Iterator[Finding]:
    yield Finding("good", "discord", f"logged in as {application.name}")
    if application.interactions_endpoint_url:
        yield Finding(
            "bad",
            "commands",
            f"Discord sends commands to {application.interactions_endpoint_url}, not to the bot",
            "empty Interactions Endpoint URL under General Information in the developer portal",
        )
    if application.bot_require_code_grant:
        yield Finding(
            "bad",
            "commands",
            "Requires OAuth2 Code Grant is on, so nobody can invite the bot",
            "switch it off under Bot in the developer portal",
        )
    yield _intents(settings, application.flags)


def _intents(settings: Settings, flags: discord.ApplicationFlags) -> Finding:
    name = "MESSAGE_CONTENT_INTENT"
    is_granted = flags.gateway_message_content or flags.gateway_message_content_limited
    if not settings.message_content_intent:
        return Finding("good", "intents", f"{name} is off: nothing to grant")
    if is_granted:
        return Finding("good", "intents", f"{name} is granted")
    return Finding(
        "bad",
        "intents",
        f"{name} is on in .env but off in the developer portal",
        "switch it on under Bot > Privileged Gateway Intents, or off in .env",
    )


def _memberships(guilds: list[Mapping[str, str]], invite: str) -> Iterator[Finding]:
    if not guilds:
        yield Finding("bad", "guilds", "the bot is in no guild", "invite it with the link above")
    for guild in guilds:
        yield _permissions(guild["name"], int(guild["permissions"]), invite)


async def _staff_channels(client: discord.Client, path: Path) -> list[Finding]:
    """Find moderators' channels that everybody can read, or that are gone."""
    found = []
    for guild_id, channel_id in members.staff_channels(path).items():
        try:
            guild = await client.fetch_guild(guild_id, with_counts=False)
            known = {channel.id: channel for channel in await guild.fetch_channels()}
        except (discord.NotFound, discord.Forbidden):
            continue  # the bot is there no more
        channel = known.get(channel_id)
        if channel is None:
            text = "the channel where moderators are notified is gone"
        elif channels.is_public(channel):
            text = f"everybody can read #{channel.name}, so moderators are told no details there"
        else:
            continue
        fix = "choose a channel that @everyone can't view with /levels staff"
        found.append(Finding("note", f"guild {guild.name}", text, fix))
    return found


def _permissions(name: str, granted: int, invite: str) -> Finding:
    has = discord.Permissions(granted)
    missing = [flag for flag, wanted in PERMISSIONS if wanted and not getattr(has, flag)]
    if has.administrator:
        return Finding(
            "note",
            f"guild {name}",
            "the bot is administrator, which is far more than it needs",
            "take Administrator from its role; the invitation has what it needs",
        )
    if missing:
        words = ", ".join(flag.replace("_", " ").title() for flag in missing)
        return Finding(
            "bad",
            f"guild {name}",
            f"the bot misses {words}",
            f"give them to its role, or invite it again: {invite}",
        )
    return Finding("good", f"guild {name}", "all permissions are there")
