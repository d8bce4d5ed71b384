"""What listens on this machine, and whether members' links arrive there."""

import errno
import ipaddress
import os
import socket
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
from filelock import FileLock, Timeout

from bot.findings import Finding
from storage.database import instance_files

HEALTH_WITHIN_S = 5.0


def running(path: Path) -> str | None:
    """Return who runs the bot on the database at `path`; None for nobody."""
    lock, holder = instance_files(path)
    if not os.path.exists(lock):
        return None
    try:
        with FileLock(lock, timeout=0):
            return None
    except Timeout:
        return holder.read_text("utf-8") if holder.exists() else "an unknown process"
    except OSError:
        return None  # the finding on the database says why


async def port(host: str, number: int, holder: str | None) -> Finding:
    """See whether the web server can listen, or does already.

    Parameters
    ----------
    holder
        Who runs the bot on this database, None for nobody.
    """
    place = f"{host}:{number}"
    if number == 0:
        return Finding(
            state="note",
            subject="web port",
            text="WEB_PORT is 0: every start takes another port",
            fix="set WEB_PORT",
        )
    problem = _bind(host, number)
    if problem is None and holder is not None:
        return Finding(
            state="note",
            subject="web port",
            text=f"{place} is free, though the bot runs ({holder})",
            fix="restart the bot: it was started with another WEB_HOST or WEB_PORT",
        )
    if problem is None:
        return Finding("good", "web port", f"{place} is free")
    if problem.errno == errno.EADDRINUSE:
        return await _taken(host, number, holder)
    return Finding(
        state="bad",
        subject="web port",
        text=f"cannot listen on {place} ({problem.strerror})",
        fix="set WEB_HOST to an address of this machine, such as 127.0.0.1, and WEB_PORT"
        " above 1023",
    )


def _bind(host: str, number: int) -> OSError | None:
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, number, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        return error
    return None


async def _taken(host: str, number: int, holder: str | None) -> Finding:
    place = f"{host}:{number}"
    reached = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 (asked, not bound)
    health = await _health(f"http://{f'[{reached}]' if ':' in reached else reached}:{number}")
    if holder is not None and health == "ok":
        return Finding("good", "web port", f"the bot listens on {place} ({holder})")
    if holder is not None and health is not None:
        return Finding(
            state="bad",
            subject="web port",
            text=f"the bot listens on {place} but its database does not answer",
            fix="look at the bot's log; a full disk is the usual reason",
        )
    other = "a Lyceum with another database" if health is not None else "something else"
    return Finding(
        state="bad",
        subject="web port",
        text=f"{place} is taken by {other}",
        fix="stop that, or set WEB_PORT to a free port",
    )


async def public_url(root: str | None, *, is_running: bool) -> Finding:
    """Say which kind of Open buttons members see, and whether their links arrive."""
    if root is None:
        return Finding(
            state="note",
            subject="public url",
            text="PUBLIC_URL is not set: cards get an Open button that answers with the link",
            fix="set it to an https address that reaches the web server, to get link buttons",
        )
    if _is_local(urlsplit(root).hostname or ""):
        return Finding(
            state="bad",
            subject="public url",
            text=f"{root} can be reached from this network only",
            fix="set PUBLIC_URL to an address that members reach, or leave it empty",
        )
    if is_running and await _health(root) != "ok":
        return Finding(
            state="bad",
            subject="public url",
            text=f"{root}/healthz does not reach the bot",
            fix="point your proxy at WEB_HOST:WEB_PORT, or leave PUBLIC_URL empty meanwhile",
        )
    if root.startswith("http://"):
        return Finding(
            state="note",
            subject="public url",
            text=f"{root} is not https",
            fix="put a TLS proxy in front of it",
        )
    return Finding("good", "public url", f"{root} reaches the bot" if is_running else root)


def _is_local(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host.strip("[]")).is_global
    except ValueError:
        return "." not in host or host.endswith((".localhost", ".local", ".internal"))


async def _health(root: str) -> str | None:
    """Return what a Lyceum at `root` says of itself, None where there is none."""
    timeout = aiohttp.ClientTimeout(total=HEALTH_WITHIN_S)
    try:
        async with aiohttp.ClientSession(timeout=timeout) as session:
            async with session.get(f"{root}/healthz") as answer:
                told = await answer.json()
        return str(told["status"])
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError, KeyError, TypeError):
        return None
