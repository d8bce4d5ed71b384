"""Who has not bought it never reads its address: in every command, suggestion, button and file.

The commands are enumerated, so a new one is tried, too; so is every button and menu of what they
answer, and what those answer.
"""

from typing import Any

import discord
from simcord.backend.errors import SetupError

from tests.discord_sim import World, buttons_of, texts_of
from tests.purchases.scenes import COURSE, grant, shelved, sold
from tests.test_hostile_numbers import answer, invoke, leaves, plain

SECRET = "courses.example/rust?key=secret"
DEEP = 2
"""How many presses after a command are tried."""
SKIPPED = {"privacy:erase", "privacy:confirm", "privacy:track", "privacy:export"}
"""Buttons that take the member away or out of sight."""


async def fields_of(message: Any) -> str:
    """Return all that a message shows and holds: texts, addresses of buttons, files."""
    if message is None:
        return ""
    held = [texts_of(message), *(str(button.url) for button in buttons_of(message))]
    held += [(await each.read()).decode("utf-8", "replace") for each in message.attachments]
    held += [str(each.description) for each in message.attachments]
    return " ".join(held)


async def tried(world: World, member: Any, command: Any) -> Any:
    """Run a command about the course, in every option that names something."""
    values = {}
    for option in command.parameters:
        is_text = option.type is discord.AppCommandOptionType.string
        if is_text and not option.choices and (option.required or option.autocomplete):
            values[option.display_name] = COURSE
        elif option.required:
            values[option.display_name] = plain(world, option)
    return await answer(world, invoke(world, member, command, values))


async def pressed(world: World, member: Any, message: Any, depth: int, seen: set[str]) -> int:
    """Press every button of a message, and of what that answers; return how many."""
    n_pressed = 0
    for button in buttons_of(message):
        custom_id = getattr(button, "custom_id", None)
        kind = (custom_id or "").rstrip("0123456789")
        if not custom_id or button.disabled or kind in seen:
            continue
        if custom_id.startswith(tuple(SKIPPED)):
            continue
        seen.add(kind)
        try:
            result = await member.click(message, custom_id=custom_id)
        except SetupError:  # an earlier press took it away
            continue
        n_pressed += 1
        assert SECRET not in await fields_of(result.response), custom_id
        if depth > 1 and result.response is not None:
            n_pressed += await pressed(world, member, result.response, depth - 1, seen)
    return n_pressed


async def test_who_has_not_bought_it_reads_its_address_nowhere(lenient_world: World) -> None:
    world = lenient_world
    course = await shelved(world)
    await sold(world, "Rust course", course, raw={"url": "https://shop.example/{reference}"})
    await grant(world, world.bob)  # somebody has it, and Alice has not
    n_commands = n_pressed = 0
    seen: set[str] = set()
    for command in leaves(world):
        try:
            result = await tried(world, world.alice, command)
        except (
            SetupError
        ):  # Discord hides moderators' commands; what they answer is asked elsewhere
            continue
        said = f"/{command.qualified_name}"
        assert SECRET not in await fields_of(result.response), said
        if result.modal is None and result.response is not None:
            n_pressed += await pressed(world, world.alice, result.response, DEEP, seen)
        for option in command.parameters:
            if option.autocomplete:
                asked = {option.display_name: COURSE[:4]}
                found = await answer(
                    world, invoke(world, world.alice, command, asked, option.display_name)
                )
                assert SECRET not in str(getattr(found, "choices", "")), said
        n_commands += 1
    assert n_commands > 30 and n_pressed > 15, (n_commands, n_pressed)
    shown = str(world.env.backend.messages)
    assert SECRET not in shown
