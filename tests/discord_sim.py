"""The Discord simulator as these tests use it: one place for every private touch of simcord.

simcord is pinned exactly because of them; `test_discord_sim.py` fails loudly when one moves.
"""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import simcord
import simcord.interactions
from simcord.env import Env

from bot.app import App, make_client, open_app
from bot.client import LyceumClient
from bot.settings import Settings

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

_LOCALES: dict[int, str] = {}
_base_payload = simcord.interactions.base_payload


def _payload_with_locale(backend: Any, **kw: Any) -> Any:
    record, payload = _base_payload(backend, **kw)
    payload["locale"] = _LOCALES.get(kw["user_id"], payload["locale"])
    return record, payload


simcord.interactions.base_payload = _payload_with_locale
# simcord polls every 50 ms where only callbacks are pending; that is all these tests would do.
_settle: Any = Env._settle_internal
_settle.__kwdefaults__["idle"] = 0.001


def set_locale(member: Any, locale: str) -> None:
    """Make Discord report `locale` for whatever the member does."""
    _LOCALES[member.id] = locale


def close_dms(env: Any, member: Any) -> Callable[[], None]:
    """Make the member refuse direct messages (50007); call the result to open them again."""
    channel = env.backend.get_dm_channel(member.id)
    fault = {
        "method": "POST",
        "path": f"/channels/{channel.id}/messages",
        "status": 403,
        "code": 50007,
        "message": "Cannot send messages to this user",
        "times": None,
    }
    env.backend.faults.append(fault)
    return lambda: env.backend.faults.remove(fault)


def texts_of(message: Any) -> str:
    """Return everything a member reads in a message: content, embeds and components."""
    parts = [message.content or ""]
    parts += [
        f"{e.title or ''} {e.description or ''} "
        + " ".join(f"{f.name} {f.value}" for f in e.fields)
        for e in message.embeds
    ]
    stack: list[Any] = list(getattr(message, "components", []) or [])
    while stack:
        component = stack.pop(0)
        parts += [str(getattr(component, name, None) or "") for name in ("content", "label")]
        stack[:0] = list(getattr(component, "children", None) or [])
        if getattr(component, "accessory", None) is not None:
            stack.append(component.accessory)
    return "\n".join(part for part in parts if part)


def buttons_of(message: Any) -> list[Any]:
    """Return a message's buttons, top to bottom, however deep they stand."""
    found, stack = [], list(getattr(message, "components", []) or [])
    while stack:
        component = stack.pop(0)
        if type(component).__name__ == "Button":
            found.append(component)
        stack[:0] = list(getattr(component, "children", None) or [])
    return found


def button_id(message: Any, template: str) -> str:
    """Return the custom id of the first button that fits the regular expression."""
    for found in buttons_of(message):
        if found.custom_id and re.fullmatch(template, found.custom_id):
            return str(found.custom_id)
    raise AssertionError(f"no button fits {template}: {[b.custom_id for b in buttons_of(message)]}")


@dataclass
class World:
    """A guild with a bot in it, and what a test needs at hand."""

    env: Any
    app: App
    client: LyceumClient
    guild: Any
    channel: Any
    alice: Any
    bob: Any
    moderator: Any
    people: dict[str, Any] = field(default_factory=dict)

    async def restart(self) -> None:
        """Replace the bot's client by a fresh one on the same database."""
        self.client = make_client(self.app)
        await self.env.restart_bot(self.client)

    def person(self, name: str) -> Any:
        """Return the member of that name, joining the guild at the first call."""
        if name not in self.people:
            self.people[name] = self.guild.add_member(self.env.create_user(name))
        return self.people[name]


def settings_for(path: Path, **changes: Any) -> Settings:
    """Return settings that read no environment file."""
    return Settings(_env_file=None, database_path=path, **changes)


@asynccontextmanager
async def open_world(
    path: Path, *, is_strict: bool = True, seed: int = 1, **changes: Any
) -> AsyncIterator[World]:
    """Open Lyceum on the database at `path` inside a simulated guild of three."""
    import discord

    changes.setdefault("message_content_intent", True)
    hold: dict[str, Any] = {}
    settings = settings_for(path, **changes)
    async with open_app(settings, clock=lambda: hold["env"].now(), seed=seed) as app:
        client = make_client(app)
        env = hold["env"] = simcord.Env(client, check_errors=is_strict)
        env.backend.clock._epoch = START
        guild = env.create_guild("Lyceum")
        channel = guild.create_text_channel("general")
        mods = guild.create_role("Mods", permissions=discord.Permissions(manage_guild=True))
        alice = guild.add_member(env.create_user("alice", global_name="Alice"))
        bob = guild.add_member(env.create_user("bob", global_name="鲍勃"))
        moderator = guild.add_member(env.create_user("mod", global_name="Mo"), roles=[mods])
        await env.start()
        try:
            yield World(env, app, client, guild, channel, alice, bob, moderator)
        finally:
            await env.shutdown()
            await client.close()
        if is_strict:
            env._raise_errors_since(env._errors_acknowledged)
