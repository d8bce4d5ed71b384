"""Errors as members meet them: in their language, as plain text, whatever else is broken."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError

from bot.i18n import Texts, plain
from bot.tree import explain
from storage.connection import refusal
from tests.discord_sim import World, set_locale, texts_of
from tests.patience import patient


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
        "import logging; from bot.terminal import log_at; log_at('DEBUG')\n"
        "for name in ('discord.gateway', 'discord.http', 'aiosqlite', 'sqlalchemy.engine'):\n"
        "    assert not logging.getLogger(name).isEnabledFor(logging.DEBUG), name\n"
        "assert logging.getLogger('bot').isEnabledFor(logging.DEBUG)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=patient(60))


@pytest.mark.parametrize(("language", "words"), [("en", "another program"), ("zh-CN", "别的程序")])
def test_a_database_that_others_keep_busy_is_no_defect(
    tmp_path: Path, language: str, words: str
) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'db'}", connect_args={"timeout": 0})
    with closing(sqlite3.connect(tmp_path / "db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(OperationalError) as caught, engine.connect() as conn:
            conn.exec_driver_sql("CREATE TABLE t (a)")
    text = explain(caught.value, Texts(language))
    assert words in text
    assert explain(RuntimeError(), Texts(language)) != text


async def test_an_answer_that_comes_too_late_is_no_defect(
    lenient_world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world = lenient_world
    world.env.inject_error(
        "POST", "/interactions/*/callback", status=404, code=10062, message="Unknown interaction"
    )
    await world.alice.slash(world.channel, "points")
    assert "was over before it could be answered" in caplog.text
    assert "reference" not in caplog.text


def test_a_defect_of_ours_is_no_refusal_of_the_database(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    with engine.connect() as connection, pytest.raises(OperationalError) as raised:
        connection.exec_driver_sql("SELECT * FROM balances")
    engine.dispose()
    assert refusal(raised.value) is None
    assert "reference" in explain(raised.value, Texts("en"))
