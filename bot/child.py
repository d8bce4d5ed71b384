"""Processes beside the bot's own, which must find the same packages that it runs on."""

import os
from pathlib import Path


def environment(**more: str) -> dict[str, str]:
    """Return the environment for ``python -P -m bot...``, with further variables.

    -P keeps a stray package of the working directory out; ours must be found all the same.
    """
    root = str(Path(__file__).resolve().parents[1])
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    return os.environ | more | {"PYTHONPATH": os.pathsep.join(paths)}
