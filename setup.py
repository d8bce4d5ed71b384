"""Builds as pyproject.toml says, and writes down from which commit."""

import os
import subprocess
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py
from setuptools.command.sdist import sdist

HERE = Path(__file__).parent
PLACE = Path("storage") / "COMMIT"


def commit() -> str:
    """Return the commit that is built: of the environment, of an sdist, or of git."""
    if said := os.environ.get("LYCEUM_COMMIT"):
        return said
    if (HERE / PLACE).exists():
        return (HERE / PLACE).read_text("ascii")
    if not (HERE / ".git").exists():
        return ""
    asked = ("git", "-C", str(HERE), "rev-parse", "HEAD")
    done = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603
    return done.stdout


def note(folder: str) -> None:
    """Write it into a folder that is made from the sources."""
    if found := commit().strip():
        (Path(folder) / PLACE).write_text(found + "\n", "ascii")


class Build(build_py):
    """Notes the commit in a wheel; an editable installation asks git each time."""

    def run(self) -> None:
        """Build, and note it."""
        super().run()
        if not self.editable_mode:
            note(self.build_lib)


class Source(sdist):
    """Notes it in an sdist."""

    def make_release_tree(self, base_dir: str, files: list[str]) -> None:
        """Gather, and note it."""
        super().make_release_tree(base_dir, files)
        note(base_dir)


setup(cmdclass={"build_py": Build, "sdist": Source})
