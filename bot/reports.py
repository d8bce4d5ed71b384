"""``lyceum report``: what works, and what was sold. Thin: parse, call, print."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table
from typer.core import TyperGroup

from bot.dates import DAY_S
from bot.i18n import LANGUAGES, Texts
from bot.terminal import (
    DatabaseOption,
    GuildOption,
    good,
    guild_meant,
    note,
    out,
    whole_number,
    with_app,
)

if TYPE_CHECKING:
    from bot.app import App


class _Reports(TyperGroup):
    """Where no report is named, it is the one of what works."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Name it."""
        if not args or args[0] not in (*self.commands, "--help"):
            args = ["works", *args]
        return super().parse_args(ctx, args)


reports = typer.Typer(cls=_Reports, help="Write what works, or what was sold.")


@reports.command()
def works(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Where report.html and report.csv go.")
    ] = Path("."),
    guild: GuildOption = None,
    days: Annotated[
        int, typer.Option(parser=whole_number(1, 3_650), metavar="DAYS", help="How far back.")
    ] = 30,
    language: Annotated[str, typer.Option(help="en or zh-CN.")] = "en",
    database: DatabaseOption = None,
) -> None:
    """Write what works as one HTML file, and its table as CSV."""
    from bot.insights import report as made

    if language not in LANGUAGES:
        raise typer.BadParameter(f"{language[:40]!r} is not one of {', '.join(LANGUAGES)}")
    texts = Texts(language)

    async def work(lyceum: "App") -> Any:
        now = lyceum.clock().timestamp()
        guild_id = await guild_meant(lyceum, guild)
        return await lyceum.services.insights.figures(guild_id, days), now

    found, now = with_app(database, work)
    folder.mkdir(parents=True, exist_ok=True)
    page = made.html(found, now - days * DAY_S, now, texts)
    (folder / "report.html").write_text(page, "utf-8")
    (folder / "report.csv").write_text(made.table(found, texts), "utf-8-sig")
    good(f"wrote {folder / 'report.html'} and {folder / 'report.csv'}")


@reports.command()
def conversion(
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
    days: Annotated[
        int, typer.Option(parser=whole_number(7, 366), metavar="NUMBER", help="How far back.")
    ] = 28,
    guild: GuildOption = None,
    database: DatabaseOption = None,
) -> None:
    """Say of every resource and product how many were shown, opened and bought it."""
    from bot import tables
    from bot.purchases.report import COLUMNS

    async def work(lyceum: "App") -> Any:
        guild_id = await guild_meant(lyceum, guild)
        return await lyceum.services.purchases.reports.conversion(guild_id, days)

    found = with_app(database, work)
    if as_csv:
        written = tables.written([COLUMNS, *found.lines]).decode("utf-8-sig")
        out.print(written, markup=False, soft_wrap=True, end="")
        note(found.words)
        return
    table = Table(*COLUMNS, caption=found.words)
    for line in found.lines:
        table.add_row(*line)
    out.print(table)
