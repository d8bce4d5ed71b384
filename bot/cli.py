"""The command ``lyceum``: what an operator types. Thin: parse, call, print."""

import asyncio
import io
import logging
import os
import re
import sys
import webbrowser
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from traceback import clear_frames
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.logging import RichHandler
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from bot import ids
from bot.app import App, open_app
from bot.clock import system_clock
from bot.errors import LyceumError, StartError, UserError
from bot.i18n import Texts, bare
from bot.settings import Settings
from storage import members
from storage.connection import Connection, refusal
from storage.database import read_only
from storage.identity import SchemaError, look
from storage.records import Guild

if TYPE_CHECKING:
    from bot.points.importer import PointsReport

T = TypeVar("T")
PROBLEMS_SHOWN = 20
PIPED_WIDTH = 200
"""Columns of a table that goes into a file or another program, where nothing wraps."""
LIBRARIES = {
    "discord": logging.INFO,
    "aiohttp": logging.INFO,
    "asyncio": logging.INFO,
    "aiosqlite": logging.WARNING,
    "alembic": logging.WARNING,
    "sqlalchemy": logging.WARNING,
}
"""From which level on libraries may log, whatever LOG_LEVEL says."""
RANKINGS = {
    "popularity": "popularity, all time",
    "popularity_2d": "popularity, decaying over 2 days",
    "new": "this fit",
    "live": "the model before, on newer events",
    "new_beside_live": "this fit, on the same events",
}
"""The contenders of a refit (`recommender.training.Fit`) in words."""

app = typer.Typer(
    name="lyceum",
    help="A Discord bot for communities that learn together.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
imports = typer.Typer(help="Bring what you already have.", no_args_is_help=True)
app.add_typer(imports, name="import")


def _console(*, stderr: bool = False) -> Console:
    is_piped = not (sys.stderr if stderr else sys.stdout).isatty() and "COLUMNS" not in os.environ
    return Console(stderr=stderr, width=PIPED_WIDTH if is_piped else None, highlight=False)


out = _console()
err = _console(stderr=True)


def _whole(low: int, high: int) -> Callable[[str], int]:
    """Return what reads an option's whole number in plain digits."""

    def read(text: str) -> int:
        number = ids.whole(str(text).strip())
        if number is None or not low <= number <= high:
            raise typer.BadParameter(f"{str(text)[:40]!r} is no whole number from {low} to {high}")
        return number

    return read


def _each(text: str) -> Decimal:
    written = str(text).strip()
    is_number = re.fullmatch(r"[0-9]{1,4}(?:\.[0-9]{1,6})?", written) is not None
    number = Decimal(written) if is_number else Decimal(0)
    if not Decimal("0.01") <= number <= 1000:
        raise typer.BadParameter(f"{written[:40]!r} is no number from 0.01 to 1000")
    return number


DatabaseOption = Annotated[
    Path | None, typer.Option("--database", help="Instead of DATABASE_PATH.", dir_okay=False)
]
GuildOption = Annotated[
    int | None,
    typer.Option(
        "--guild",
        parser=_whole(1, ids.BEYOND - 1),
        metavar="ID",
        help="Discord's id of the guild; needed if there are several.",
    ),
]
StrictOption = Annotated[
    bool, typer.Option("--strict", help="All or nothing: one bad line, and nothing is written.")
]
FileArgument = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)]


@app.callback()
def _anywhere() -> None:
    # Whatever is written is for this user, and nobody else on the machine.
    os.umask(0o077)
    # A terminal that knows no ✓ gets a substitute instead of a traceback.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _say(text: str) -> None:
    out.print(text, markup=False, soft_wrap=True)


def _good(text: str) -> None:
    out.print(f"[green]✓[/] {escape(text)}", soft_wrap=True)


def _note(text: str) -> None:
    err.print(f"[yellow]•[/] {escape(text)}", soft_wrap=True)


def _bad(text: str) -> None:
    err.print(f"[red]✗[/] {escape(text)}", soft_wrap=True)


def _settings(database: Path | None = None) -> Settings:
    try:
        return Settings() if database is None else Settings(database_path=database)
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors()]
        raise StartError("settings: " + "; ".join(lines)) from None
    except UnicodeDecodeError:
        raise StartError("settings: .env is not UTF-8 text; save it as UTF-8") from None


