"""The command ``lyceum``: what an operator types. Thin: parse, call, print."""

import asyncio
import logging
import sys
import webbrowser
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.logging import RichHandler
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from bot.app import App, open_app
from bot.clock import system_clock
from bot.errors import LyceumError, StartError, UserError
from bot.i18n import Texts
from bot.settings import Settings
from storage import members
from storage.records import Guild

T = TypeVar("T")
PROBLEMS_SHOWN = 20

app = typer.Typer(
    name="lyceum",
    help="A Discord bot for communities that learn together.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
imports = typer.Typer(help="Bring what you already have.", no_args_is_help=True)
app.add_typer(imports, name="import")
out = Console()
err = Console(stderr=True)

DatabaseOption = Annotated[
    Path | None, typer.Option("--database", help="Instead of DATABASE_PATH.", dir_okay=False)
]
GuildOption = Annotated[
    int | None, typer.Option("--guild", help="Discord's id of the guild; needed if there are two.")
]
StrictOption = Annotated[
    bool, typer.Option("--strict", help="All or nothing: one bad line, and nothing is written.")
]
FileArgument = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)]


def _settings(database: Path | None = None) -> Settings:
    try:
        settings = Settings()
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors()]
        raise StartError("settings: " + "; ".join(lines)) from None
    return settings.model_copy(update={"database_path": database}) if database else settings


