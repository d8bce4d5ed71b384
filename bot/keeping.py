"""What operators type to keep what is stored: back it up, bring it back, delete it for good."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bot import ids
from bot.clock import system_clock
from bot.errors import StartError
from bot.settings import Settings
from bot.terminal import (
    DatabaseOption,
    bad,
    do,
    good,
    guild_meant,
    note,
    read_settings,
    whole_number,
    with_app,
)
from storage import backup as copies
from storage import promised, promises
from storage import restore as places
from storage.backup import BackupError, Manifest
from storage.database import DatabaseLockedError
from storage.promises import NotesError

if TYPE_CHECKING:
    from bot.app import App

T = TypeVar("T")
_NAMES_A_FILE = {".sqlite3", ".sqlite", ".db"}


def backup(
    to: Annotated[
        Path | None,
        typer.Argument(
            metavar="[TO]",
            help="A folder, or a new file that ends in .sqlite3; else BACKUP_DIR.",
        ),
    ] = None,
    database: DatabaseOption = None,
) -> None:
    """Copy the database, while the bot runs, and prove the copy."""

    async def work() -> Path:
        settings = read_settings(database)
        path, folder = settings.database_path, to or settings.backups_folder
        try:
            if to is not None and to.suffix in _NAMES_A_FILE and not to.is_dir():
                await asyncio.to_thread(copies.copy, path, to)
                return to
            return await asyncio.to_thread(copies.make, path, folder, system_clock())
        except BackupError as error:
            raise StartError(str(error)) from error

    made = do(work)
    good(f"{made} is whole and holds everything, members' data too: only you can read it")


def restore(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="A backup.")
    ],
    check: Annotated[bool, typer.Option("--check", help="Only prove that it could be.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    database: DatabaseOption = None,
) -> None:
    """Put a backup in the database's place; the present one is kept beside it."""
    settings = do(lambda: _settings(database))
    path = settings.database_path
    if check:
        schema, manifest = do(lambda: _tried(lambda: places.check(file, path)))
        _say_whence(manifest, schema)
        good(f"{file} is whole and can be restored")
        return
    if not yes and path.exists():
        typer.confirm(f"Put {file} in the place of {path}?", abort=True)
    n_noted = do(lambda: _tried(lambda: _bring_promises(file.parent, settings)))
    done = do(lambda: _tried(lambda: places.restore(path, file, system_clock())))
    _say_whence(done.manifest, done.schema_before)
    if done.schema_before != done.schema:
        note(f"brought up to date: schema {done.schema_before} is now {done.schema}")
    if done.aside is not None:
        note(f"the database that was there is kept as {done.aside}")
    note(
        "what members erased or stopped since that backup is kept to when the bot starts"
        if n_noted
        else f"no {promises.NAME} stands beside it: what was erased since then is back"
    )
    good(f"{path} is restored; start the bot")


async def _settings(database: Path | None) -> Settings:
    return read_settings(database)


def _bring_promises(from_folder: Path, settings: Settings) -> int:
    """Note among our own backups what is promised elsewhere; return how many are known.

    That is beside the backup, and in the database whose place it takes. It is done before that
    place is taken: whatever is killed in between, no restored database is without them.
    """
    path, folder = settings.database_path, settings.backups_folder
    noted = [*promises.read(from_folder), *promised.unnoted(path)]
    now = system_clock().timestamp()
    if not noted:
        return len(promises.read(folder))
    return len(promises.note(folder, noted, now, path, keeps_all=True))


async def _tried(work: Callable[[], T]) -> T:
    try:
        return await asyncio.to_thread(work)
    except DatabaseLockedError as error:
        raise StartError(f"{error}: stop the bot first") from error
    except (BackupError, NotesError) as error:
        raise StartError(str(error)) from error


def _say_whence(manifest: Manifest | None, schema: str) -> None:
    if manifest is None:
        note(
            f"no manifest stands beside it, so only the file itself was looked at: schema {schema}"
        )
    else:
        note(f"made on {manifest.made_at} by {manifest.release}, schema {manifest.schema}")


def purge(
    guild: Annotated[
        int,
        typer.Argument(
            parser=whole_number(1, ids.BEYOND - 1), metavar="GUILD", help="Discord's id of it."
        ),
    ],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    database: DatabaseOption = None,
) -> None:
    """Delete at once what is stored of a server that the bot is not in."""

    async def work(lyceum: "App") -> bool:
        await guild_meant(lyceum, guild)
        departures, privacy = lyceum.services.departures, lyceum.services.privacy
        if not await departures.purge_at_once(guild):
            return False
        await privacy.scrub_due(lyceum.clock())
        return True

    if not yes:
        typer.confirm(f"Delete everything stored of server {guild}, for ever?", abort=True)
    if not with_app(database, work):
        bad(f"the bot is in server {guild}: have it removed there first, with the bot running")
        raise typer.Exit(1)
    good(f"nothing is stored of server {guild} any more; backups keep what they hold")
