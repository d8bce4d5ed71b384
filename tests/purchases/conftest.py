"""What tests of purchases ask for by name."""

from collections.abc import AsyncIterator

import pytest

from storage.database import Database
from tests.purchases import door
from tests.purchases.door import Shop


@pytest.fixture
async def shop(database: Database) -> AsyncIterator[Shop]:
    """The door of a bot that shops may knock at."""
    async with door.opened(database) as opened:
        yield opened
