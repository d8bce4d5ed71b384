"""The Discord simulator as these tests use it, on top of what the demo needs of it."""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import discord
import simcord
import simcord.http.router
from discord.components import _component_factory
from simcord.backend.models.channel import Overwrite
from simcord.enums import OverwriteType

from bot.app import App, make_client, open_app
from bot.client import LyceumClient
from bot.demo.simulator import patch, pin_clock, set_locale
from bot.settings import Settings
from tests.beginnings import START, begin
from tests.openapi import description
from tests.patience import patient

__all__ = ["START", "set_locale"]

patch()


SETTLE_S = patient(60)
"""How long an answer may take; a refit waits for a real process on a busy machine."""


async def slash_at_once(env: Any, member: Any, channel: Any, name: str, times: int) -> list[Any]:
    """Run a command without options `times` at the same instant; simcord's actors refuse to."""
    words = name.split()
    root = simcord.actors._resolve_visible_command(member, channel.id, words[0], 1)
    options: list[dict[str, Any]] = []
    for word in reversed(words[1:]):
        options = [{"type": 1, "name": word, "options": options}]
    data = {"id": root["id"], "name": root["name"], "type": 1, "options": options}
    return await _settled(env, [_emit(env, 2, member, channel.id, data) for _ in range(times)])


async def press_at_once(env: Any, presses: list[tuple[Any, Any, str]]) -> list[Any]:
    """Press buttons at the same instant: of each a member, the message and the custom id."""
    records = []
    for member, message, custom_id in presses:
        stored = simcord.actors._visible_message(member, message)
        data = {"custom_id": custom_id, "component_type": 2}
        records.append(_emit(env, 3, member, stored.channel_id, data, stored))
    return await _settled(env, records)


def _emit(env: Any, kind: int, member: Any, channel_id: int, data: Any, message: Any = None) -> Any:
    """Have the bot told of an interaction, on a message of its own if there is one."""
    record, payload = simcord.interactions.base_payload(
        env.backend,
        type=kind,
        channel_id=channel_id,
        guild_id=member.guild.id,
        user_id=member.id,
        data=data,
    )
    if message is not None:
        record.source_message_id = message.id
        payload["message"] = dict(simcord.backend.serializers.message_payload(env.backend, message))
    env.backend.emit("INTERACTION_CREATE", payload)
    return record


async def _settled(env: Any, records: list[Any]) -> list[Any]:
    await env.settle()
    return [simcord.InteractionResult(env, record) for record in records]


def form_parts(member: Any, channel: Any, shown: Any, values: dict[str, Any]) -> dict[str, Any]:
    """Return what Discord sends when `member` fills in the form that `shown` opened."""
    spec = shown.modal
    resolved: dict[str, Any] = {}
    parts = simcord._modal._modal_submit_nodes(
        spec["components"], member, values, resolved, channel.id, []
    )
    return {"custom_id": spec["custom_id"], "components": parts, "resolved": resolved}


async def send_form(env: Any, member: Any, channel: Any, data: dict[str, Any]) -> Any:
    """Send a form whatever it is and whoever opened it; simcord's actors refuse to forge one."""
    (result,) = await send_forms(env, [(member, channel, data)])
    return result


async def send_forms(env: Any, sent: list[tuple[Any, Any, dict[str, Any]]]) -> list[Any]:
    """Send forms at the same instant: of each a member, the channel and what `form_parts` says."""
    return await _settled(env, [_emit(env, 5, who, where.id, data) for who, where, data in sent])


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


def member_roles(world: "World", member: Any) -> list[int]:
    """Return the ids of the roles a member has in the simulated guild."""
    return list(world.env.backend.guilds[world.guild.id].members[member.id].role_ids)


def _bot_role(world: "World") -> Any:
    return world.guild.roles[world.env.backend.bot_user.name]._role


def staff_channel(world: "World", *others: Any, name: str = "staff") -> Any:
    """Make a channel that moderators, the bot and some roles can see, and nobody else."""
    mods = next(role for role in world.guild.roles.values() if role.name == "Mods")
    allow, deny = (discord.PermissionOverwrite(view_channel=may) for may in (True, False))
    bot_role = world.guild.roles[world.env.backend.bot_user.name]
    overwrites = {world.guild.default_role: deny}
    overwrites |= dict.fromkeys((mods, bot_role, *others), allow)
    return world.guild.create_text_channel(name, overwrites=overwrites)


async def open_channel(world: "World", channel: Any) -> None:
    """Let everybody see a channel."""
    allow = discord.Permissions(view_channel=True).value
    everyone = Overwrite(world.guild.default_role.id, OverwriteType.ROLE, allow, 0)
    world.env.backend.set_overwrite(channel.id, everyone)
    await world.env.settle()


