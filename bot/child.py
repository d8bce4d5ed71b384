"""Processes beside the bot's own, which must find the same packages that it runs on."""

import os
from pathlib import Path


def environment(**more: str) -> dict[str, str]:
    """Return the environment for ``python -P -m bot...``, with further variables.

    -P keeps a stray package of the working directory out; ours must be found all the same.
    """
    return os.environ | more | bare_environment()


def bare_environment() -> dict[str, str]:
    """Return the environment of a process that is to know nothing else, such as our token."""
    root = str(Path(__file__).resolve().parents[1])
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    return {"PYTHONPATH": os.pathsep.join(paths)}
