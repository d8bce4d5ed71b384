"""What a channel gets to read is what the commands page says, and nothing else."""

from pathlib import Path
from re import fullmatch
from typing import Any

import pytest

from bot import ids
from bot.catalog.views import POST_TEMPLATE as POST
from storage import catalog
from storage.records import Resource
from tests.discord_sim import World, buttons_of, staff_channel, texts_of
from tests.test_access import give_roles
from tests.test_legible import commands, furnish, press_everything, value

PUBLIC = {
    "share": "a card",
    "checkin": "the member's line of the day",
    "leaderboard": "the first places, with `share`",
    "award": "an award, with `share`",
}
"""Commands that answer in the channel, and what they say there."""
DOCS = (Path(__file__).parent.parent / "docs" / "commands.md").read_text("utf-8")


def public(world: World) -> list[Any]:
    return [m for m in world.channel.history() if not m.flags.ephemeral]


async def test_the_channel_reads_the_answers_of_these_commands_only(lenient_world: World) -> None:
    world = lenient_world
    await furnish(world)
    found: set[str] = set()
    for command in commands(world):
        who = world.moderator if command.checks else world.alice
        before = len(public(world))
        chosen = {p.display_name: value(world, p, is_good=True) for p in command.parameters}
        chosen |= {"note": "A sentence that says enough"} if command.name == "checkin" else {}
        if command.name == "share":  # the first is retired by then
            chosen["resource"] = ids.choice(4)
        result = await who.slash(world.channel, command.qualified_name, **chosen)
        if len(public(world)) > before:
            found.add(command.qualified_name)
        before = len(public(world))
        await press_everything(world, who, result)
        if len(public(world)) > before:
            (post,) = (b for b in buttons_of(result.response) if fullmatch(POST, b.custom_id))
            assert who is world.moderator and post.label == "Post it here"
    assert found == set(PUBLIC)


@pytest.mark.parametrize("name", PUBLIC)
def test_the_commands_page_says_which_answers_are_public(name: str) -> None:
    (row,) = [line for line in DOCS.split("\n") if line.startswith(f"| `/{name}` |")]
    assert "*public*" in row or "announces it in the channel" in row


async def test_what_is_for_a_role_is_shared_where_not_everybody_reads(lenient_world: World) -> None:
    world = lenient_world
    role = world.guild.create_role("Paid")
    private = staff_channel(world, role, name="paid")
    await world.env.settle()
    url = "https://paid.example/rust"
    paid = Resource(
        guild_id=world.guild.id, kind="course", title="Ownership", url=url, role_id=role.id
    )
    number = await world.app.database.write(lambda conn: catalog.add(conn, paid))
    give_roles(world, world.alice, role)
    chosen = ids.choice(number)
    refused = await world.alice.slash(world.channel, "share", resource=chosen)
    assert "everybody can read this channel" in texts_of(refused.response)
    assert public(world) == []
    await world.alice.slash(private, "share", resource=chosen)
    assert "Ownership" in texts_of(private.last_message)
    await world.moderator.slash(world.channel, "share", resource=chosen)
    assert "Ownership" in texts_of(world.channel.last_message)
