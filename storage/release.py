"""Which release of Lyceum this is, so that a file can say what wrote it."""

import subprocess
from functools import cache
from importlib import metadata
from pathlib import Path

DISTRIBUTION = "lyceum-bot"
_HERE = Path(__file__).parent
COMMIT_FILE = _HERE / "COMMIT"
"""Written where a wheel or an image is built; a working copy asks git."""
_GIT_WITHIN_S = 5.0


@cache
def version() -> str:
    """Return the version, such as ``0.1.0``."""
    try:
        return metadata.version(DISTRIBUTION)
    except metadata.PackageNotFoundError:
        return "unknown"


@cache
def commit() -> str:
    """Return the first 12 digits of the commit this was built from; empty if nobody knows."""
    try:
        return COMMIT_FILE.read_text("ascii").strip()[:12]
    except (OSError, UnicodeDecodeError):
        pass
    if not (_HERE.parent / ".git").exists():
        return ""
    try:
        asked = subprocess.run(  # noqa: S603 (no argument is anybody's)
            ("git", "-C", str(_HERE.parent), "rev-parse", "--short=12", "HEAD"),  # noqa: S607
            capture_output=True,
            text=True,
            timeout=_GIT_WITHIN_S,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return asked.stdout.strip()


def name() -> str:
    """Return version and commit in one: ``0.1.0 (1a2b3c4d5e6f)``."""
    return f"{version()} ({commit()})" if commit() else version()
