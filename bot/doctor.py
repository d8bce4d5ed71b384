"""What may keep this installation from working well, and what to do about each finding.

Looking changes nothing: no database is made, no file is left, nothing is sent to anybody.
"""

import base64
import os
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing
from pathlib import Path

from bot import dates, shops, volumes
from bot.clock import Clock
from bot.findings import Finding
from bot.portal import discord_side
from bot.reachable import port, public_url, running
from bot.settings import Settings
from storage import identity, private, stays

FREE_BYTES_MIN = 500 * 1024**2

BUSY_S = 5.0

_MENDS: dict[str, str] = {
    "foreign": "set DATABASE_PATH to a file of Lyceum's own",
    "newer": "install that version again, or restore the backup made before it",
    "nameless": "restore a backup in its place, or set DATABASE_PATH to a file of Lyceum's own",
    "damaged": "restore a backup in its place",
}


def free_bytes(folder: Path) -> int:
    """Return how much may still be written to the disk of a folder."""
    return shutil.disk_usage(folder).free


async def examine(
    settings: Settings, clock: Clock, *, free: Callable[[Path], int] = free_bytes
) -> AsyncIterator[Finding]:
    """Look at everything, cheapest first; Discord is asked only with a token that may be one.

    Parameters
    ----------
    free
        Tells the free bytes beside a folder.
    """
    token = settings.discord_token.get_secret_value() if settings.discord_token else None
    shape = token_shape(token)
    yield shape
    yield database(settings.database_path)
    yield modes(settings.database_path)
    yield disk(settings.database_path, free)
    for finding in departures(settings.database_path):
        yield finding
    for finding in shops.findings(settings, clock):
        yield finding
    yield volumes.encryption(_there(settings.database_path))
    yield volumes.backups(settings.backups_folder, clock(), settings.backup_every_hours)
    yield volumes.notes(settings.backups_folder)
    holder = running(settings.database_path)
    yield await port(settings.web_host, settings.web_port, holder)
    yield await public_url(settings.public_root, is_running=holder is not None)
    if shape.state == "good" and token is not None:
        async for finding in discord_side(settings, token, clock):
            yield finding


def token_shape(token: str | None) -> Finding:
    """Judge a token by its shape alone: three parts, the first one the bot's id in base64."""
    if not token:
        return Finding(
            state="bad",
            subject="token",
            text="DISCORD_TOKEN is not set",
            fix="copy it from discord.com/developers/applications > Bot > Reset Token into .env",
        )
    if token.startswith("Bot ") or any(character.isspace() for character in token):
        return Finding(
            state="bad",
            subject="token",
            text="DISCORD_TOKEN has spaces in it",
            fix="put nothing but the token into .env",
        )
    parts = token.split(".")
    try:
        first = base64.b64decode(parts[0] + "=" * (-len(parts[0]) % 4), validate=True)
        is_shaped = len(parts) == 3 and all(parts) and first.decode("ascii").isdigit()
    except ValueError:
        is_shaped = False
    if not is_shaped:
        return Finding(
            state="bad",
            subject="token",
            text="DISCORD_TOKEN does not look like a bot token (three parts separated by dots)",
            fix="use the token of the Bot page, not the client secret or the public key",
        )
    return Finding("good", "token", "has the shape of a bot token")


def database(path: Path, *, patience_s: float = BUSY_S) -> Finding:
    """Look at the database file: may it be written, is it whole, is it of this version.

    Parameters
    ----------
    patience_s
        How long another process may be writing before that is a finding.
    """
    found = identity.look(path, patience_s=patience_s)
    if found.state == "absent":
        return _to_be_made(path)
    if not os.path.isfile(path):
        return Finding(
            state="bad",
            subject="database",
            text=f"{path} is not a file",
            fix="set DATABASE_PATH to a file",
        )
    if found.state in _MENDS:
        return Finding(
            state="bad", subject="database", text=found.sentence(path), fix=_MENDS[found.state]
        )
    if found.state == "busy":
        return _busy(path)
    for place in (path, path.absolute().parent):  # SQLite writes its journal beside the file
        if not os.access(place, os.W_OK):
            return _not_writable(path, f"no write access to {place}")
    return _usable(path, patience_s, is_older=found.state == "older")


