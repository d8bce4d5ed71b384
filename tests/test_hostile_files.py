"""Files that nobody wrote by hand: one sentence, no traceback, and no more memory than there is.

Each is brought in a process of its own whose address space is limited, as with ``ulimit -v``.
"""

import gzip
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.patience import patient

resource = pytest.importorskip("resource", reason="only Unix limits a process's memory so")

ROOT = Path(__file__).parent.parent
MEMORY = 2**30
"""Bytes of address space, about half of which is mapped before anything is read."""
SOON_S = 60
GIGABYTE = 2**30

CATALOG = b"kind,title,url\n"
PAST = b"timestamp,kind,resource,member\n"
POINTS = b"user_id,points\n"
ID = b"100000000000000001"


def holding(
    head: bytes, block: bytes = b"", size: int = 0, tail: bytes = b""
) -> Callable[[Path], None]:
    """Return what makes a file: a beginning, a block again and again up to a size, and an end."""

    def make(path: Path) -> None:
        with open(path, "wb") as file:
            file.write(head)
            for _ in range(size // max(len(block), 1)):
                file.write(block)
            file.write(tail)

    return make


def hollow(head: bytes) -> Callable[[Path], None]:
    """Return what makes a gigabyte that takes no room: a beginning, then zeros."""

    def make(path: Path) -> None:
        path.write_bytes(head)
        os.truncate(path, GIGABYTE)

    return make


def squeezed(path: Path) -> None:
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(PAST + b'1700000000,open,"')
        for _ in range(2**8):
            file.write(b"x" * 2**20)


def zipped(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("past.csv", PAST + b"1700000000,open," + b"9" * 2**28)


JSON = ("import", "points", "--format")
CASES: dict[str, tuple[tuple[str, ...], str, Callable[[Path], None]]] = {
    "a line of a gigabyte, catalogue": (("import", "catalog"), "c.csv", hollow(CATALOG)),
    "a line of a gigabyte, interactions": (("import", "interactions"), "c.csv", hollow(PAST)),
    "a line of a gigabyte, points": ((*JSON, "csv"), "c.csv", hollow(POINTS)),
    "a gigabyte of JSON": (("import", "catalog"), "c.json", hollow(b"[")),
    "a gigabyte of a leaderboard": ((*JSON, "mee6"), "c.json", hollow(b"[")),
    "a quote that nobody closes": (
        ("import", "interactions"),
        "c.csv",
        holding(PAST + b'1700000000,open,"', b"more\n", 2**26),
    ),
    "a cell of a megabyte": (
        ("import", "catalog"),
        "c.csv",
        holding(CATALOG + b"article,", b"t", 2**20),
    ),
    "a number of a million digits": (
        (*JSON, "csv"),
        "c.csv",
        holding(POINTS + ID + b",", b"9", 10**6),
    ),
    "a JSON number of a million digits": (
        (*JSON, "mee6"),
        "c.json",
        holding(b'[{"id": "' + ID + b'", "xp": ' + b"9" * 10**6 + b"}]"),
    ),
    "an exponent of thirty digits": (
        (*JSON, "mee6"),
        "c.json",
        holding(b'[{"id": "' + ID + b'", "xp": 1e' + b"9" * 30 + b"}]"),
    ),
    "a tiny exponent": (
        (*JSON, "levelup"),
        "c.json",
        holding(b'{"users": {"' + ID + b'": {"xp": 1e-999999999, "level": 0}}}'),
    ),
    "lists in lists": (("import", "catalog"), "c.json", holding(b"", b"[", 10**6)),
    "objects in objects": ((*JSON, "polaris"), "c.json", holding(b"", b'{"a":', 10**6)),
    "lists as deep as JSON may be": ((*JSON, "mee6"), "c.json", holding(b"[" * 990 + b"]" * 990)),
    "twenty million values": ((*JSON, "mee6"), "c.json", holding(b"[[]", b",[]", 60 * 10**6)),
    "a million objects": (
        ("import", "catalog"),
        "c.json",
        holding(b"[{}", b",{}", 3 * 10**6, b"]"),
    ),
    "a million empty lines": ((*JSON, "csv"), "c.csv", holding(POINTS, b"\n", 10**6)),
    "a million bad lines": ((*JSON, "csv"), "c.csv", holding(POINTS, b"x,y\n", 4 * 10**6)),
    "a packed line": (("import", "interactions"), "c.csv.gz", squeezed),
    "a zipped line": (("import", "interactions"), "c.zip", zipped),
    "nothing but zeros": (("import", "interactions"), "c.csv", holding(b"", b"\0", 10**6)),
    "noise": (("import", "catalog"), "c.csv", holding(bytes(range(256)) * 100)),
    "id of many digits": (
        (*JSON, "levelup"),
        "c.json",
        holding(b'{"' + b"9" * 5_000 + b'": {"users": {}}}'),
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_a_hostile_file_is_one_sentence_in_little_memory(tmp_path: Path, name: str) -> None:
    arguments, file, make = CASES[name]
    make(tmp_path / file)
    command = [sys.executable, "-m", "bot", *arguments, file, "--guild", "7", "--database", "x.db"]
    begin = time.monotonic()
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY)),
        capture_output=True,
        text=True,
        timeout=patient(60),
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr[-2_000:]
    assert done.returncode == 1, done.stdout + done.stderr
    problems = [line for line in done.stderr.splitlines() if line.startswith("✗")]
    assert 1 <= len(problems) <= 21
    assert all(len(line) < 400 for line in problems)
    assert time.monotonic() - begin < SOON_S
