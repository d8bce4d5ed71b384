"""What systemd is told, if it started the process: ready, alive, stopping."""

import logging
import os
import socket
from contextlib import suppress
from time import monotonic

log = logging.getLogger(__name__)


class Notifier:
    """Writes to the socket that systemd names; to nobody where it names none."""

    def __init__(self) -> None:
        self._address = os.environ.get("NOTIFY_SOCKET", "")
        every_us = os.environ.get("WATCHDOG_USEC", "")
        is_ours = os.environ.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        self._every_s = int(every_us) / 2e6 if every_us.isdigit() and is_ours else 0.0
        self._told_at = -self._every_s

    def ready(self) -> None:
        """Say that everything is open; whether Discord is there is another matter."""
        self._tell("READY=1")

    def stopping(self) -> None:
        """Say that the process is about to end."""
        self._tell("STOPPING=1")

    def beat(self, _late_s: float) -> None:
        """Say that the loop turns, twice as often as the watchdog asks."""
        if self._every_s and monotonic() - self._told_at >= self._every_s:
            self._told_at = monotonic()
            self._tell("WATCHDOG=1")

    def _tell(self, what: str) -> None:
        if not self._address:
            return
        # A name that begins with @ is one in no folder.
        address = "\0" + self._address[1:] if self._address[0] == "@" else self._address
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
            told.sendto(what.encode(), address)
