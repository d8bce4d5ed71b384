"""Lines of the log: as text or JSON, each with the id of the work that wrote it.

Everything that one command, event, web request or tick of a job logs carries one id, so that it
can be followed. A reference that a member was told stands in the message itself.
"""

import asyncio
import json
import logging
import secrets
from traceback import format_exception
from typing import Any
from weakref import WeakKeyDictionary

from bot import dates

TEXT = "%(asctime)s %(levelname)s [%(work)s] %(name)s: %(message)s"
NONE = "-"
"""The id of what runs outside of any task: starting and stopping."""
_ids: WeakKeyDictionary[asyncio.Task[Any], str] = WeakKeyDictionary()


def work_id() -> str:
    """Return the id of the task that is running now."""
    try:
        task = asyncio.current_task()
    except RuntimeError:
        task = None
    if task is None:
        return NONE
    if task not in _ids:
        _ids[task] = secrets.token_hex(4)
    return _ids[task]


class Named(logging.Filter):
    """Gives each record the id of the work that wrote it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep every record."""
        record.work = work_id()
        return True


class JsonLines(logging.Formatter):
    """A line of JSON for each record."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; it has no line breaks, whatever the message says."""
        told: dict[str, Any] = {
            "at": dates.utc(record.created).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "work": getattr(record, "work", NONE),
            "message": record.getMessage(),
        }
        if record.exc_info and record.exc_info[1] is not None:
            told["error"] = type(record.exc_info[1]).__name__
            told["traceback"] = "".join(format_exception(record.exc_info[1]))
        return json.dumps(told, ensure_ascii=False)
