"""Numbers nobody means: every option, button, menu and suggestion answers them in one sentence.

Discord checks options before it sends them, and custom ids come back as they were sent; none of
that is relied on.
"""

import contextlib
import logging
import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import simcord
from discord import AppCommandOptionType

from bot import ids
from bot.catalog import rules as catalog
from bot.errors import UserError
from bot.i18n import LANGUAGES, Texts
from bot.rewards import fields
from bot.shop import rules as goods
from bot.tree import explain
from tests.discord_sim import World, texts_of
from tests.form_cases import BY_NAME, Case
from tests.test_components import message_with, registered

UNEXPECTED = Texts("en")("error-unexpected", reference="").strip()
NUMBERS = ["-1", "0", str(2**63), "9" * 4_500, "1e5", "١٢", "1.5", "NaN"]
TYPED = [*NUMBERS, f"id:{2**63}", "id:-1", ids.choice(1), "\u0000"]
BY_TYPE: dict[AppCommandOptionType, list[Any]] = {
    AppCommandOptionType.string: TYPED,
    AppCommandOptionType.integer: [-1, 0, 2**53, 2**53 + 1, 2**63, -(2**63) - 1, 10**100],
    AppCommandOptionType.number: [-1.0, 1e-300, 1e300, float("inf"), float("nan"), 10**100],
}
_WORDLESS = {
    "rules import",
    "model refit",
}  # files have a test of their own; a refit takes its time


def leaves(world: World) -> list[Any]:
    found = [c for c in world.client.tree.walk_commands() if not hasattr(c, "walk_commands")]
    return [command for command in found if command.qualified_name not in _WORDLESS]


def plain(world: World, option: Any) -> Any:
    """Return what an option takes without anything being wrong with it."""
    if option.choices:
        return option.choices[0].value
    return {
        AppCommandOptionType.string: "a word",
        AppCommandOptionType.integer: max(1, option.min_value or 0),
        AppCommandOptionType.number: 1.0,
        AppCommandOptionType.boolean: True,
        AppCommandOptionType.user: str(world.bob.id),
        AppCommandOptionType.role: str(world.guild.default_role.id),
        AppCommandOptionType.channel: str(world.channel.id),
        AppCommandOptionType.attachment: "1",
    }[option.type]


def invoke(
    world: World, member: Any, command: Any, values: dict[str, Any], focused: str = ""
) -> Any:
    """Send an interaction as it comes over the wire, whatever Discord would say of its options."""
    words = command.qualified_name.split()
    options = []
    for option in command.parameters:
        if option.display_name in values:
            each = {
                "name": option.display_name,
                "type": option.type.value,
                "value": values[option.display_name],
            }
            options.append(each | ({"focused": True} if option.display_name == focused else {}))
    root = simcord.actors._resolve_visible_command(member, world.channel.id, words[0], 1)
    for word in reversed(words[1:]):
        kind = 1 if word == words[-1] else 2
        options = [{"type": kind, "name": word, "options": options}]
    data = {"id": root["id"], "name": root["name"], "type": 1, "options": options}
    record, payload = simcord.interactions.base_payload(
        world.env.backend,
        type=4 if focused else 2,
        channel_id=world.channel.id,
        guild_id=world.guild.id,
        user_id=member.id,
        data=data,
    )
    world.env.backend.emit("INTERACTION_CREATE", payload)
    return record


async def answer(world: World, record: Any) -> Any:
    await world.env.settle()
    return simcord.InteractionResult(world.env, record)


def defects(log: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in log.records if record.levelno >= logging.ERROR]


def tries(world: World, command: Any) -> Iterator[dict[str, Any]]:
    """Yield options of which one is hostile and the others are needed."""
    needed = {o.display_name: plain(world, o) for o in command.parameters if o.required}
    for option in command.parameters:
        for value in () if option.choices else BY_TYPE.get(option.type, ()):
            yield needed | {option.display_name: value}


