"""How ``lyceum`` speaks and works: in a terminal or a pipe, on a database, with a line for a fault.

The commands are `bot.cli`'s and `bot.imports`'; what they share, their options included, is here.
"""

import asyncio
import logging
import os
import sys
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from traceback import clear_frames
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.logging import RichHandler
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bot import ids
from bot.errors import NOT_AGAIN, LyceumError, StartError, UserError
from bot.i18n import Texts
from bot.logs import TEXT, JsonLines, Named
from bot.settings import Settings
from storage import members
from storage.connection import Connection, refusal
from storage.identity import SchemaError, look
from storage.records import Guild

if TYPE_CHECKING:
    from bot.app import App

T = TypeVar("T")

PROBLEMS_SHOWN = 20
AGAIN_S = 600.0
"""After how long without it a trouble is news again."""
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


def _console(*, stderr: bool = False) -> Console:
    is_piped = not (sys.stderr if stderr else sys.stdout).isatty() and "COLUMNS" not in os.environ
    return Console(stderr=stderr, width=PIPED_WIDTH if is_piped else None, highlight=False)


out = _console()
err = _console(stderr=True)


def whole_number(low: int, high: int) -> Callable[[str], int]:
    """Return what reads an option's whole number in plain digits."""

    def read(text: str) -> int:
        number = ids.whole(str(text).strip())
        if number is None or not low <= number <= high:
            raise typer.BadParameter(f"{str(text)[:40]!r} is no whole number from {low} to {high}")
        return number

    return read


DatabaseOption = Annotated[
    Path | None, typer.Option("--database", help="Instead of DATABASE_PATH.", dir_okay=False)
]

GuildOption = Annotated[
    int | None,
    typer.Option(
        "--guild",
        parser=whole_number(1, ids.BEYOND - 1),
        metavar="ID",
        help="Discord's id of the server; needed if there are several.",
    ),
]

StrictOption = Annotated[
    bool, typer.Option("--strict", help="All or nothing: one bad line, and nothing is written.")
]

FileArgument = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)]


def say(text: str) -> None:
    """Print a plain line."""
    out.print(text, markup=False, soft_wrap=True)


def good(text: str) -> None:
    """Print that something went well."""
    out.print(f"[green]✓[/] {escape(text)}", soft_wrap=True)


def note(text: str) -> None:
    """Print something worth knowing, beside the output."""
    err.print(f"[yellow]•[/] {escape(text)}", soft_wrap=True)


def bad(text: str) -> None:
    """Print what is wrong, beside the output."""
    err.print(f"[red]✗[/] {escape(text)}", soft_wrap=True)


def read_settings(database: Path | None = None) -> Settings:
    """Return the settings, on another database where one is named; a sentence for a wrong one."""
    try:
        return Settings() if database is None else Settings(database_path=database)
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors()]
        raise StartError("settings: " + "; ".join(lines), is_for_good=True) from None
    except UnicodeDecodeError:
        text = "settings: .env is not UTF-8 text; save it as UTF-8"
        raise StartError(text, is_for_good=True) from None


def log_at(level: str, form: Literal["text", "json"] = "text") -> None:
    """Log in colours to a terminal, in whole lines with dates to anything else, or in JSON.

    `level` is for what we write. At DEBUG the libraries repeat what members write, what is stored
    of them, and tokens; SQLAlchemy does at INFO.
    """
    is_read = err.is_terminal and form == "text"
    handler: logging.Handler = (
        RichHandler(console=err, show_path=False, rich_tracebacks=False)
        if is_read
        else logging.StreamHandler()
    )
    handler.addFilter(Brief())
    handler.addFilter(Named())
    if form == "json":
        handler.setFormatter(JsonLines())
    logging.basicConfig(
        level=level, format="%(name)s: %(message)s" if is_read else TEXT, handlers=[handler]
    )
    for name, least in LIBRARIES.items():
        logging.getLogger(name).setLevel(max(least, logging.getLevelNamesMapping()[level]))


