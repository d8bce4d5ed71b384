"""``lyceum import …``: what an operator brings. Thin: parse, call, print."""

import re
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from rich.markup import escape
from rich.table import Table

from bot.i18n import Texts, bare
from bot.terminal import (
    PROBLEMS_SHOWN,
    DatabaseOption,
    FileArgument,
    GuildOption,
    StrictOption,
    guild_meant,
    know,
    note,
    out,
    progress_of,
    say,
    say_problems,
    with_app,
)

if TYPE_CHECKING:
    from bot.app import App
    from bot.points.importer import PointsReport

imports = typer.Typer(help="Bring what you already have.", no_args_is_help=True)


def _each(text: str) -> Decimal:
    written = str(text).strip()
    is_number = re.fullmatch(r"[0-9]{1,4}(?:\.[0-9]{1,6})?", written) is not None
    number = Decimal(written) if is_number else Decimal(0)
    if not Decimal("0.01") <= number <= 1000:
        raise typer.BadParameter(f"{written[:40]!r} is no number from 0.01 to 1000")
    return number


@imports.command("catalog")
def import_catalog(
    file: FileArgument,
    guild: GuildOption = None,
    strict: StrictOption = False,
    database: DatabaseOption = None,
) -> None:
    """Add or update resources from a .csv or .json file (docs/commands.md has the columns)."""
    from bot.catalog.importer import import_catalog as bring

    async def work(lyceum: "App") -> Any:
        guild_id = await guild_meant(lyceum, guild, may_make=True)
        with progress_of("resources") as progress:
            report = await bring(
                lyceum.database,
                lyceum.clock,
                file,
                guild_id=guild_id,
                strict=strict,
                progress=progress,
            )
        if report.added or report.changed:
            await know(lyceum, guild_id)
        return report

    report = with_app(database, work, may_make=True)
    say_problems([problem.sentence(Texts("en")) for problem in report.problems], report.n_problems)
    if report.read or not report.n_problems:
        say(
            f"{report.read} read: {report.added} added, {report.changed} changed, "
            f"{report.unchanged} unchanged, {report.n_bad} bad"
        )
    if strict and report.n_problems:
        say("Nothing was written: --strict takes all lines or none.")
    if report.n_problems:
        raise typer.Exit(1)


@imports.command("interactions")
def import_interactions(
    file: FileArgument,
    preset: Annotated[
        Literal["generic", "deskdrop"], typer.Option("--map", help="How to read the file.")
    ] = "generic",
    guild: GuildOption = None,
    with_consent: Annotated[
        bool,
        typer.Option("--with-consent", help="These people agreed that all of it trains the model."),
    ] = False,
    strict: StrictOption = False,
    database: DatabaseOption = None,
) -> None:
    """Bring past views, likes, saves and comments in as events (.csv, .csv.gz, .zip)."""
    from bot.activity.history import import_interactions as bring

    async def work(lyceum: "App") -> Any:
        guild_id = await guild_meant(lyceum, guild, may_make=True)
        with progress_of("events") as progress:
            return await bring(
                lyceum.database,
                lyceum.clock,
                file,
                guild_id=guild_id,
                preset=preset,
                with_consent=with_consent,
                strict=strict,
                progress=progress,
            )

    report = with_app(database, work, may_make=True)
    say_problems([str(problem) for problem in report.problems], len(report.problems))
    for line in report.summary()[len(report.problems) :]:
        say(line)
    if report.n_problems:
        raise typer.Exit(1)