async def test_every_option_refuses_or_takes_any_number(
    lenient_world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world = lenient_world
    n_tried = 0
    for command in leaves(world):
        for values in tries(world, command):
            result = await answer(world, invoke(world, world.moderator, command, values))
            said = f"/{command.qualified_name} {str(values)[:200]}"
            assert defects(caplog) == [], said
            assert result.acknowledged, said
            if result.modal is None:
                assert UNEXPECTED not in texts_of(result.response), said
            n_tried += 1
    assert n_tried > 200


async def test_whatever_is_typed_can_be_completed(
    lenient_world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world = lenient_world
    n_tried = 0
    for command in leaves(world):
        for option in command.parameters:
            for value in TYPED if option.autocomplete else ():
                asked = {option.display_name: value}
                invoke(world, world.moderator, command, asked, option.display_name)
                await world.env.settle()
                assert defects(caplog) == [], f"/{command.qualified_name} {str(asked)[:200]}"
                n_tried += 1
    assert n_tried > 100


# ------------------------------------------------------------------- buttons, menus, forms

LARGE = [str(2**63 - 1), str(2**63), "9" * 60, "٣", "0"]
_NUMBER = re.compile(r"\(\?P<\w+>\\d(?:\+|\{\d,\d+\})\)")
_GROUP = re.compile(r"\(\?P<\w+>([^()]*)\)")
_FIRST = {r"\w+": "message", "[a-z]*": "", ".*": "x", "": ""}


def custom_ids(template: str, number: str) -> Iterator[str]:
    """Yield ids that fit a template, with a number where one stands."""
    numbered = _NUMBER.sub(number, template)
    longest = max((group.count("|") + 1 for group in _GROUP.findall(numbered)), default=1)
    for n in range(longest):

        def one(group: re.Match[str], n: int = n) -> str:
            choices = group[1].split("|")
            return _FIRST.get(group[1], choices[n % len(choices)])

        yield _GROUP.sub(one, numbered)


@pytest.mark.parametrize("number", LARGE)
async def test_every_button_and_menu_refuses_or_takes_any_number(
    lenient_world: World, caplog: pytest.LogCaptureFixture, number: str
) -> None:
    world = lenient_world
    n_tried = 0
    for template in registered(world):
        for custom_id in custom_ids(template, number):
            if len(custom_id) > 100 or not re.fullmatch(template, custom_id):
                continue
            for member in (world.moderator, world.alice):
                pressed, chosen = await message_with(world, custom_id)
                shown = [await member.click(pressed, custom_id=custom_id)]
                shown.append(await member.select(chosen, ["1"], custom_id=custom_id))
                for result in shown:
                    assert defects(caplog) == [], custom_id
                    if result.modal is None and result.response is not None:
                        assert UNEXPECTED not in texts_of(result.response), custom_id
                n_tried += 1
    assert n_tried > 60


def choose(world: World, member: Any, message: Any, custom_id: str, values: list[str]) -> Any:
    """Choose in a menu what it never offered."""
    stored = simcord.actors._visible_message(member, message)
    record, payload = simcord.interactions.base_payload(
        world.env.backend,
        type=3,
        channel_id=stored.channel_id,
        guild_id=world.guild.id,
        user_id=member.id,
        data={"custom_id": custom_id, "component_type": 3, "values": values},
    )
    record.source_message_id = stored.id
    payload["message"] = dict(
        simcord.backend.serializers.message_payload(world.env.backend, stored)
    )
    world.env.backend.emit("INTERACTION_CREATE", payload)
    return record


async def test_every_menu_refuses_what_it_never_offered(
    lenient_world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world = lenient_world
    for template in registered(world):
        custom_id = next(custom_ids(template, "1"))
        for values in ([], [""], ["x"], ["-1"], [str(2**63)], ["9" * 100], ["٣"]):
            _, menu = await message_with(world, custom_id)
            result = await answer(world, choose(world, world.moderator, menu, custom_id, values))
            assert defects(caplog) == [], f"{custom_id} {values}"
            if result.modal is None and result.response is not None:
                assert UNEXPECTED not in texts_of(result.response), f"{custom_id} {values}"


@BY_NAME
@pytest.mark.parametrize("typed", ["9" * 4_000, "1e-99", "-١٢"], ids=["long", "tiny", "foreign"])
async def test_every_field_of_a_form_refuses_or_takes_any_number(
    lenient_world: World, caplog: pytest.LogCaptureFixture, case: Case, typed: str
) -> None:
    world = lenient_world
    opened = await case.open(world)
    shown = [label["component"] for label in opened.modal["components"]]
    limits = {each["custom_id"]: each.get("max_length") for each in shown if each["type"] == 4}
    values: dict[str, Any] = {name: typed[:limit] for name, limit in limits.items()}
    menus = [each for each in shown if each.get("options") and each.get("required", True)]
    values |= {each["custom_id"]: [each["options"][0]["value"]] for each in menus}
    result = await world.moderator.submit_modal(opened, values)
    assert defects(caplog) == []
    assert UNEXPECTED not in texts_of(result.response)


WRITTEN = ["", "-1", "0", str(2**63), "9" * 5_000, "1e99", "1e-999999999", "1e" + "9" * 30, "١٢"]
WRITTEN += ["1_0", "NaN", "-Infinity", "0x10", "²", "½", "1-1-1", "9999-12-31 23:59", "\ud800"]


@pytest.mark.parametrize("written", WRITTEN, ids=lambda text: ascii(text)[:20])
def test_what_reads_numbers_takes_or_refuses_any_text(written: str) -> None:
    for field in fields.FIELDS:
        with contextlib.suppress(fields.RuleError):
            fields.check(field, fields.parse(field, written))
    parsers: list[Callable[[str], Any]] = [
        goods.parse_price,
        goods.parse_count,
        lambda text: goods.parse_moment(text, "Asia/Shanghai"),
        lambda text: goods.parse_times(text, "UTC", 0.0),
        catalog.parse_minutes,
        lambda text: catalog.parse_price(text, "USD"),
        lambda text: catalog.parse_price_minor(text, "JPY"),
        catalog.parse_published,
        lambda text: ids.discord_id(text),
    ]
    for parse in parsers:
        with contextlib.suppress(goods.Refused, catalog.Refused, UserError):
            found = parse(written)
            assert all(abs(n) < 2**63 for n in (found if isinstance(found, list) else [found or 0]))


TOML = {
    "an array in arrays": "a = " + "[" * 60_000,
    "a table in tables": "a = " + "{a=" * 20_000,
    "a dotted key": ".".join("a" * 30_000) + " = 1",
    "a dotted table": "[" + ".".join("a" * 30_000) + "]",
    "a long number": "[message]\npoints = " + "9" * 60_000,
    "a long hexadecimal": "[message]\npoints = 0x" + "f" * 60_000,
    "a hexadecimal in a list": "[levels]\nthresholds = [0x" + "f" * 60_000 + "]",
    "an exponent": "[message]\npoints = 1e" + "9" * 30,
    "not a number": "[message]\npoints = nan",
    "an id of many digits": "[general.channels]\n" + "9" * 5_000 + " = 100",
    "a long name": "a" * 60_000 + " = 1",
    "another name": "[message]\n" + "a" * 60_000 + " = 1",
    "nothing": "\0",
}


@pytest.mark.parametrize("name", TOML)
async def test_rules_that_nobody_wrote_are_one_sentence_soon(world: World, name: str) -> None:
    begin = time.monotonic()
    with pytest.raises(UserError) as refused:
        await world.app.services.rulebook.drafts.bring(
            world.guild.id, world.moderator.id, TOML[name].encode()
        )
    assert time.monotonic() - begin < 5
    for language in LANGUAGES:
        assert len(explain(refused.value, Texts(language))) <= 2_500
