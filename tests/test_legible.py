"""Names, titles and notes of others turn no line of ours round and leave no empty place."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import discord
import pytest
from discord import AppCommandOptionType
from hypothesis import given
from hypothesis import strategies as st

from bot import ids, legible, ui
from bot.app import make_jobs
from bot.i18n import Texts, bare, plain
from bot.legible import CLOSE, OPEN
from bot.names import name_of
from storage import catalog
from storage.records import Resource
from tests.boards.test_commands import board, forbid_files
from tests.discord_sim import World, buttons_of, staff_channel, texts_of
from tests.points.test_commands import earn
from tests.shop import test_commands as shop

HOSTILE = "\u202eevil שלום\u2069 12\u2066"
"""An override, letters from right to left, an isolate closed that we opened, and one left open."""
SIGNS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
WRITTEN = st.text(st.sampled_from(SIGNS + "ab 1שم\n"))


@given(WRITTEN)
def test_whatever_is_put_into_a_line_leaves_the_line_as_it_was(text: str) -> None:
    once = legible.isolated(text)
    assert not any(map(legible.turns, once.split("\n")))
    assert legible.isolated(once) == once
    assert [c for c in once if c not in SIGNS] == [c for c in text if c not in SIGNS]


@given(WRITTEN, st.integers(1, 30))
def test_what_is_cut_stays_isolated(text: str, limit: int) -> None:
    cut = ui.clip(bare(text), limit)
    assert len(cut) <= limit
    assert not legible.turns(cut)


def test_what_runs_our_way_is_left_as_it_is() -> None:
    for text in ("", "Alice", "鲍勃", "été 🥇", "👩\u200d👩\u200d👧", f"{OPEN}שלום{CLOSE}!"):
        assert legible.isolated(text) == text


@pytest.mark.parametrize(
    "blank", ["\u3164", "\u2800\u2800", "\u200b \u200d", "\u0301", "\u00ad\ufe0f"]
)
def test_what_cannot_be_seen_is_blank(blank: str) -> None:
    assert legible.is_blank(blank)
    assert plain(blank) == bare(blank) == "—"
    assert not legible.is_blank(f"{blank}a")
    assert not legible.is_blank("🥇")


def test_every_variable_of_every_text_is_isolated() -> None:
    told = Texts("en")("boards-line", place="1", member=HOSTILE, amount="19 points")
    assert told.endswith(f"{CLOSE} · 19 points")
    assert not legible.turns(told)


# ------------------------------------------------------------------- what members are sent

_GOOD = {
    "field": "points",
    "file": ("rules.toml", b"[message]\npoints = 3\n"),
    "item": ids.choice(1),
    "kind": "custom",
    "language": "auto",
    "period": "all",
    "place": "same",
    "policy": "ask",
    "query": "evil",
    "resource": ids.choice(1),
    "rule": "message",
    "topic": "evil",
    "url": "https://doc.example/new",
    "value": "3",
    "zone": "Europe/Berlin",
}
"""What is accepted where hostile words are not."""


_WORDLESS = {"model refit"}
"""Trains for seconds, in a process of its own, and shows nothing that anybody wrote."""


async def test_no_line_that_anybody_is_sent_is_turned_round(lenient_world: World) -> None:
    world = lenient_world
    await furnish(world)
    staff = staff_channel(world)
    await world.env.settle()
    seen = 0
    for command in commands(world):
        who = world.moderator if command.checks else world.alice
        has_words = any(p.type is AppCommandOptionType.string for p in command.parameters)
        for is_good in (False, True) if has_words else (True,):
            chosen = {p.display_name: value(world, p, is_good=is_good) for p in command.parameters}
            if command.qualified_name == "levels staff":
                chosen = {"channel": staff}
            result = await who.slash(world.channel, command.qualified_name, **chosen)
            seen += await press_everything(world, who, result)
    for command in commands(world):
        who = world.moderator if command.checks else world.alice
        for option in (p for p in command.parameters if p.autocomplete):
            found = await who.autocomplete(
                world.channel, command.qualified_name, option.display_name, ""
            )
            assert [c for c in found if legible.turns(c["name"])] == [], command.qualified_name
    for job in make_jobs(world.app, world.client):
        if job.name in ("levels", "shop"):
            await job.run(world.env.now())
    assert seen > 30
    sent = list(lines(request.json for request in world.env.http_requests))
    assert [line for line in sent if legible.turns(line)] == []
    assert sum("evil" in line for line in sent) > 50


async def furnish(world: World) -> None:
    """Have everything that somebody may name named badly."""
    world.env.backend.users[world.alice.id].global_name = HOSTILE
    named: dict[str, Any] = {"summary": HOSTILE, "creator": HOSTILE, "tags": (HOSTILE,)}
    for number in range(1, 5):
        url = f"https://doc.example/{number}"
        resource = Resource(
            guild_id=world.guild.id, kind="article", title=HOSTILE, url=url, **named
        )
        await world.app.database.write(partial(catalog.add, resource=resource))
    for kind, more in (("custom", {}), ("coupon", {"units": HOSTILE})):
        filled = {"title": HOSTILE, "description": f"{HOSTILE}\n{HOSTILE}"} | more
        await shop.add(world, kind, filled)
    await shop.pay(world, world.alice, 30)
    for item in (1, 2):
        shown = await shop.counter(world, world.alice, ids.choice(item))
        await shop.press_buy(world, world.alice, shown)


def commands(world: World) -> list[Any]:
    tree = world.client.tree
    leaves = [c for c in tree.walk_commands() if not hasattr(c, "walk_commands")]
    return [c for c in leaves if c.qualified_name not in _WORDLESS]


def value(world: World, option: Any, *, is_good: bool) -> Any:
    if option.choices:
        return option.choices[0].value
    takes_words = option.type is AppCommandOptionType.string
    takes_file = option.type is AppCommandOptionType.attachment
    if option.name in _GOOD and ((is_good and takes_words) or takes_file):
        return _GOOD[option.name]
    return {
        AppCommandOptionType.string: HOSTILE[: option.max_value] if takes_words else "",
        AppCommandOptionType.integer: max(1, option.min_value or 0),
        AppCommandOptionType.number: 1.0,
        AppCommandOptionType.boolean: True,
        AppCommandOptionType.user: world.alice,
        AppCommandOptionType.role: world.guild.default_role,
        AppCommandOptionType.channel: channel_for(world, option),
    }[option.type]


def channel_for(world: World, option: Any) -> Any:
    """Return a channel that an option of channels takes."""
    kinds = option.channel_types
    if kinds and discord.ChannelType.text not in kinds:
        return world.guild.create_forum_channel(f"{option.name}s")
    return world.channel


async def press_everything(world: World, who: Any, result: Any) -> int:
    """Press the buttons of an answer that lead on, while it has them; return how many."""
    if not result.acknowledged or result.modal is not None:
        return 0
    pressed = [b.custom_id for b in buttons_of(result.response) if b.custom_id]
    leading = [each for each in pressed if "erase" not in each and "privacy" not in each]
    n_pressed = 0
    for custom_id in leading:
        usable = [each for each in buttons_of(result.response) if not each.disabled]
        if custom_id in {each.custom_id for each in usable}:
            await who.click(result.response, custom_id=custom_id)
            n_pressed += 1
    return n_pressed


def lines(told: Any) -> Iterator[str]:
    """Yield every line of what Discord was told, but for what a form is filled with."""
    match told:
        case str():
            yield from told.split("\n")
        case dict():
            for key, inner in told.items():
                if key not in ("value", "custom_id"):
                    yield from lines(inner)
        case None | int() | float():
            pass
        case _:
            for inner in told:
                yield from lines(inner)


# ------------------------------------------------------------------------ members' names


async def test_a_name_does_not_turn_its_line_round(world: World) -> None:
    rogue = world.guild.add_member(world.env.create_user("rogue", global_name="\u202eevil"))
    hebrew = world.guild.add_member(world.env.create_user("hebrew", global_name="שלום"))
    await earn(world, rogue, 2)
    await earn(world, hebrew)
    in_alt_text = await board(world, world.alice)
    await forbid_files(world)
    for shown in (in_alt_text, await board(world, world.alice)):
        assert "evil" in shown
        assert f"{OPEN}שלום{CLOSE}" in shown
        assert not any(map(legible.turns, shown.split("\n")))


async def test_a_name_that_cannot_be_seen_has_the_user_name_for_a_stand_in(world: World) -> None:
    ghost = world.guild.add_member(world.env.create_user("ghost", global_name="\u3164"))
    await earn(world, ghost)
    assert "1. ghost, 1 point" in await board(world, world.alice)
    guild = world.client.get_guild(world.guild.id)
    assert guild is not None
    me = guild.get_member(ghost.id)
    assert me is not None and name_of(me) == "ghost"


async def test_what_cannot_be_seen_is_refused_as_a_title_or_reason(lenient_world: World) -> None:
    world = lenient_world
    add = {"kind": "article", "url": "https://doc.example/x"}
    refused = await world.moderator.slash(world.channel, "resource add", title="\u3164", **add)
    assert "needs a title" in texts_of(refused.response)
    refused = await shop.add(world, "custom", {"title": "\u2800"})
    assert "title" in texts_of(refused.response)
    award = {"member": world.alice, "points": 1.0}
    refused = await world.moderator.slash(world.channel, "award", reason="\u3164", **award)
    assert "reason" in texts_of(refused.response)
