"""What the doctor finds in installations that are broken one way each, and leaves as they were."""

import asyncio
import os
import socket
import sqlite3
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from pathlib import Path

import discord
import pytest
from aiohttp import web
from simcord.backend.models.channel import Overwrite
from simcord.enums import OverwriteType

from bot import doctor, reachable
from bot.asking import PERMISSIONS
from bot.clock import system_clock
from bot.doctor import examine
from storage import channel_digests, members, questions, stays
from storage.database import hold_instance, open_database
from storage.migrate import migrate
from storage.records import ChannelDigest, Guild, QuestionPlace, Stay, StayState
from tests import patience
from tests.discord_sim import settings_for
from tests.wire import TOKEN, WireEnv, WireServer

ROOT = Path(__file__).parent.parent


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database of this version."""
    path = tmp_path / "lyceum.sqlite3"
    migrate(path)
    return path


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@contextmanager
def listening(host: str = "127.0.0.1") -> Iterator[int]:
    """Hold a port that says nothing."""
    with socket.socket() as taken:
        taken.bind((host, 0))
        taken.listen()
        yield int(taken.getsockname()[1])


@pytest.fixture
async def health() -> AsyncIterator[tuple[int, dict[str, object]]]:
    """A port that answers /healthz, and what it answers."""
    says: dict[str, object] = {"status": "ok"}
    app = web.Application()

    async def answer(_: web.Request) -> web.Response:
        return web.json_response(says)

    app.router.add_get("/healthz", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield runner.addresses[0][1], says
    await runner.cleanup()


# --------------------------------------------------------------------------- the token


@pytest.mark.parametrize(
    ("token", "said"),
    [
        (None, "not set"),
        ("", "not set"),
        (f"Bot {TOKEN}", "spaces"),
        (f"{TOKEN}\n", "spaces"),
        ("a" * 32, "does not look like"),
        ("0123456789abcdef" * 4, "does not look like"),
        ("MTIz.only-two", "does not look like"),
        ("MTIz..gap", "does not look like"),
        ("bm8gbnVtYmVy.a.b", "does not look like"),
        ("令牌.a.b", "does not look like"),
        (f"{TOKEN}.more", "does not look like"),
    ],
)
def test_what_is_no_token_is_told_without_repeating_it(token: str | None, said: str) -> None:
    found = doctor.token_shape(token)
    assert found.state == "bad"
    assert said in found.text
    assert found.fix
    assert not token or token not in found.text + found.fix


def test_what_may_be_a_token_is_good() -> None:
    assert doctor.token_shape(TOKEN).state == "good"


# --------------------------------------------------------------------------- the database


async def test_guilds_that_removed_the_bot_are_named_with_the_day_they_are_purged(
    path: Path,
) -> None:
    left_at = datetime(2026, 3, 2, tzinfo=UTC).timestamp()
    states: tuple[StayState, ...] = ("here", "gone", "purging", "purged")
    async with open_database(path) as database:
        for guild_id, state in enumerate(states, 1):
            stay = Stay(
                guild_id=guild_id, state=state, left_at=left_at, purge_at=left_at + 30 * 86_400
            )
            await database.write(partial(stays.save, stay=stay))
        found = list(doctor.departures(path))  # while the bot runs
    subjects = [(one.state, one.subject) for one in found]
    assert subjects == [("note", "server 2"), ("note", "server 3")]
    assert "removed the bot on 2026-03-02; what is stored of it is deleted on 2026-04-01" in (
        found[0].text
    )
    assert all(one.fix for one in found)
    assert list(doctor.departures(path.parent / "absent.sqlite3")) == []


def test_a_database_that_is_not_there_yet_is_not_made(tmp_path: Path) -> None:
    found = doctor.database(tmp_path / "data" / "deep" / "lyceum.sqlite3")
    assert found.state == "good"
    assert "will be made at the first start" in found.text
    assert list(tmp_path.iterdir()) == []


def test_a_whole_database_is_good_and_left_as_it_was(path: Path) -> None:
    before = files(path.parent)
    assert doctor.database(path).state == "good"
    assert reachable.running(path) is None
    assert files(path.parent) == before


def test_an_empty_file_is_good(tmp_path: Path) -> None:
    empty = tmp_path / "lyceum.sqlite3"
    empty.touch()
    assert doctor.database(empty).state == "good"
    assert empty.stat().st_size == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only to root")
@pytest.mark.parametrize("mode", [0o500, 0o400])
def test_a_folder_that_may_not_be_written_is_found(path: Path, mode: int) -> None:
    path.parent.chmod(mode)
    try:
        for name in ("lyceum.sqlite3", "other.sqlite3"):
            assert doctor.database(path.parent / name).state == "bad"
    finally:
        path.parent.chmod(0o700)


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only to root")
def test_a_file_that_may_not_be_written_is_found(path: Path) -> None:
    path.chmod(0o400)
    found = doctor.database(path)
    assert found.state == "bad"
    assert "cannot be written" in found.text


def test_a_folder_that_is_a_file_and_a_file_that_is_a_folder_are_found(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for wrong in (tmp_path / "file" / "lyceum.sqlite3", tmp_path):
        found = doctor.database(wrong)
        assert (found.state, bool(found.fix)) == ("bad", True)


def test_a_link_to_nowhere_is_found(tmp_path: Path) -> None:
    link = tmp_path / "lyceum.sqlite3"
    link.symlink_to(tmp_path / "gone" / "lyceum.sqlite3")
    assert "points to nothing" in doctor.database(link).text


@pytest.mark.parametrize("where", [0, 4096])
def test_a_damaged_file_is_found(path: Path, where: int) -> None:
    with open(path, "r+b") as file:
        file.seek(where)
        file.write(b"\xff" * 2048)
    found = doctor.database(path)
    assert found.state == "bad"
    assert "is damaged" in found.text
    assert "backup" in found.fix


@pytest.mark.parametrize(
    ("statement", "state", "said"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", "bad", "a newer version of Lyceum"),
        ("DROP TABLE alembic_version", "bad", "another program"),
        ("DELETE FROM alembic_version", "bad", "does not say which version"),
        ("PRAGMA application_id=7", "bad", "another program"),
    ],
)
def test_a_database_of_another_version_or_program_is_found(
    path: Path, statement: str, state: str, said: str
) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement)
    found = doctor.database(path)
    assert (found.state, said in found.text) == (state, True), found


def test_a_writer_that_does_not_let_go_is_told_apart_from_a_lack_of_rights(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        found = doctor.database(path, patience_s=0.1)
    assert found.state == "note"
    assert "another process" in found.text


async def test_a_disk_that_is_nearly_full_is_found(tmp_path: Path) -> None:
    settings = settings_for(tmp_path / "data" / "lyceum.sqlite3", web_port=0)
    asked: list[Path] = []

    def free(folder: Path) -> int:
        asked.append(folder)
        return 100 * 1024**2

    found = [f async for f in examine(settings, system_clock, free=free) if f.subject == "disk"]
    assert asked == [tmp_path]
    assert found[0].state == "bad"
    assert found[0].text.startswith("0.1 GiB free")
    assert doctor.free_bytes(tmp_path) > 0


# --------------------------------------------------------------------------- port and URL


async def test_a_free_port_is_good_and_any_port_is_a_note() -> None:
    with listening() as number:
        pass
    assert (await reachable.port("127.0.0.1", number, None)).state == "good"
    assert (await reachable.port("127.0.0.1", 0, None)).state == "note"


async def test_a_port_that_is_taken_is_found() -> None:
    with listening() as number:
        found = await reachable.port("127.0.0.1", number, None)
    assert (found.state, found.text) == ("bad", f"127.0.0.1:{number} is taken by something else")


async def test_a_host_that_is_not_ours_is_found() -> None:
    for host in ("192.0.2.1", "no such host"):
        found = await reachable.port(host, 8080, None)
        assert found.state == "bad"
        assert "WEB_HOST" in found.fix


async def test_the_running_bot_explains_the_taken_port(
    path: Path, health: tuple[int, dict[str, object]]
) -> None:
    number, says = health
    with hold_instance(path):
        holder = reachable.running(path)
        assert holder is not None and f"process {os.getpid()} on" in holder
        for host in ("127.0.0.1", "0.0.0.0"):
            found = await reachable.port(host, number, holder)
            assert (found.state, holder in found.text) == ("good", True)
        says["status"] = "unavailable"
        found = await reachable.port("127.0.0.1", number, holder)
        assert (found.state, "its database does not answer" in found.text) == ("bad", True)
    assert reachable.running(path) is None
    found = await reachable.port("127.0.0.1", number, None)
    assert found.text.endswith("is taken by a Lyceum with another database")


async def test_a_bot_that_runs_with_another_port_is_told() -> None:
    with listening() as number:
        pass
    found = await reachable.port("127.0.0.1", number, "process 1")
    assert (found.state, "restart the bot" in found.fix) == ("note", True)


@pytest.mark.parametrize(
    ("url", "state"),
    [
        (None, "note"),
        ("https://learn.example.org", "good"),
        ("https://learn.example.org/lyceum", "good"),
        ("http://learn.example.org", "note"),
        ("https://localhost:8080", "bad"),
        ("http://127.0.0.1:8080", "bad"),
        ("http://[::1]:8080", "bad"),
        ("https://192.168.1.4", "bad"),
        ("https://lyceum.local", "bad"),
        ("https://lyceum", "bad"),
    ],
)
async def test_kinds_of_public_url(url: str | None, state: str) -> None:
    found = await reachable.public_url(url, is_running=False)
    assert found.state == state
    assert bool(found.fix) == (state != "good")


async def test_a_public_url_that_does_not_reach_the_running_bot_is_found() -> None:
    found = await reachable.public_url("https://nowhere.invalid", is_running=True)
    assert (found.state, "does not reach the bot" in found.text) == ("bad", True)


# ------------------------------------------------------------ the whole, against a Discord


@dataclass
class Patient:
    """An installation in a folder of its own, and the Discord it speaks to."""

    server: WireServer
    path: Path
    settings: dict[str, str] = field(default_factory=dict)

    async def doctor(self) -> tuple[int, str]:
        """Run `lyceum doctor` for real; return its exit code and what it printed."""
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "PYTHONIOENCODING": "utf-8",
            "DISCORD_TOKEN": TOKEN,
            "DATABASE_PATH": str(self.path),
            "WEB_PORT": "0",
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.wire_cli",
            str(self.server.port),
            "doctor",
            cwd=self.path.parent,
            env=environment | self.settings,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        printed, _ = await asyncio.wait_for(process.communicate(), patience.patient(60))
        assert process.returncode is not None
        text = printed.decode()
        assert "Traceback" not in text, text
        assert TOKEN not in text
        self._every_finding_says_what_to_do(text)
        return process.returncode, text

    @staticmethod
    def _every_finding_says_what_to_do(text: str) -> None:
        lines = text.splitlines()
        for line, following in zip(lines, [*lines[1:], ""], strict=True):
            assert line.startswith(("✓", "•", "✗", "    → ")), line
            if line.startswith(("•", "✗")):
                assert following.startswith("    → "), line


@pytest.fixture
async def patient(path: Path) -> AsyncIterator[Patient]:
    server = WireServer(WireEnv())
    await server.start()
    try:
        yield Patient(server, path)
    finally:
        await server.stop()


@pytest.mark.slow
async def test_a_healthy_installation_is_told_so_and_left_as_it_was(patient: Patient) -> None:
    patient.server.env.create_guild("Readers [red]of[/] books")
    before = files(patient.path.parent)
    code, text = await patient.doctor()
    assert code == 0, text
    assert "✗" not in text
    assert "✓ clock: within " in text
    assert "✓ discord: logged in as " in text
    assert "✓ server Readers [red]of[/] books: all permissions are there" in text
    assert f"permissions={PERMISSIONS.value}" in text
    assert files(patient.path.parent) == before
    assert {r.method for r in patient.server.requests} == {"GET"}


@pytest.mark.slow
async def test_what_discord_does_not_grant_is_found(patient: Patient) -> None:
    env, server = patient.server.env, patient.server
    lacking, ruling = env.create_guild("Lacking"), env.create_guild("Ruling")
    server.permissions[lacking.id] = (
        PERMISSIONS.value & ~discord.Permissions(embed_links=True).value
    )
    server.permissions[ruling.id] = discord.Permissions(administrator=True).value
    server.application = {
        "flags": 1 << 15,
        "interactions_endpoint_url": "https://other.example/hook",
        "bot_require_code_grant": True,
    }
    patient.settings = {"MESSAGE_CONTENT_INTENT": "true"}
    code, text = await patient.doctor()
    assert code == 1
    assert "✗ server Lacking: the bot misses Embed Links" in text
    assert "• server Ruling: the bot is administrator" in text
    assert "✗ intents: MESSAGE_CONTENT_INTENT is on in .env but off" in text
    assert "✗ commands: Discord sends commands to https://other.example/hook" in text
    assert "✗ commands: Requires OAuth2 Code Grant is on" in text


@pytest.mark.slow
async def test_a_moderators_channel_that_everybody_reads_is_found(patient: Patient) -> None:
    env = patient.server.env
    guilds = [env.create_guild(name) for name in ("Open", "Closed", "Gone")]
    places = [guild.create_text_channel("staff") for guild in guilds]
    deny = discord.Permissions(view_channel=True).value
    everyone = Overwrite(guilds[1].default_role.id, OverwriteType.ROLE, 0, deny)
    env.backend.set_overwrite(places[1].id, everyone)
    chosen = zip((guild.id for guild in guilds), (places[0].id, places[1].id, 404), strict=True)
    async with open_database(patient.path) as database:
        for guild_id, channel_id in chosen:
            settings = Guild(guild_id, staff_channel_id=channel_id)
            await database.write(partial(members.save_guild, changed=settings))
    code, text = await patient.doctor()
    assert code == 0, text
    assert "• server Open: everybody can read #staff" in text
    assert "server Closed: everybody" not in text
    assert "• server Gone: the channel where moderators are notified is gone" in text


@pytest.mark.slow
async def test_a_watched_channel_where_questions_cannot_be_looked_after_is_found(
    patient: Patient,
) -> None:
    env = patient.server.env
    guild = env.create_guild("Asking")
    good, bad = guild.create_text_channel("help"), guild.create_text_channel("quiet")
    forum = guild.create_forum_channel("forum")
    deny = discord.Permissions(send_messages_in_threads=True).value
    everyone = Overwrite(guild.default_role.id, OverwriteType.ROLE, 0, deny)
    env.backend.set_overwrite(bad.id, everyone)
    async with open_database(patient.path) as database:
        for channel_id in (good.id, bad.id, forum.id, 404):
            place = QuestionPlace(guild_id=guild.id, channel_id=channel_id, since_at=0.0)
            await database.write(partial(questions.save_place, place=place))
    _, text = await patient.doctor()
    assert "#help" not in text
    assert "in #quiet, where questions are asked, the bot misses Send Messages In Threads" in text
    assert "#forum has no tag that could say" in text
    assert "server Asking: a channel where questions are asked is gone" in text


@pytest.mark.slow
async def test_a_channel_where_the_weekly_digest_cannot_be_posted_is_found(
    patient: Patient,
) -> None:
    env = patient.server.env
    guilds = [env.create_guild(name) for name in ("Good", "Silent", "Gone")]
    places = [guild.create_text_channel("best") for guild in guilds]
    deny = discord.Permissions(read_message_history=True).value
    everyone = Overwrite(guilds[1].default_role.id, OverwriteType.ROLE, 0, deny)
    env.backend.set_overwrite(places[1].id, everyone)
    chosen = (places[0].id, places[1].id, 404)
    async with open_database(patient.path) as database:
        for guild, channel_id in zip(guilds, chosen, strict=True):
            wanted = ChannelDigest(
                guild_id=guild.id,
                channel_id=channel_id,
                weekday=0,
                hour=9,
                due_at=0.0,
                due_zone="UTC",
            )
            await database.write(partial(channel_digests.save, wanted=wanted))
    _, text = await patient.doctor()
    assert "server Good: in #best" not in text
    assert (
        "in #best, where the weekly digest is posted, the bot misses Read Message History" in text
    )
    assert "server Gone: the channel of the weekly digest is gone" in text


@pytest.mark.slow
async def test_a_bot_in_no_guild_gets_its_invitation(patient: Patient) -> None:
    code, text = await patient.doctor()
    assert code == 1
    assert "✗ servers: the bot is in no server" in text
    assert "scope=bot+applications.commands" in text


@pytest.mark.slow
async def test_a_refused_token_is_found(patient: Patient) -> None:
    patient.settings["DISCORD_TOKEN"] = "MTIz.not.right"
    code, text = await patient.doctor()
    assert code == 1
    assert "✗ discord: the token is refused" in text


@pytest.mark.slow
async def test_a_clock_that_is_off_is_found(patient: Patient) -> None:
    patient.server.env.create_guild("Late")
    patient.server.date = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    code, text = await patient.doctor()
    assert code == 1
    assert "✗ clock: 3" in text
    patient.server.date = "soon"
    code, text = await patient.doctor()
    assert code == 0
    assert "• clock: could not be compared" in text


@pytest.mark.slow
async def test_a_discord_that_cannot_be_reached_is_found(patient: Patient) -> None:
    await patient.server.stop()
    code, text = await patient.doctor()
    assert code == 1
    assert "✗ discord: cannot be reached: " in text


@pytest.mark.slow
async def test_without_a_token_everything_else_is_looked_at(patient: Patient) -> None:
    patient.settings["DISCORD_TOKEN"] = ""
    code, text = await patient.doctor()
    assert code == 1
    assert "✗ token: DISCORD_TOKEN is not set" in text
    assert "✓ database: " in text
    assert "discord: " not in text
    assert patient.server.requests == []
