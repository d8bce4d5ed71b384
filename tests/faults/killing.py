"""Work that is killed at each of its steps, one process a step."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Engine, event

FILE_STEPS = ("open", "os.", "sqlite3.connect", "shutil.")
"""Audit events of what touches files: whoever is killed before one has done what came before."""


class Killer:
    """Kills this process at its n-th step."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.n = 0

    def step(self) -> None:
        self.n += 1
        if self.n == self.at:
            os.kill(os.getpid(), signal.SIGKILL)


def at_each_statement(work: Callable[[], object], every: int = 1) -> Iterator[bool]:
    """Run `work` in one process after another, killed before its first statement or commit, its
    second, …

    Yields
    ------
    bool
        Whether it was killed; the last one was not.
    """

    def arm(killer: Killer) -> None:
        event.listen(Engine, "before_cursor_execute", lambda *_: killer.step())
        event.listen(Engine, "commit", lambda *_: killer.step())

    yield from _each(work, arm, every)


def at_each_file_step(work: Callable[[], object]) -> Iterator[bool]:
    """Do the same with whatever touches a file."""

    def arm(killer: Killer) -> None:
        def hook(name: str, _: tuple[Any, ...]) -> None:
            if name.startswith(FILE_STEPS):
                killer.step()

        sys.addaudithook(hook)

    yield from _each(work, arm, 1)


def _each(work: Callable[[], object], arm: Callable[[Killer], None], every: int) -> Iterator[bool]:
    at, is_killed = 1, True
    while is_killed:
        is_killed = _in_child(work, arm, at)
        yield is_killed
        at += every


def _in_child(work: Callable[[], object], arm: Callable[[Killer], None], at: int) -> bool:
    child = os.fork()
    if child == 0:
        code = 1
        try:
            arm(Killer(at))
            work()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0, "the work failed by itself"
    return False
