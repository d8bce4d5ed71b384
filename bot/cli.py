"""The command ``lyceum``: what an operator types. Thin: parse, call, print."""

import io
import os
import sys
import webbrowser
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from bot import ids, keeping
from bot.clock import system_clock
from bot.i18n import Texts, bare
from bot.imports import imports
from bot.reports import reports
from bot.setup import setup
from bot.terminal import (
    DatabaseOption,
    GuildOption,
    bad,
    do,
    err,
    good,
    guild_meant,
    log_at,
    note,
    out,
    read_settings,
    whole_number,
    with_app,
)
from storage import release
from storage.database import read_only
from storage.migrations import head
from storage.records import OPERATOR

if TYPE_CHECKING:
    from bot.app import App

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
app.add_typer(imports, name="import")
app.add_typer(reports, name="report")
for _each in (setup, keeping.backup, keeping.restore, keeping.purge):
    app.command()(_each)


def _say_version(is_asked: bool) -> None:
    if is_asked:
        commit = f"commit {release.commit()}, " if release.commit() else ""
        out.print(f"lyceum {release.version()} ({commit}schema {head()})")
        raise typer.Exit


@app.callback()
def _anywhere(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_say_version, is_eager=True, help="Say which this is, and stop."
        ),
    ] = False,
) -> None:
    # Whatever is written is for this user, and nobody else on the machine.
    os.umask(0o077)
    # A terminal that knows no ✓ gets a substitute instead of a traceback.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


@app.command()
def run(
    new_bot: Annotated[
        bool, typer.Option("--new-bot", help="The token is of a bot that takes the other's place.")
    ] = False,
    database: DatabaseOption = None,
) -> None:
    """Run the bot on Discord (DISCORD_TOKEN in .env)."""
    from bot.run import run as run_bot

    async def work() -> None:
        settings = read_settings(database)
        log_at(settings.log_level, settings.log_format)
        await run_bot(settings, is_new_bot=new_bot)

    do(work)


@app.command()
def demo(
    port: Annotated[
        int,
        typer.Option(parser=whole_number(1024, 65535), metavar="NUMBER", help="Of the local page."),
    ] = 8765,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
) -> None:
    """Try the real bot in a local page: no token, no network, nothing kept."""
    try:
        from bot.demo.play import Demo, play
    except ModuleNotFoundError as error:
        bad(f"the demo needs {error.name}: use `make demo`, or pip install -e '.[demo]'")
        raise typer.Exit(1) from None
    log_at("WARNING")
    err.print("Inventing a community, fitting its first model …")

    def ready(started: "Demo") -> None:
        out.print(f"Ready in {started.ready_s:.0f} s: {started.url}   (Ctrl-C stops it)")
        if browser and sys.stdout.isatty():
            webbrowser.open(started.url)

    do(lambda: play(port, ready))
    out.print("Stopped; everything is deleted.")


@app.command()
def refit(guild: GuildOption = None, database: DatabaseOption = None) -> None:
    """Fit the recommender now, in a process of its own, and say how it did."""
    from bot.recommend.views import reason_text

    async def work(lyceum: "App") -> Any:
        return await lyceum.services.recommend.models.refit(
            await guild_meant(lyceum, guild), actor_id=OPERATOR
        )

    outcome = with_app(database, work)
    if outcome.state == "failed":
        bad(f"the refit failed: {outcome.reason}")
        raise typer.Exit(1)
    reason = reason_text(outcome.reason, Texts("en"))
    if outcome.state == "live":
        good(f"the new model serves: {reason} ({outcome.duration_s:.1f} s)")
    else:
        said = "recent use and texts serve" if outcome.state == "replaced" else "nothing changes"
        note(f"{said}: {reason} ({outcome.duration_s:.1f} s)")
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
            parser=whole_number(0, ids.BEYOND - 1),
            metavar="[MEMBER]",
            help="Discord's id of the member; 0 for somebody new.",
        ),
    ] = 0,
    guild: GuildOption = None,
    limit: Annotated[
        int, typer.Option(parser=whole_number(1, 50), metavar="NUMBER", help="How many resources.")
    ] = 10,
    database: DatabaseOption = None,
) -> None:
    """Show what a member would be recommended now, and why; nothing is logged."""
    from bot.cards import why_text
    from bot.recommend.service import Request

    async def work(lyceum: "App") -> Any:
        guild_id = await guild_meant(lyceum, guild)
        request = Request(guild_id=guild_id, user_id=member, limit=limit)
        async with lyceum.database.read() as conn:
            return await lyceum.services.recommend.rank(conn, request)

    ranked = with_app(database, work)
    if not ranked.picks:
        nothing = {"catalogue": "the catalogue holds nothing", "seen": "everything has been seen"}
        note(f"nothing to recommend: {nothing[ranked.empty]}")
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
    from bot.purchases import proof
    from storage import consistency

    async def work() -> list[str]:
        settings = read_settings(database)
        log_at("DEBUG" if settings.log_level == "DEBUG" else "WARNING")
        async with read_only(settings.database_path) as conn:
            return [*await consistency.problems(conn), *await proof.problems(conn)]

    found = do(work)
    for problem in found:
        bad(problem)
    if found:
        raise typer.Exit(1)
    good(
        "the ledger's sums equal the balances and the daily points, what members bought is what "
        "they have, every change of a catalogue is noticed, nothing refers to a missing row, and "
        "the file is whole"
    )


@app.command()
def doctor(database: DatabaseOption = None) -> None:
    """Look for what would keep the bot from working, and say what to do about it."""
    from bot.doctor import examine
    from bot.findings import Finding

    marks = {"good": "[green]✓[/]", "note": "[yellow]•[/]", "bad": "[red]✗[/]"}

    def show(finding: Finding) -> None:
        text = escape(f"{finding.subject}: {finding.text}")
        out.print(f"{marks[finding.state]} {text}", soft_wrap=True)
        if finding.fix:
            out.print(f"    → {escape(finding.fix)}", soft_wrap=True)

    async def work() -> bool:
        is_bad = False
        async for finding in examine(read_settings(database), system_clock):
            show(finding)
            is_bad = is_bad or finding.state == "bad"
        return is_bad

    if do(work):
        raise typer.Exit(1)
