"""Errors as members meet them: in their language, as plain text, whatever else is broken."""

import subprocess
import sys

import pytest

from bot.i18n import Texts, plain
from tests.discord_sim import World, set_locale, texts_of


@pytest.mark.parametrize(
    ("foreign", "shown"),
    [
        ("**loud** _soft_", r"\*\*loud\*\* \_soft\_"),
        ("[bank](https://evil.example)", "[bank]\u200b(https://evil.example)"),
        ("[a](b) and [c](d)", "[a]\u200b(b) and [c]\u200b(d)"),
        ("@everyone <@5>", "@\u200beveryone <@\u200b5>"),
        ("two\nlines", "two lines"),
    ],
)
def test_foreign_text_cannot_act_as_markdown(foreign: str, shown: str) -> None:
    assert plain(foreign) == shown


async def test_a_refusal_repeats_what_was_typed_as_plain_text(lenient_world: World) -> None:
    world = lenient_world
    typed = "**Berlin** [here](https://evil.example) @everyone"
    refused = await world.alice.slash(
        world.channel, "digest time", weekday=1, hour=9, timezone=typed
    )
    text = texts_of(refused.response)
    assert plain(typed) in text
    assert typed not in text


async def test_who_asks_while_the_database_is_gone_is_answered_all_the_same(
    lenient_world: World,
) -> None:
    world = lenient_world
    await world.app.database.close()
    set_locale(world.alice, "zh-CN")
    answered = await world.alice.slash(world.channel, "points")
    expected, _, _ = Texts("zh-CN")("error-unexpected", reference="|").partition("|")
    assert texts_of(answered.response).startswith(expected)


def test_even_the_most_talkative_log_repeats_nothing_members_wrote() -> None:
    code = (
        "import logging; from bot.cli import _log; _log('DEBUG')\n"
        "for name in ('discord.gateway', 'discord.http', 'aiosqlite', 'sqlalchemy.engine'):\n"
        "    assert not logging.getLogger(name).isEnabledFor(logging.DEBUG), name\n"
        "assert logging.getLogger('bot').isEnabledFor(logging.DEBUG)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
