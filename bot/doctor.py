"""What may keep this installation from working well, and what to do about each finding."""

import base64
import shutil
import socket
import sqlite3
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Literal

import aiohttp
import discord

from bot.client import PERMISSIONS, intents
from bot.clock import Clock
from bot.settings import Settings

State = Literal["good", "note", "bad"]
FREE_BYTES_MIN = 500 * 1024**2
CLOCK_SKEW_MAX_S = 30.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. ``mend`` says what to do, empty where nothing is wrong."""

    state: State
    subject: str
    text: str
    mend: str = ""


async def examine(settings: Settings, clock: Clock) -> AsyncIterator[Finding]:
    """Look at everything, cheapest first; Discord is asked only with a token that may be one."""
    token = settings.discord_token.get_secret_value() if settings.discord_token else None
    shape = token_shape(token)
    yield shape
    for finding in database(settings.database_path):
        yield finding
    yield port(settings.web_host, settings.web_port)
    yield public_url(settings)
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


def database(path: Path) -> Iterator[Finding]:
    """Look at the database file: may it be written, is it whole, is there room to grow."""
    folder = path.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with sqlite3.connect(path, timeout=5) as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("CREATE TABLE doctor_was_here (x)")
            connection.rollback()
            whole = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        connection.close()
    except (OSError, sqlite3.Error) as error:
        yield Finding(
            "bad",
            "database",
            f"{path} cannot be written: {error}",
            "give this user write access to the folder, or set DATABASE_PATH",
        )
        return
    if whole == "ok":
        yield Finding("good", "database", f"{path} is writable and whole")
    else:
        yield Finding("bad", "database", f"{path} is damaged: {whole}", "restore a backup")
    free = shutil.disk_usage(folder).free
    yield Finding(
        "good" if free >= FREE_BYTES_MIN else "bad",
        "disk",
        f"{free / 1024**3:.1f} GiB free beside the database",
        "" if free >= FREE_BYTES_MIN else "free at least 0.5 GiB: a full disk stops the bot",
    )
    yield Finding(
        "note",
        "encryption",
        "Lyceum does not encrypt the file itself",
        "Discord's Developer Policy asks for encryption at rest: keep it on an encrypted disk",
    )


def port(host: str, number: int) -> Finding:
    """See whether the web server could listen."""
    try:
        family = socket.getaddrinfo(host, number, type=socket.SOCK_STREAM)[0]
        with socket.socket(family[0], family[1]) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, number))
    except OSError as error:
        return Finding(
            "bad",
            "web port",
            f"cannot listen on {host}:{number} ({error.strerror})",
            "stop whatever uses it (perhaps this bot, already running) or set WEB_PORT",
        )
    return Finding("good", "web port", f"{host}:{number} is free")


def public_url(settings: Settings) -> Finding:
    """Say which kind of Open buttons members will see."""
    if settings.public_root is None:
        return Finding(
            "note",
            "public url",
            "PUBLIC_URL is not set: cards get an Open button that answers with the link",
            "set it to an https address that reaches the web server, to get link buttons",
        )
    if settings.public_root.startswith("http://"):
        return Finding(
            "note", "public url", "PUBLIC_URL is not https", "put a TLS proxy in front of it"
        )
    return Finding("good", "public url", settings.public_root)


async def discord_side(settings: Settings, token: str, clock: Clock) -> AsyncIterator[Finding]:
    """Ask Discord about the token, the intents and the permissions in each guild."""
    client = discord.Client(intents=intents(settings))
    try:
        async with client:
            yield await _clock(clock)
            try:
                await client.login(token)
                application = await client.application_info()
            except discord.LoginFailure:
                yield Finding(
                    "bad", "discord", "the token is refused", "reset it in the developer portal"
                )
                return
            yield Finding("good", "discord", f"logged in as {application.name}")
            for finding in _intents(settings, application.flags):
                yield finding
            invite = discord.utils.oauth_url(
                application.id,
                permissions=PERMISSIONS,
                scopes=("bot", "applications.commands"),
            )
            guilds = [guild async for guild in client.fetch_guilds(limit=200)]
            if not guilds:
                yield Finding("bad", "invite", "the bot is in no guild", f"invite it: {invite}")
            for guild in await _raw_guilds(client):
                yield _permissions(guild["name"], int(guild["permissions"]), invite)
    except (TimeoutError, discord.HTTPException, aiohttp.ClientError, OSError) as error:
        yield Finding(
            "bad", "discord", f"cannot be reached: {error}", "check network, proxy and firewall"
        )


async def _raw_guilds(client: discord.Client) -> list[dict[str, str]]:
    # discord.py drops the bot's own permissions that this route carries.
    route = discord.http.Route("GET", "/users/@me/guilds")
    answer: list[dict[str, str]] = await client.http.request(route)
    return answer


def _intents(settings: Settings, flags: discord.ApplicationFlags) -> Iterator[Finding]:
    granted = {
        "MESSAGE_CONTENT_INTENT": (
            settings.message_content_intent,
            flags.gateway_message_content or flags.gateway_message_content_limited,
        ),
        "MEMBERS_INTENT": (
            settings.members_intent,
            flags.gateway_guild_members or flags.gateway_guild_members_limited,
        ),
    }
    for name, (is_wanted, is_granted) in granted.items():
        if is_wanted and not is_granted:
            yield Finding(
                "bad",
                "intents",
                f"{name} is on in .env but off in the developer portal",
                "switch it on under Bot > Privileged Gateway Intents, or off in .env",
            )
        elif is_wanted:
            yield Finding("good", "intents", f"{name} is granted")
        else:
            yield Finding("good", "intents", f"{name} is off: nothing to grant")


def _permissions(name: str, granted: int, invite: str) -> Finding:
    has = discord.Permissions(granted)
    missing = [flag for flag, wanted in PERMISSIONS if wanted and not getattr(has, flag)]
    if missing and not has.administrator:
        words = ", ".join(flag.replace("_", " ") for flag in missing)
        return Finding("bad", f"guild {name}", f"misses: {words}", f"invite it again: {invite}")
    if has.administrator:
        return Finding(
            "note", f"guild {name}", "the bot is administrator", "it needs far less; lower its role"
        )
    return Finding("good", f"guild {name}", "all permissions are there")


async def _clock(clock: Clock) -> Finding:
    """Compare the clock with the date in Discord's answer."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session:
        async with session.get(f"{discord.http.Route.BASE}/gateway") as answer:
            told = answer.headers.get("Date")
    if told is None:
        return Finding("note", "clock", "could not be compared", "")
    skew_s = abs((clock() - parsedate_to_datetime(told)).total_seconds())
    if skew_s > CLOCK_SKEW_MAX_S:
        return Finding(
            "bad", "clock", f"{skew_s:.0f} s off", "let the system synchronise its clock (NTP)"
        )
    return Finding("good", "clock", f"within {max(skew_s, 1):.0f} s of Discord's")