def _log(level: str) -> None:
    """Log in colours to a terminal, in whole lines with dates to anything else.

    `level` is for what we write. At DEBUG the libraries repeat what members write, what is stored
    of them, and tokens; SQLAlchemy does at INFO.
    """
    if err.is_terminal:
        handler: logging.Handler = RichHandler(console=err, show_path=False, rich_tracebacks=False)
        form = "%(name)s: %(message)s"
    else:
        handler = logging.StreamHandler()
        form = "%(asctime)s %(levelname)s %(name)s: %(message)s"
    logging.basicConfig(level=level, format=form, handlers=[handler])
    for name, least in LIBRARIES.items():
        logging.getLogger(name).setLevel(max(least, logging.getLevelNamesMapping()[level]))


def _do(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run `work`; say what is wrong in one line and exit with 1 where the operator can act."""
    try:
        return asyncio.run(work())
    except UserError as error:
        _bad(Texts("en")(error.key, **error.params))
    except (LyceumError, SchemaError) as error:
        _bad(str(error))
    except MemoryError as error:
        clear_frames(error.__traceback__)  # what filled the memory is held by them
        _bad("there is not enough memory for this")
    except OSError as error:
        if error.filename is None:
            raise
        _bad(f"{os.fsdecode(error.filename)}: {error.strerror}")
    except Exception as error:
        text = refusal(error)
        if text is None:
            raise
        _bad(text)
    raise typer.Exit(1)


def _with_app(
    database: Path | None, work: Callable[[App], Awaitable[T]], *, may_make: bool = False
) -> T:
    """Run `work` on the database, which must be there unless `may_make`."""

    async def opened() -> T:
        settings = _settings(database)
        _log("DEBUG" if settings.log_level == "DEBUG" else "WARNING")
        path = settings.database_path
        found = await asyncio.to_thread(look, path)
        if not may_make and found.state in ("absent", "empty"):
            raise StartError(found.sentence(path))
        async with open_app(settings) as lyceum:
            return await work(lyceum)

    return _do(opened)


async def _guild(lyceum: App, asked: int | None, *, may_make: bool = False) -> int:
    """Return the guild meant: the one asked for, else the only one; 1 if there is none yet."""
    async with lyceum.database.read() as conn:
        known = await members.guild_ids(conn)
    listed = ", ".join(map(str, known))
    if asked is None and len(known) > 1:
        raise StartError(f"there are {len(known)} guilds; say which with --guild: {listed}")
    if not known and not may_make:
        raise StartError("the database knows no guild yet; run the bot or import something first")
    if asked is not None and asked not in known and not may_make:
        raise StartError(f"the database knows no guild {asked}; it knows {listed}")
    if asked is None and not known:
        _note("no guild is known yet: this goes to guild 1; --guild ID says for which it is")
    return asked or (known[0] if known else 1)


async def _know(lyceum: App, guild_id: int) -> None:
    """Give a guild its row if it has none."""

    async def job(conn: Connection) -> None:
        if not (await members.guild(conn, guild_id)).created_at:
            await members.save_guild(conn, Guild(guild_id, created_at=lyceum.clock().timestamp()))

    await lyceum.database.write(job)


@contextmanager
def _progress(label: str) -> Any:
    columns = (TextColumn(label), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _problems(problems: list[str], n_problems: int) -> None:
    for problem in problems[:PROBLEMS_SHOWN]:
        _bad(problem)
    if n_problems > PROBLEMS_SHOWN:
        _bad(f"… and {n_problems - PROBLEMS_SHOWN:,} more")


@app.command()
def run(database: DatabaseOption = None) -> None:
    """Run the bot on Discord (DISCORD_TOKEN in .env)."""
    from bot.run import run as run_bot

    async def work() -> None:
        settings = _settings(database)
        _log(settings.log_level)
        await run_bot(settings)

    _do(work)


@app.command()
def demo(
    port: Annotated[
        int,
        typer.Option(parser=_whole(1024, 65535), metavar="NUMBER", help="Of the local page."),
    ] = 8765,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
) -> None:
    """Try the real bot in a local page: no token, no network, nothing kept."""
    try:
        from bot.demo.play import Demo, play
    except ModuleNotFoundError as error:
        _bad(f"the demo needs {error.name}: use `make demo`, or pip install -e '.[demo]'")
        raise typer.Exit(1) from None
    _log("WARNING")
    err.print("Inventing a community, fitting its first model …")

    def ready(started: "Demo") -> None:
        out.print(f"Ready in {started.ready_s:.0f} s: {started.url}   (Ctrl-C stops it)")
        if browser and sys.stdout.isatty():
            webbrowser.open(started.url)

    _do(lambda: play(port, ready))
    out.print("Stopped; everything is deleted.")


@imports.command("catalog")
def import_catalog(
    file: FileArgument,
    guild: GuildOption = None,
    strict: StrictOption = False,
    database: DatabaseOption = None,
) -> None:
    """Add or update resources from a .csv or .json file (docs/commands.md has the columns)."""
    from bot.catalog.importer import import_catalog as bring

    async def work(lyceum: App) -> Any:
        guild_id = await _guild(lyceum, guild, may_make=True)
        with _progress("resources") as progress:
            report = await bring(
                lyceum.database,
                lyceum.clock,
                file,
                guild_id=guild_id,
                strict=strict,
                progress=progress,
            )
        if report.added or report.changed:
            await _know(lyceum, guild_id)
        return report

    report = _with_app(database, work, may_make=True)
    _problems([problem.sentence(Texts("en")) for problem in report.problems], report.n_problems)
    _say(
        f"{report.read} read: {report.added} added, {report.changed} changed, "
        f"{report.unchanged} unchanged, {report.n_problems} bad"
    )
    if strict and report.n_problems:
        _say("Nothing was written: --strict takes all lines or none.")
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

    async def work(lyceum: App) -> Any:
        guild_id = await _guild(lyceum, guild, may_make=True)
        with _progress("events") as progress:
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

    report = _with_app(database, work, may_make=True)
    _problems([str(problem) for problem in report.problems], len(report.problems))
    for line in report.summary()[len(report.problems) :]:
        _say(line)
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

    async def work(lyceum: App) -> Any:
        guild_id = await _guild(lyceum, guild, may_make=True)
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
            await _know(lyceum, guild_id)
        return report

    report = _with_app(database, work, may_make=True)
    if undo and (skip_bad or not report.problems):
        verb = "were taken back from" if report.is_written else "would be taken back from"
        _say(f"{report.total / 100:,.2f} points {verb} {report.n_new:,} members")
        return
    _show_opened(report, skip_bad=skip_bad)


def _show_opened(report: "PointsReport", *, skip_bad: bool) -> None:
    """Print what an import of points did, or would do."""
    _problems(list(report.problems), len(report.problems))
    if report.problems and not skip_bad:
        _say("Nothing was written: fix these records, or leave them out with --skip-bad.")
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
        _note(
            f"member {user_id} was opened with {paid / 100:,.2f} points; by this file it would be "
            f"{wanted / 100:,.2f}: left alone"
        )
    if len(report.differing) > PROBLEMS_SHOWN:
        _note(f"… and {len(report.differing) - PROBLEMS_SHOWN:,} more differ")
    if report.prestiges:
        shown = ", ".join(f"{c.name or c.user_id} {c.prestige}" for c in report.prestiges[:5])
        _note(
            "prestige is not brought along, only the level each member stands at: "
            f"{len(report.prestiges):,} had one ({shown})"
        )
    verb = "opened" if report.is_written else "would be opened"
    _say(
        f"{report.n_records:,} read: {report.n_new:,} members {verb} with "
        f"{report.total / 100:,.2f} points together, {report.n_same:,} were before, "
        f"{len(report.differing):,} differ, {report.n_untracked:,} are not tracked, "
        f"{report.n_empty:,} have nothing, {report.n_repeated:,} repeated, "
        f"{len(report.problems):,} bad"
    )
    if not report.is_written:
        _say("Nothing was written: --dry-run.")
    if report.problems:
        raise typer.Exit(1)


@app.command()
def refit(guild: GuildOption = None, database: DatabaseOption = None) -> None:
    """Fit the recommender now, in a process of its own, and say how it did."""
    from bot.recommend.views import reason_text

    async def work(lyceum: App) -> Any:
        return await lyceum.services.recommend.models.refit(await _guild(lyceum, guild))

    outcome = _with_app(database, work)
    if outcome.state == "failed":
        _bad(f"the refit failed: {outcome.reason}")
        raise typer.Exit(1)
    reason = reason_text(outcome.reason, Texts("en"))
    if outcome.state == "live":
        _good(f"the new model serves: {reason} ({outcome.duration_s:.1f} s)")
    else:
        said = "recent use and texts serve" if outcome.state == "replaced" else "nothing changes"
        _note(f"{said}: {reason} ({outcome.duration_s:.1f} s)")
    table = Table("ranking", "HR@10", "nDCG@10", "choices", title="on the latest fifth of time")
    for name, words in RANKINGS.items():
        if quality := outcome.metrics.get(name):
            figures = (f"{quality[figure]:.3f}" for figure in ("hit_rate", "ndcg"))
            table.add_row(words, *figures, f"{quality['n']:,}")
    if table.row_count:
        out.print(table)


@app.command()
def recommend(
    member: Annotated[
        int,
        typer.Argument(
            parser=_whole(0, ids.BEYOND - 1),
            metavar="[MEMBER]",
            help="Discord's id of the member; 0 for somebody new.",
        ),
    ] = 0,
    guild: GuildOption = None,
    limit: Annotated[
        int, typer.Option(parser=_whole(1, 50), metavar="NUMBER", help="How many resources.")
    ] = 10,
    database: DatabaseOption = None,
) -> None:
    """Show what a member would be recommended now, and why; nothing is logged."""
    from bot.cards import why_text
    from bot.recommend.service import Request

    async def work(lyceum: App) -> Any:
        guild_id = await _guild(lyceum, guild)
        request = Request(guild_id=guild_id, user_id=member, limit=limit)
        async with lyceum.database.read() as conn:
            return await lyceum.services.recommend.rank(conn, request)

    ranked = _with_app(database, work)
    if not ranked.picks:
        nothing = {"catalogue": "the catalogue holds nothing", "seen": "everything has been seen"}
        _note(f"nothing to recommend: {nothing[ranked.empty]}")
        return
    source = "the model" if ranked.arm == "model" else "what is popular and new"
    table = Table("", "resource", "kind", "why", title=f"from {source}")
    for place, (resource, why) in enumerate(ranked.picks, 1):
        reason = why_text(why, Texts("en")) if why else ""
        table.add_row(
            str(place), *(escape(bare(c)) for c in (resource.title, resource.kind, reason))
        )
    out.print(table)


@app.command()
def check(database: DatabaseOption = None) -> None:
    """Prove that points, balances and the database file agree."""
    from storage import consistency

    async def work() -> list[str]:
        settings = _settings(database)
        _log("DEBUG" if settings.log_level == "DEBUG" else "WARNING")
        async with read_only(settings.database_path) as conn:
            return await consistency.problems(conn)

    found = _do(work)
    for problem in found:
        _bad(problem)
    if found:
        raise typer.Exit(1)
    _good(
        "the ledger's sums equal the balances and the daily points, nothing refers to a missing "
        "row, and the file is whole"
    )


@app.command()
def backup(
    to: Annotated[Path, typer.Argument(metavar="TO", help="A file that is not there yet.")],
    database: DatabaseOption = None,
) -> None:
    """Copy the database into a file, while the bot runs."""
    from storage.backup import BackupError, copy

    async def work() -> None:
        try:
            await asyncio.to_thread(copy, _settings(database).database_path, to)
        except BackupError as error:
            raise StartError(str(error)) from error

    _do(work)
    _good(f"{to} holds everything, members' data too: only you can read it")


@app.command()
def doctor(database: DatabaseOption = None) -> None:
    """Look for what would keep the bot from working, and say what to do about it."""
    from bot.doctor import Finding, examine

    marks = {"good": "[green]✓[/]", "note": "[yellow]•[/]", "bad": "[red]✗[/]"}

    def show(finding: Finding) -> None:
        text = escape(f"{finding.subject}: {finding.text}")
        out.print(f"{marks[finding.state]} {text}", soft_wrap=True)
        if finding.fix:
            out.print(f"    → {escape(finding.fix)}", soft_wrap=True)

    async def work() -> bool:
        is_bad = False
        async for finding in examine(_settings(database), system_clock):
            show(finding)
            is_bad = is_bad or finding.state == "bad"
        return is_bad

    if _do(work):
        raise typer.Exit(1)