def _log(settings: Settings) -> None:
    logging.basicConfig(
        level=settings.log_level,
        format="%(name)s: %(message)s",
        handlers=[RichHandler(console=err, show_path=False, rich_tracebacks=False)],
    )
    for chatty in ("alembic", "apscheduler"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def _do(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run `work`; say what is wrong in one line and exit with 1 where the operator can act."""
    try:
        return asyncio.run(work())
    except UserError as error:
        err.print(f"[red]✗[/] {Texts('en')(error.key, **error.params)}", highlight=False)
    except LyceumError as error:
        err.print(f"[red]✗[/] {escape(str(error))}", highlight=False)
    raise typer.Exit(1)


def _with_app(database: Path | None, work: Callable[[App], Awaitable[T]]) -> T:
    async def opened() -> T:
        settings = _settings(database)
        _log(settings)
        async with open_app(settings) as lyceum:
            return await work(lyceum)

    return _do(opened)


async def _guild(lyceum: App, asked: int | None, *, may_make: bool = False) -> int:
    """Return the guild meant: the one asked for, else the only one."""
    async with lyceum.database.read() as conn:
        known = await members.guild_ids(conn)
    if asked is None and len(known) > 1:
        raise StartError(f"there are {len(known)} guilds; say which with --guild: {known}")
    if asked is None and not known and not may_make:
        raise StartError("the database knows no guild yet; run the bot or import something first")
    guild_id = asked or (known[0] if known else 1)
    if guild_id not in known:
        if not may_make:
            raise StartError(f"the database knows no guild {guild_id}; it knows {known}")
        made = Guild(guild_id, created_at=lyceum.clock().timestamp())
        await lyceum.database.write(lambda conn: members.save_guild(conn, made))
    return guild_id


@contextmanager
def _progress(label: str) -> Any:
    columns = (TextColumn(label), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _problems(problems: list[str]) -> None:
    for problem in problems[:PROBLEMS_SHOWN]:
        err.print(f"[red]✗[/] {escape(problem)}", highlight=False)
    if len(problems) > PROBLEMS_SHOWN:
        err.print(f"  … and {len(problems) - PROBLEMS_SHOWN} more", highlight=False)


@app.command()
def run(database: DatabaseOption = None) -> None:
    """Run the bot on Discord (DISCORD_TOKEN in .env)."""
    from bot.run import run as run_bot

    async def work() -> None:
        settings = _settings(database)
        _log(settings)
        await run_bot(settings)

    _do(work)


@app.command()
def demo(
    port: Annotated[int, typer.Option(min=1024, max=65535, help="Of the local page.")] = 8765,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
) -> None:
    """Try the real bot in a local page: no token, no network, nothing kept."""
    try:
        from bot.demo.play import Demo, play
    except ModuleNotFoundError as error:
        err.print(
            f"[red]✗[/] the demo needs {error.name}: use `make demo`, or pip install -e .[demo]"
        )
        raise typer.Exit(1) from None
    logging.basicConfig(
        level="WARNING", format="%(name)s: %(message)s", handlers=[RichHandler(console=err)]
    )
    err.print("Inventing a community, fitting its first model …")

    def ready(started: "Demo") -> None:
        out.print(f"Ready in {started.ready_s:.0f} s: {started.url}   (Ctrl-C stops it)")
        if browser and sys.stdout.isatty():
            webbrowser.open(started.url)

    _do(lambda: play(port, ready))
    out.print("Stopped; everything is thrown away.")


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
            return await bring(
                lyceum.database,
                lyceum.clock,
                file,
                guild_id=guild_id,
                strict=strict,
                progress=progress,
            )

    report = _with_app(database, work)
    _problems([problem.sentence(Texts("en")) for problem in report.problems])
    out.print(
        f"{report.read} read: {report.added} added, {report.changed} changed, "
        f"{report.unchanged} unchanged, {len(report.problems)} bad"
    )
    if report.problems:
        raise typer.Exit(1)


@imports.command("interactions")
def import_interactions(
    file: FileArgument,
    preset: Annotated[
        Literal["generic", "deskdrop"], typer.Option("--map", help="How to read the file.")
    ] = "generic",
    guild: GuildOption = None,
    with_consent: Annotated[
        bool, typer.Option("--with-consent", help="These people agreed that it trains the model.")
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

    report = _with_app(database, work)
    for line in report.summary():
        out.print(line, highlight=False, markup=False)
    if report.n_problems:
        raise typer.Exit(1)


@app.command()
def refit(guild: GuildOption = None, database: DatabaseOption = None) -> None:
    """Fit the recommender now, in a process of its own, and say how it did."""

    async def work(lyceum: App) -> Any:
        return await lyceum.services.recommend.refit(await _guild(lyceum, guild))

    snapshot = _with_app(database, work)
    out.print(f"{snapshot.state}: {snapshot.reason or 'accepted'} in {snapshot.duration_s:.1f} s")
    table = Table("ranking", "HR@10", "nDCG@10", title="on the latest fifth of time")
    for name, figures in snapshot.metrics.items():
        if isinstance(figures, dict):
            table.add_row(name, f"{figures['hit_rate']:.3f}", f"{figures['ndcg']:.3f}")
    if table.row_count:
        out.print(table)
    if snapshot.state == "failed":
        raise typer.Exit(1)


@app.command()
def recommend(
    member: Annotated[int, typer.Argument(help="Discord's id; 0 for somebody new.")] = 0,
    guild: GuildOption = None,
    limit: Annotated[int, typer.Option(min=1, max=50)] = 10,
    database: DatabaseOption = None,
) -> None:
    """Show what a member would be recommended now, and why; nothing is logged."""
    from bot.cards import why_text

    async def work(lyceum: App) -> Any:
        guild_id = await _guild(lyceum, guild)
        async with lyceum.database.read() as conn:
            return await lyceum.services.recommend.rank(conn, guild_id, member, limit=limit)

    ranked = _with_app(database, work)
    table = Table("", "resource", "kind", "why", title=f"arm: {ranked.arm}")
    for place, (resource, why) in enumerate(ranked.picks, 1):
        reason = why_text(why, Texts("en")) if why else ""
        table.add_row(str(place), resource.title, resource.kind, reason)
    out.print(table)


@app.command()
def check(database: DatabaseOption = None) -> None:
    """Prove that what is derived agrees with what it is derived from."""
    from storage import consistency

    async def work(lyceum: App) -> list[str]:
        async with lyceum.database.read() as conn:
            return await consistency.problems(conn)

    found = _with_app(database, work)
    for problem in found:
        err.print(f"[red]✗[/] {escape(problem)}", highlight=False)
    if found:
        raise typer.Exit(1)
    out.print("[green]✓[/] the ledger's sums equal the balances and the daily points")


@app.command()
def doctor(database: DatabaseOption = None) -> None:
    """Look for what would keep the bot from working, and say what to do about it."""
    from bot.doctor import examine

    async def work() -> bool:
        is_bad = False
        async for finding in examine(_settings(database), system_clock):
            mark = {"good": "[green]✓[/]", "note": "[yellow]•[/]", "bad": "[red]✗[/]"}
            out.print(f"{mark[finding.state]} {finding.subject}: {finding.text}", highlight=False)
            if finding.mend:
                out.print(f"    → {finding.mend}", highlight=False, soft_wrap=True)
            is_bad = is_bad or finding.state == "bad"
        return is_bad

    if _do(work):
        raise typer.Exit(1)