class Brief(logging.Filter):
    """Says what an operator can act on, such as a full disk, in one line, and ever more rarely.

    Everything that needs the database meets it then: whoever wrote a message, and every job.
    """

    def __init__(self) -> None:
        super().__init__()
        self._n = 0
        self._last = -AGAIN_S

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep every record but repeated ones of what the database refuses."""
        error = record.exc_info[1] if record.exc_info else None
        said = refusal(error) if isinstance(error, Exception) else None
        if said is None:
            return True
        now = monotonic()
        self._n = self._n + 1 if now - self._last < AGAIN_S else 1
        self._last = now
        record.msg, record.args = "%s: %s (%d so far)", (record.getMessage(), said, self._n)
        record.exc_info = record.exc_text = record.stack_info = None
        return self._n.bit_count() == 1


def do(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run `work`; say what is wrong in one line and exit with 1 where the operator can act.

    With 78 where starting again cannot help.
    """
    try:
        return asyncio.run(work())
    except UserError as error:
        bad(Texts("en")(error.key, **error.params))
    except StartError as error:
        bad(str(error))
        raise typer.Exit(error.exit_code) from None
    except SchemaError as error:
        bad(str(error))
        raise typer.Exit(NOT_AGAIN if error.is_for_good else 1) from None
    except LyceumError as error:
        bad(str(error))
    except MemoryError as error:
        clear_frames(error.__traceback__)  # what filled the memory is held by them
        bad("there is not enough memory for this")
    except OSError as error:
        if error.filename is None:
            raise
        bad(f"{os.fsdecode(error.filename)}: {error.strerror}")
    except Exception as error:
        text = refusal(error)
        if text is None:
            raise
        bad(text)
    raise typer.Exit(1)


def with_app(
    database: Path | None, work: Callable[["App"], Awaitable[T]], *, may_make: bool = False
) -> T:
    """Run `work` on the database, which must be there unless `may_make`.

    Only here everything the bot is made of is imported: it takes longer than most commands do.
    """
    from bot.app import open_app

    async def opened() -> T:
        settings = read_settings(database)
        log_at("DEBUG" if settings.log_level == "DEBUG" else "WARNING")
        path = settings.database_path
        found = await asyncio.to_thread(look, path)
        if not may_make and found.state in ("absent", "empty"):
            raise StartError(found.sentence(path))
        async with open_app(settings) as lyceum:
            return await work(lyceum)

    return do(opened)


async def guild_meant(lyceum: "App", asked: int | None, *, may_make: bool = False) -> int:
    """Return the guild meant: the one asked for, else the only one; 1 if there is none yet."""
    async with lyceum.database.read() as conn:
        known = await members.guild_ids(conn)
    listed = ", ".join(map(str, known))
    if asked is None and len(known) > 1:
        raise StartError(f"there are {len(known)} servers; say which with --guild: {listed}")
    if not known and not may_make:
        raise StartError("the database knows no server yet; run the bot or import something first")
    if asked is not None and asked not in known and not may_make:
        raise StartError(f"the database knows no server {asked}; it knows {listed}")
    if asked is None and not known:
        note("no server is known yet: this goes to server 1; name yours with --guild ID")
    return asked or (known[0] if known else 1)


async def know(lyceum: "App", guild_id: int) -> None:
    """Give a guild its row if it has none."""

    async def job(conn: Connection) -> None:
        if not (await members.guild(conn, guild_id)).created_at:
            await members.save_guild(conn, Guild(guild_id, created_at=lyceum.clock().timestamp()))

    await lyceum.database.write(job)


@contextmanager
def progress_of(label: str) -> Any:
    """Give what shows how much is done, of how many; nothing where nobody looks."""
    columns = (TextColumn(label), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def say_problems(problems: list[str], n_problems: int) -> None:
    """Print the first of some problems, and how many more there are of all ``n_problems``."""
    for problem in problems[:PROBLEMS_SHOWN]:
        bad(problem)
    if n_problems > PROBLEMS_SHOWN:
        bad(f"… and {n_problems - PROBLEMS_SHOWN:,} more")