async def give_permissions(world: "World", role_name: str, **permissions: bool) -> None:
    """Leave a role exactly these permissions in the whole server."""
    role = next(r for r in world.guild.roles.values() if r.name == role_name)
    allowed = discord.Permissions(**permissions).value
    world.env.backend.edit_role(world.guild.id, role.id, {"permissions": allowed})
    await world.env.settle()


async def make_owner(world: "World", person: Any) -> None:
    """Hand the server over."""
    world.env.backend.edit_guild(world.guild.id, {"owner_id": person.id})
    await world.env.settle()


async def lift_role(world: "World", role: Any) -> None:
    """Move a role above the bot's own, which may then neither give nor take it."""
    above = {"position": _bot_role(world).position + 1}
    world.env.backend.edit_role(world.guild.id, role.id, above)
    await world.env.settle()


async def limit_bot(world: "World", **permissions: bool) -> None:
    """Give the bot's role permissions, or take them."""
    allowed = discord.Permissions(int(_bot_role(world).permissions))
    allowed.update(**permissions)
    changed = {"permissions": allowed.value}
    world.env.backend.edit_role(world.guild.id, _bot_role(world).id, changed)
    await world.env.settle()


def _components(message: Any) -> list[Any]:
    """Return a message's components; simcord's results carry them as Discord sends them."""
    return [
        _component_factory(cast("Any", component)) if isinstance(component, dict) else component
        for component in message.components
    ]


def texts_of(message: Any) -> str:
    """Return everything a member reads in a message: content, embeds and components."""
    parts = [message.content or ""]
    parts += [
        f"{e.title or ''} {e.description or ''} "
        + " ".join(f"{f.name} {f.value}" for f in e.fields)
        for e in message.embeds
    ]
    stack = _components(message)
    while stack:
        component = stack.pop(0)
        parts += [str(getattr(component, name, None) or "") for name in ("content", "label")]
        if type(component).__name__.startswith("MediaGallery"):
            parts += [item.description or "" for item in component.items]
        stack[:0] = list(getattr(component, "children", None) or [])
        if getattr(component, "accessory", None) is not None:
            stack.append(component.accessory)
    return "\n".join(part for part in parts if part)


def buttons_of(message: Any) -> list[Any]:
    """Return a message's buttons, top to bottom, however deep they stand."""
    found, stack = [], _components(message)
    while stack:
        component = stack.pop(0)
        if type(component).__name__ == "Button":
            found.append(component)
        beside = getattr(component, "accessory", None)
        stack[:0] = [*(getattr(component, "children", None) or []), *([beside] if beside else [])]
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


def _have_patience(env: Any) -> None:
    """Give a bot that starts as long as everything else: simcord waits for five seconds."""
    settle = env._settle_internal

    async def patiently(*, timeout: float | None = None, **more: Any) -> None:  # noqa: ASYNC109
        await settle(timeout=None if timeout is None else patient(timeout), **more)

    env._settle_internal = patiently


def settings_for(path: Path, **changes: Any) -> Settings:
    """Return settings that read no environment file."""
    return Settings(_env_file=None, database_path=path, **changes)


@asynccontextmanager
async def open_world(
    path: Path,
    *,
    is_strict: bool = True,
    seed: int = 1,
    start: datetime = START,
    **changes: Any,
) -> AsyncIterator[World]:
    """Open Lyceum on the database at `path` inside a simulated guild of three."""
    changes.setdefault("message_content_intent", True)
    changes.setdefault("commands_a_minute", 0)  # a test's minute has no end
    hold: dict[str, Any] = {}
    settings = settings_for(begin(path), **changes)
    async with open_app(settings, clock=lambda: hold["env"].now(), seed=seed) as app:
        client = make_client(app)
        env = hold["env"] = simcord.Env(client, check_errors=is_strict, settle_timeout=SETTLE_S)
        _have_patience(env)
        pin_clock(env, start)
        guild = env.create_guild("Lyceum")
        channel = guild.create_text_channel("general")
        mods = guild.create_role(
            "Mods", permissions=discord.Permissions(manage_guild=True, manage_roles=True)
        )
        alice = guild.add_member(env.create_user("alice", global_name="Alice"))
        bob = guild.add_member(env.create_user("bob", global_name="鲍勃"))
        moderator = guild.add_member(env.create_user("mod", global_name="Mo"), roles=[mods])
        for person in (alice, bob, moderator):
            set_locale(person, "en-US")  # ids repeat from test to test
        await env.start()
        try:
            yield World(
                env=env,
                app=app,
                client=client,
                guild=guild,
                channel=channel,
                alice=alice,
                bob=bob,
                moderator=moderator,
            )
        finally:
            sent = list(env.http_requests)
            await env.shutdown()
            await client.close()
        if is_strict:
            env._raise_errors_since(env._errors_acknowledged)
        api = description()
        assert api is None or api.problems(sent) == []