@imports.command("points")
def import_points(
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, readable=True)],
    form: Annotated[
        Literal["mee6", "polaris", "levelup", "reputationbot", "csv"],
        typer.Option("--format", help="Whose export it is."),
    ],
    guild: GuildOption = None,
    each: Annotated[
        Decimal,
        typer.Option(
            parser=_each,
            metavar="NUMBER",
            help="Points for one reputation or one point of a CSV.",
        ),
    ] = Decimal(1),
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="Leave bad records out instead of stopping.")
    ] = False,
    undo: Annotated[
        bool, typer.Option("--undo", help="Take back what these files opened members with.")
    ] = False,
    database: DatabaseOption = None,
) -> None:
    """Bring members' points from another bot, as one opening entry each."""
    from bot.points.importer import import_points as bring

    async def work(lyceum: "App") -> Any:
        guild_id = await guild_meant(lyceum, guild, may_make=True)
        report = await bring(
            lyceum.database,
            lyceum.services.points,
            files,
            form=form,
            guild_id=guild_id,
            each=each,
            is_dry=dry_run,
            skips_bad=skip_bad,
            is_undone=undo,
        )
        if report.is_written and report.n_new:
            await know(lyceum, guild_id)
        return report

    report = with_app(database, work, may_make=True)
    if undo and (skip_bad or not report.problems):
        verb = "were taken back from" if report.is_written else "would be taken back from"
        say(f"{report.total / 100:,.2f} points {verb} {_members(report.n_new)}")
        return
    _show_opened(report, skip_bad=skip_bad)


@imports.command("purchases")
def import_purchases(
    file: FileArgument,
    guild: GuildOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    database: DatabaseOption = None,
) -> None:
    """Bring what was bought elsewhere from a .csv file, all of it or nothing."""
    from bot.purchases.importer import import_purchases as bring

    async def work(lyceum: "App") -> Any:
        guild_id = await guild_meant(lyceum, guild)
        hearing = lyceum.services.purchases.hearing
        return await bring(hearing, file, guild_id=guild_id, is_dry=dry_run)

    report = with_app(database, work)
    say_problems(list(report.problems), report.n_problems)
    say(f"{report.n_read:,} read: {report.n_new:,} new, {report.n_known:,} known already")
    if not report.is_written:
        say("Nothing was written" + (": --dry-run." if dry_run and not report.n_problems else "."))
    if report.n_problems:
        raise typer.Exit(1)


def _members(n: int) -> str:
    return f"{n:,} member" if n == 1 else f"{n:,} members"


def _show_opened(report: "PointsReport", *, skip_bad: bool) -> None:
    """Print what an import of points did, or would do."""
    say_problems(list(report.problems), len(report.problems))
    if report.problems and not skip_bad:
        way_out = ", or leave them out with --skip-bad" if report.n_records else ""
        say(f"Nothing was written: fix what is named above{way_out}.")
        raise typer.Exit(1)
    if report.top:
        table = Table("member", "there", "points here", "level now", "then", title="the top five")
        for one in report.top:
            claim = one.claim
            there = f"{claim.value:,f}" if claim.level is None else f"level {claim.level}"
            name = escape(bare(claim.name or str(claim.user_id)))
            cells = (f"{one.amount / 100:,.2f}", str(one.level_now), str(one.level_then))
            table.add_row(name, there, *cells)
        out.print(table)
    for user_id, paid, wanted in report.differing[:PROBLEMS_SHOWN]:
        note(
            f"member {user_id} was opened with {paid / 100:,.2f} points; by this file it would be "
            f"{wanted / 100:,.2f}: left alone"
        )
    if len(report.differing) > PROBLEMS_SHOWN:
        note(f"… and {len(report.differing) - PROBLEMS_SHOWN:,} more differ")
    if report.prestiges:
        shown = ", ".join(f"{c.name or c.user_id} {c.prestige}" for c in report.prestiges[:5])
        note(
            "prestige is not brought along, only the level each member stands at: "
            f"{len(report.prestiges):,} had one ({shown})"
        )
    verb = "opened" if report.is_written else "would be opened"
    others = {
        "opened before": report.n_same,
        "opened with another amount": len(report.differing),
        "not tracked": report.n_untracked,
        "without points": report.n_empty,
        "repeated": report.n_repeated,
        "bad": len(report.problems),
    }
    parts = [
        f"{_members(report.n_new)} {verb} with {report.total / 100:,.2f} points together",
        *(f"{n:,} {what}" for what, n in others.items() if n),
    ]
    say(f"{report.n_records:,} read: {', '.join(parts)}")
    if not report.is_written:
        say("Nothing was written: --dry-run.")
    if report.problems:
        raise typer.Exit(1)
