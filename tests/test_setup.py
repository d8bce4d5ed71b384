"""`lyceum setup`: what it asks, what it refuses, and the file it writes."""

import asyncio
import os
import stat
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.settings import Settings
from bot.setup import merged, problem_of, quoted, values_of
from tests.patience import patient
from tests.wire import TOKEN, WireEnv, WireServer

ROOT = Path(__file__).parent.parent
SHAPED = "MTIzNDU2Nzg5MDEy.Gabcde.abcdefghijklmnopqrstuvwxyz0123456789AB"
ANSWERS = (SHAPED, "zh-CN", "上海", "", "https://learn.example.org", "8081")


def answered(folder: Path, *answers: str, **environment: str) -> Result:
    typed = "".join(f"{answer}\n" for answer in answers)
    return CliRunner().invoke(
        app, ["setup", "--offline", "--file", str(folder / ".env")], input=typed, env=environment
    )


def test_answers_become_a_file_for_one_user_that_the_settings_read(tmp_path: Path) -> None:
    done = answered(tmp_path, *ANSWERS)
    assert done.exit_code == 0, done.output
    file = tmp_path / ".env"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    settings = Settings(_env_file=file)
    assert settings.discord_token is not None
    assert settings.discord_token.get_secret_value() == SHAPED
    assert (settings.default_language, settings.default_time_zone) == ("zh-CN", "Asia/Shanghai")
    assert (settings.web_port, settings.public_root) == (8081, "https://learn.example.org")
    assert SHAPED not in done.output
    assert "# Copy to .env" in file.read_text("utf-8")


def test_what_cannot_be_is_asked_again_and_other_lines_stay(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("# mine\nLOG_LEVEL=DEBUG\nWEB_PORT=9000\n", "utf-8")
    wrong = ("nonsense", SHAPED, "fr", "en", "Atlantis", "UTC", "x.sqlite3", "nowhere", "", "x", "")
    done = answered(tmp_path, *wrong)
    assert done.exit_code == 0, done.output
    text = (tmp_path / ".env").read_text("utf-8")
    assert text.startswith("# mine\nLOG_LEVEL=DEBUG\nWEB_PORT=9000\n")
    assert "does not look like a bot token" in done.output


def test_whoever_stops_in_the_middle_has_changed_nothing(tmp_path: Path) -> None:
    done = answered(tmp_path, SHAPED, "en")
    assert done.exit_code != 0
    assert list(tmp_path.iterdir()) == []


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=30))
def test_a_quoted_value_is_read_back_as_it_was(tmp_path_factory: object, value: str) -> None:
    text = merged("# a\nPUBLIC_URL=\n", {"DATABASE_PATH": f"x{value}"})
    from io import StringIO

    from dotenv import dotenv_values

    assert dotenv_values(stream=StringIO(text), interpolate=False)["DATABASE_PATH"] == f"x{value}"


@pytest.mark.parametrize(
    ("field", "typed", "is_fine"),
    [
        ("web_port", "80", True),
        ("web_port", "80000", False),
        ("public_url", "learn", False),
        ("public_url", "", True),
        ("default_language", "de", False),
        ("database_path", "~/x", True),
    ],
)
def test_an_answer_is_held_to_the_settings(field: str, typed: str, is_fine: bool) -> None:
    assert (problem_of(field, typed) == "") == is_fine


def test_values_are_found_in_a_file() -> None:
    assert values_of("export A='b c'\n#B=1\nc=\"d\"") == {"A": "b c", "C": "d"}
    assert quoted("a b") == "'a b'"


@pytest.mark.slow
async def test_the_token_is_checked_against_discord(tmp_path: Path) -> None:
    server = WireServer(WireEnv())
    await server.start()
    try:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.wire_cli", str(server.port), "setup"),
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        answers = "".join(f"{answer}\n" for answer in (SHAPED, TOKEN, *ANSWERS[1:]))
        said, _ = await asyncio.wait_for(process.communicate(answers.encode()), patient(60))
    finally:
        await server.stop()
    text = said.decode()
    assert process.returncode == 0, text
    assert "Discord refuses this token" in text and "this is " in text
    assert "scope=bot+applications.commands" in text
    assert f"DISCORD_TOKEN={TOKEN}" in (tmp_path / ".env").read_text("utf-8")