def _usable(path: Path, patience_s: float, *, is_older: bool) -> Finding:
    try:
        with closing(identity.opened(path, patience_s)) as connection:
            connection.execute("BEGIN IMMEDIATE")  # takes the writer's place, writes nothing
            connection.rollback()
            verdict = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.DatabaseError as error:
        found = identity.Found.of(error)
        if found.state == "busy":
            return _busy(path)
        if found.state == "shut":
            return _not_writable(path, found.reason)
        verdict = found.reason
    if verdict != "ok":
        return Finding(
            state="bad",
            subject="database",
            text=f"{path} is damaged: {verdict}",
            fix=_MENDS["damaged"],
        )
    if is_older:
        return Finding(
            state="note",
            subject="database",
            text=f"{path} is of an older version; the next start brings it up to date",
            fix="back the file up before the next start",
        )
    return Finding("good", "database", f"{path} is writable and whole")


def modes(path: Path) -> Finding:
    """See whether other users of this machine may read members' data."""
    wide = list(private.opened_wide(path))
    if not wide:
        return Finding("good", "files", "only this user may read the database")
    listed = ", ".join(f"{each} ({mode:o})" for each, mode in wide)
    fix = "the bot's next start takes it from them, or chmod 600 does now"
    if any(each.stat().st_uid != os.geteuid() for each, _ in wide):
        fix = "the files are another user's: give them to the one who runs the bot, then chmod 600"
    return Finding(
        state="note",
        subject="files",
        text=f"other users of this machine may read {listed}",
        fix=fix,
    )


def _busy(path: Path) -> Finding:
    return Finding(
        state="note",
        subject="database",
        text=identity.Found("busy").sentence(path),
        fix="wait for an import to end, or stop what holds the file",
    )


def _not_writable(path: Path, reason: str) -> Finding:
    return Finding(
        state="bad",
        subject="database",
        text=f"{path} cannot be written: {reason}",
        fix="give this user write access to the file and its folder, or set DATABASE_PATH",
    )


def _to_be_made(path: Path) -> Finding:
    folder = _there(path)
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        return Finding(
            state="bad",
            subject="database",
            text=f"{path} cannot be made: {folder} may not be written",
            fix="give this user write access to the folder, or set DATABASE_PATH",
        )
    if path.is_symlink():
        return Finding(
            state="bad",
            subject="database",
            text=f"{path} points to nothing",
            fix="fix the link, or set DATABASE_PATH",
        )
    return Finding("good", "database", f"{path} will be made at the first start")


def _there(path: Path) -> Path:
    """Return the nearest folder above `path` that exists."""
    return next(folder for folder in path.absolute().parents if os.path.exists(folder))


def disk(path: Path, free: Callable[[Path], int]) -> Finding:
    """See whether the database has room to grow."""
    n_bytes = free(_there(path))
    text = f"{n_bytes / 1024**3:.1f} GiB free beside the database"
    if n_bytes < FREE_BYTES_MIN:
        return Finding(
            state="bad",
            subject="disk",
            text=text,
            fix="free at least 0.5 GiB: on a full disk nothing can be recorded",
        )
    return Finding("good", "disk", text)


def departures(path: Path) -> Iterator[Finding]:
    """Name the guilds that removed the bot, and from when on nothing is stored of them."""
    for stay in stays.left_behind(path):
        left, purged = (dates.utc(at or 0.0).date() for at in (stay.left_at, stay.purge_at))
        if stay.state == "purging":
            text = f"removed the bot on {left}; what was stored of it is being deleted"
            yield Finding(
                state="note",
                subject=f"server {stay.guild_id}",
                text=text,
                fix="let the bot run until it is done",
            )
            continue
        text = f"removed the bot on {left}; what is stored of it is deleted on {purged}"
        fix = "have it invite the bot again before to keep it; lyceum purge deletes it at once"
        yield Finding(state="note", subject=f"server {stay.guild_id}", text=text, fix=fix)
