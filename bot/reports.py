"""``lyceum conversion``: what was shown, opened and bought. Thin: parse, call, print."""

from typing import Annotated, Any

import typer
from rich.table import Table

from bot.app import App
from bot.terminal import DatabaseOption, GuildOption, guild_meant, note, out, whole_number, with_app


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

    async def work(lyceum: App) -> Any:
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
