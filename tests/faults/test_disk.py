"""A disk that fails for a while under the real process: a small library says so to it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.patience import turns
from tests.test_process import Scene, running
from tests.test_process import scene as scene

SOURCE = Path(__file__).with_name("broken_disk.c")
COMPILER = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
MESSAGES = "SELECT count(*) FROM events WHERE kind = 1"


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which a file called read, write or sync breaks that."""
    assert COMPILER is not None
    library, folder = tmp_path / "broken_disk.so", tmp_path / "broken"
    command = [COMPILER, "-shared", "-fPIC", "-O1", str(SOURCE), "-o", str(library), "-ldl"]
    subprocess.run(command, check=True)
    folder.mkdir()
    monkeypatch.setenv("LD_PRELOAD", str(library))
    monkeypatch.setenv("BROKEN_DISK", str(folder))
    return folder


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux" or COMPILER is None, reason="needs Linux and cc")
async def test_a_disk_that_fails_for_a_while_loses_nothing_and_is_told_in_a_line(
    scene: Scene, broken: Path
) -> None:
    n_said = 0

    def say(n: int) -> None:
        nonlocal n_said
        n_said += n
        for number in range(n):
            words = f"What is said while the disk is as it is, number {number}"
            scene.env.backend.create_message(scene.channel.id, scene.people[1].id, words)

    async with running(scene) as process:
        say(1)
        await scene.until(MESSAGES, n_said)
        for what in ("sync", "write", "read"):
            n_told = len(process.lines)
            (broken / what).touch()
            say(5)
            async for _ in turns(10):
                if any("disk I/O error" in line for line in process.lines[n_told:]):
                    break
            (broken / what).unlink()
            say(1)
            await scene.until(MESSAGES, n_said, within_s=60)
        assert (await scene.people[1].slash(scene.channel, "points")).response is not None
        assert scene.rows("PRAGMA integrity_check") == [("ok",)]
        assert await process.stop() == 0
    assert any("the database refuses: disk I/O error" in line for line in process.lines)
    assert not any("Traceback" in line for line in process.lines)
