"""``python -m bot`` is ``lyceum``."""

from bot.cli import app

app()
