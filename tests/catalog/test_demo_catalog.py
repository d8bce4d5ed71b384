from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from bot.catalog.importer import ImportReport, import_catalog
from storage import catalog
from storage.database import Database

DEMO = Path(__file__).parents[2] / "bot" / "demo" / "catalog.csv"


async def test_the_demo_catalogue_has_not_a_single_problem(database: Database) -> None:
    report = await import_catalog(
        database, lambda: datetime(2026, 3, 2, tzinfo=UTC), DEMO, guild_id=1, strict=True
    )
    assert [str(problem) for problem in report.problems] == []
    assert report == ImportReport(read=report.read, added=report.read)
    async with database.read() as conn:
        resources = await catalog.live(conn, 1)
    assert len(resources) >= 200
    assert min(Counter(one.language for one in resources)[code] for code in ("en", "zh")) >= 50
