"""`lyceum setup`: a guided first start, which writes ``.env`` and says what is missing.

Every answer is checked when it is given, the token against Discord itself. What is not asked stays
as it stands in the file, comments included; nothing is written before the last answer.
"""

import asyncio
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import aiohttp
import discord
import typer
from pydantic import ValidationError

from bot import portal, zones
from bot.doctor import token_shape
from bot.i18n import LANGUAGES
from bot.settings import Settings
from bot.terminal import bad, good, note, say
from storage import private

EXAMPLE = Path(__file__).parent.parent / ".env.example"
WITHIN_S = 30.0
_PLAIN = re.compile(r"[\w./:@%+,~-]*")
_KEY = re.compile(r"^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=")


@dataclass(frozen=True, slots=True)
class Application:
    """What Discord says of a token's application."""

    name: str
    invite: str
    may_read_messages: bool
    is_in_servers: bool


def setup(
    env_file: Annotated[
        Path, typer.Option("--file", help="The file to write.", dir_okay=False)
    ] = Path(".env"),
    offline: Annotated[
        bool, typer.Option("--offline", help="Do not ask Discord about the token.")
    ] = False,
) -> None:
    """Answer a few questions, and have .env written."""
    before = env_file.read_text("utf-8") if env_file.exists() else _example()
    known = values_of(before)
    say("Seven questions; Enter takes what stands in brackets. Nothing is written before the end.")
    token, application = _token(known.get("DISCORD_TOKEN", ""), is_asked=not offline)
    found = {"DISCORD_TOKEN": token}
    found["MESSAGE_CONTENT_INTENT"] = _intent(application, known)
    found["DEFAULT_LANGUAGE"] = _answer(
        "default_language",
        f"Language of new servers ({', '.join(LANGUAGES)}; empty: as Discord says of each)",
        known,
    )
    found["DEFAULT_TIME_ZONE"] = _zone(known.get("DEFAULT_TIME_ZONE", "") or "UTC")
    found["DATABASE_PATH"] = _answer("database_path", "The database", known)
    found["PUBLIC_URL"] = _answer(
        "public_url", "Where members reach the web server, https://… (empty: nowhere)", known
    )
    found["WEB_PORT"] = _answer("web_port", "The web server's port on this machine", known)
    write(env_file, merged(before, found))
    good(f"{env_file} is written; only you can read it")
    _say_what_is_next(application, found)


def values_of(text: str) -> dict[str, str]:
    """Return what an ``.env`` file says, as far as it is plain."""
    found = {}
    for line in text.splitlines():
        if match := _KEY.match(line):
            found[match[1].upper()] = line[match.end() :].strip().strip("'\"")
    return found


def merged(text: str, values: Mapping[str, str]) -> str:
    """Return the file with other values; every other line stays, new keys come at the end."""
    left, lines = dict(values), []
    for line in text.splitlines():
        match = _KEY.match(line)
        key = match[1].upper() if match else ""
        lines.append(f"{key}={quoted(left.pop(key))}" if key in left else line)
    lines += [f"{key}={quoted(value)}" for key, value in left.items()]
    return "\n".join(lines) + "\n"


def quoted(value: str) -> str:
    r"""Return a value as it has to stand in the file: spaces, # and \ want quotes."""
    if _PLAIN.fullmatch(value):
        return value
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def write(path: Path, text: str) -> None:
    """Put a file in place, whole, for this user only."""
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    private.make(part)
    part.write_text(text, "utf-8")
    part.replace(path)


async def application_of(token: str) -> Application:
    """Ask Discord whose token this is.

    Raises
    ------
    discord.LoginFailure
        It is refused.
    """
    async with discord.Client(intents=discord.Intents.none()) as client:
        async with asyncio.timeout(WITHIN_S):
            await client.login(token)
            found = await client.application_info()
            guilds = await portal.guilds_of(client)
    flags = found.flags
    return Application(
        name=found.name,
        invite=portal.invitation(found.id),
        may_read_messages=flags.gateway_message_content or flags.gateway_message_content_limited,
        is_in_servers=bool(guilds),
    )


def _example() -> str:
    try:
        return EXAMPLE.read_text("utf-8")
    except OSError:  # an installation without the repository
        return ""


def _token(before: str, *, is_asked: bool) -> tuple[str, Application | None]:
    say(
        "The token is at discord.com/developers/applications > your application > Bot > Reset Token"
    )
    while True:
        hint = " [the one in the file]" if before else ""
        token = typer.prompt(f"Token{hint}", default=before, hide_input=True, show_default=False)
        token = token.strip()
        shape = token_shape(token)
        if shape.state == "bad":
            bad(f"{shape.text}: {shape.fix}")
            continue
        if not is_asked:
            return token, None
        try:
            application = asyncio.run(application_of(token))
        except discord.LoginFailure:
            bad("Discord refuses this token: reset it and use the new one")
            continue
        except (TimeoutError, discord.HTTPException, aiohttp.ClientError, OSError) as error:
            note(f"Discord cannot be reached, so the token is not checked: {error or 'no answer'}")
            return token, None
        good(f"this is {application.name}")
        return token, application


def _intent(application: Application | None, known: Mapping[str, str]) -> str:
    if application is None:
        return known.get("MESSAGE_CONTENT_INTENT", "") or "false"
    if not application.may_read_messages:
        note(
            "the message content intent is off in the portal: fine, every message counts then; "
            "switch it on there and run this again to tell a real message from a mere “ok”"
        )
        return "false"
    question = "The message content intent is granted. Use it, to tell real messages from “ok”?"
    return "true" if typer.confirm(question, default=True) else "false"


def _zone(before: str) -> str:
    while True:
        typed = typer.prompt("Time zone of new servers: a city or a name", default=before)
        if found := zones.zone_name(typed):
            return found
        like = ", ".join(zones.matching(typed, 5))
        bad(f"no time zone is called that{f'; perhaps: {like}' if like else ''}")


def _answer(field: str, question: str, known: Mapping[str, str]) -> str:
    """Ask until the settings take it."""
    default = known.get(field.upper(), "")
    if not default:
        usual = Settings.model_fields[field].default
        default = "" if usual is None else str(usual)
    while True:
        typed = str(typer.prompt(question, default=default, show_default=bool(default))).strip()
        if problem := problem_of(field, typed):
            bad(problem)
        else:
            return typed


def problem_of(field: str, typed: str) -> str:
    """Return why the settings do not take an answer; empty if they do."""
    if not typed:
        return ""
    given: dict[str, Any] = {field: typed}
    make: Callable[..., Settings] = Settings
    try:
        make(_env_file=None, **given)
    except ValidationError as error:
        return str(error.errors()[0]["msg"])
    return ""


def _say_what_is_next(application: Application | None, found: Mapping[str, str]) -> None:
    folder = Path(os.path.expanduser(found["DATABASE_PATH"])).absolute().parent
    there = next(each for each in (folder, *folder.parents) if each.exists())
    if not os.access(there, os.W_OK):
        bad(f"{folder} may not be written by this user: give it to them, or name another one")
    if not found["PUBLIC_URL"]:
        note("without PUBLIC_URL cards have an Open button instead of a link; that works, too")
    else:
        note(f"point a TLS proxy at 127.0.0.1:{found['WEB_PORT']} for {found['PUBLIC_URL']}")
    if application is None:
        say("Next: lyceum doctor, which gives the link that invites the bot, then lyceum run")
        return
    if not application.is_in_servers:
        say(f"Invite the bot: {application.invite}")
    say("Next: lyceum run; lyceum doctor looks at everything at any time")
