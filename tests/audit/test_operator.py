"""What whoever runs the bot imports or has trained is in the moderators' log, and reads as such."""

import asyncio
from pathlib import Path

import pytest
import typer
from sqlalchemy import select

from bot.audit import views
from bot.i18n import LANGUAGES, Texts
from bot.imports import imports
from storage import audit, members, products
from storage.database import open_database
from storage.records import OPERATOR, AuditRow, Guild, Product
from storage.schema import audit as table
from tests.discord_sim import World, texts_of
from tests.test_cli import GOOD, Lyceum, history
from tests.test_cli import lyceum as lyceum

GUILD = 7
FILES = {
    "resources.csv": GOOD,
    "points.csv": "user_id,points\n100000000000000001,12\n",
    "more.csv": "user_id,points\n100000000000000001,12\n100000000000000002,5\n",
    "purchases.csv": "order,product,bought\nA-1,Course,2026-03-01\n",
}
POINTS = ("points", "points.csv", "--format", "csv")
BRINGING: dict[str, tuple[tuple[str, ...], str]] = {
    "catalog": (("catalog", "resources.csv"), "a catalogue: 1 added, 0 changed"),
    "interactions": (("interactions", "past.csv"), "84 interactions of 6 members"),
    "purchases": (("purchases", "purchases.csv"), "1 purchase"),
    "points": (POINTS, "points from another bot: 1 member, 12 points in total"),
}


def sell() -> None:
    """Have a product that purchases can be of."""

    async def write() -> None:
        new = Product(guild_id=GUILD, title="Course", term="forever")
        async with open_database(Path("lyceum.sqlite3")) as database:
            await database.write(lambda conn: members.save_guild(conn, Guild(GUILD)))
            await database.write(lambda conn: products.add(conn, new))

    asyncio.run(write())


@pytest.fixture
def files(lyceum: Lyceum) -> None:
    """Put files of each kind where the command runs."""
    sell()
    history(Path("past.csv"))
    for name, content in FILES.items():
        Path(name).write_text(content, "utf-8")


def entries() -> list[AuditRow]:
    async def read() -> list[AuditRow]:
        async with open_database(Path("lyceum.sqlite3")) as database, database.read() as conn:
            return await audit.rows(conn, GUILD)

    return asyncio.run(read())


def bring(lyceum: Lyceum, *arguments: str) -> None:
    done = lyceum("import", *arguments, "--guild", str(GUILD))
    assert done.exit_code == 0, done.output


def test_every_import_of_the_terminal_is_tried_here() -> None:
    command = typer.main.get_command(imports)
    assert set(command.commands) == BRINGING.keys()  # type: ignore[attr-defined]


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize("name", sorted(BRINGING))
def test_an_import_is_written_down_once_and_reads_as_the_operators(
    lyceum: Lyceum, name: str
) -> None:
    arguments, said = BRINGING[name]
    for _ in range(2):  # again it changes nothing
        bring(lyceum, *arguments)
    (row,) = entries()
    assert (row.actor_id, row.action) == (OPERATOR, f"import.{name}")
    for language in LANGUAGES:
        texts = Texts(language)
        _, cells = views.table([row], {}, texts)
        assert cells[1] == texts("operator") and cells[3] == texts("audit-kind-import")
        assert language != "en" or cells[4] == f"imported {said}"


@pytest.mark.usefixtures("files")
def test_taking_an_import_of_points_back_is_written_down_and_trying_it_is_not(
    lyceum: Lyceum,
) -> None:
    bring(lyceum, *POINTS)
    bring(lyceum, *POINTS[:1], "more.csv", *POINTS[2:], "--dry-run")
    bring(lyceum, *POINTS, "--undo")
    assert [row.action for row in entries()] == ["import.points.undo", "import.points"]


async def test_moderators_read_it_and_find_it_by_its_kind(world: World) -> None:
    row = AuditRow(
        guild_id=world.guild.id,
        actor_id=OPERATOR,
        action="import.points",
        occurred_at=world.app.clock().timestamp(),
        details={"members": 3, "amount": 4_200},
    )
    await world.app.database.write(lambda conn: audit.append(conn, row))
    shown = await world.moderator.slash(world.channel, "server log", kind="import")
    texts = Texts("en")
    message = texts_of(shown.response)
    assert texts("operator") in message and "3 members, 42 points in total" in message
    file = await world.moderator.click(shown.response, label=texts("audit-file"))
    (attached,) = file.response.attachments
    assert texts("operator").encode() in await attached.read()
    async with world.app.database.read() as conn:
        (stored,) = (await conn.execute(select(table.c.actor_id))).scalars()
    assert stored == OPERATOR
