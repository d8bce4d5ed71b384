"""A backup of before an erasure is put back: what was erased stays erased."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import discord
from sqlalchemy import select

from bot.activity.rules import Posted
from bot.app import App, open_app
from bot.settings import Settings
from storage import backup, promises, restore
from storage.promises import Promise
from storage.rotation import KEPT_DAYS
from storage.schema import events, meta

GUILD, CHANNEL, ERASED, OTHER = 1, 2, 7_000, 8_000
BEGAN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def said(by: int, hours: float, **more: Any) -> Posted:
    at = BEGAN + timedelta(hours=hours)
    return Posted(
        guild_id=GUILD,
        channel_id=CHANNEL,
        message_id=discord.utils.time_snowflake(at) + by,
        author_id=by,
        posted_at=at.timestamp(),
        length_class=2,
        **more,
    )


async def authors(app: App) -> list[tuple[int, int | None]]:
    async with app.database.read() as conn:
        rows = await conn.execute(
            select(events.c.user_id, events.c.target_id).order_by(events.c.event_id)
        )
        return [(user, target) for user, target in rows]


def opening(folder: Path, hours: float) -> Any:
    settings: Callable[..., Settings] = Settings
    made = settings(_env_file=None, database_path=folder / "lyceum.sqlite3")
    return open_app(made, clock=lambda: BEGAN + timedelta(hours=hours))


async def test_what_was_erased_since_a_backup_stays_erased_and_is_not_read_back(
    tmp_path: Path,
) -> None:
    before, after = said(ERASED, 0), said(ERASED, 5)
    async with opening(tmp_path, 1) as app:
        await app.services.activity.post((before, said(OTHER, 0)))
        made = backup.make(app.database.path, tmp_path / "backups", BEGAN)
    async with opening(tmp_path, 2) as app:
        await app.services.privacy.erase(GUILD, ERASED, is_tracking_stopped=False)
        assert await authors(app) == [(OTHER, None)]
    noted = (tmp_path / "backups" / promises.NAME).read_text("utf-8")
    assert str(ERASED) not in noted and noted.count("\n") == 1

    restore.restore(tmp_path / "lyceum.sqlite3", made, BEGAN + timedelta(hours=3))
    async with opening(tmp_path, 4) as app:
        assert await authors(app) == [(OTHER, None)]
    async with opening(tmp_path, 6) as app:  # started again, and reading back what was missed
        missed = said(OTHER, 1, reply_to=before.message_id, reply_author=ERASED)
        answer = said(OTHER, 5.5, reply_to=after.message_id, reply_author=ERASED)
        await app.services.activity.post((said(ERASED, 1.5), missed, after, answer))
        assert await authors(app) == [
            *[(OTHER, None), (OTHER, None)],
            *[(ERASED, None), (OTHER, ERASED)],  # who is back is a newcomer
        ]
    late = 24 * KEPT_DAYS + 3
    for is_backup_left in (True, False, False):
        if not is_backup_left:
            made.unlink(missing_ok=True)
        async with opening(tmp_path, late) as app:
            async with app.database.read() as conn:
                keys = (await conn.execute(select(meta.c.key))).scalars().all()
            assert any(key.startswith("erased:") for key in keys) == is_backup_left
            assert len(await authors(app)) == 4
        assert bool(promises.read(tmp_path / "backups")) == is_backup_left


async def test_who_asked_not_to_be_tracked_is_not_tracked_after_a_restore(tmp_path: Path) -> None:
    async with opening(tmp_path, 0) as app:
        await app.services.activity.post((said(ERASED, 0),))
        made = backup.make(app.database.path, tmp_path / "backups", BEGAN)
        await app.services.privacy.erase(GUILD, ERASED, is_tracking_stopped=True)
    restore.restore(tmp_path / "lyceum.sqlite3", made, BEGAN)
    async with opening(tmp_path, 3) as app:
        await app.services.activity.post((said(ERASED, 4),))
        assert await authors(app) == []


def test_a_line_that_was_not_written_whole_hides_no_other_and_old_ones_go(tmp_path: Path) -> None:
    first = Promise.to(GUILD, ERASED, "erased", 1_000.0)
    second = Promise.to(GUILD, OTHER, "erased-untracked", 2_000.0)
    promises.note(tmp_path, (first,), 1_000.0)
    with (tmp_path / promises.NAME).open("a", encoding="utf-8") as file:
        file.write('{"salt": "0')
    with (tmp_path / promises.NAME).open("ab") as damaged:
        damaged.write(b"\xff\xfe\n[]\n7\n")
        damaged.write(b'{"salt":"a","who":"b","guild_id":1,"kind":"erased","made_at":"x"}\n')
        damaged.write(b'{"salt":"a","who":"b","guild_id":1,"kind":"else","made_at":1}\n')
    promises.note(tmp_path, (second, first), 2_000.0)
    assert promises.read(tmp_path) == [first, second]
    assert second.is_to(GUILD, OTHER) and not second.is_to(GUILD, ERASED)
    assert not second.is_to(GUILD + 1, OTHER)
    third = Promise.to(GUILD, OTHER, "untracked", 2e9)
    promises.note(tmp_path, (third,), 2e9)
    assert promises.read(tmp_path) == [third]


def test_what_was_noted_before_there_were_other_kinds_is_read(tmp_path: Path) -> None:
    old = {"salt": "s", "guild_id": GUILD, "who": "w", "erased_at": 5.0}
    lines = [json.dumps(old | {"is_tracking_stopped": is_stopped}) for is_stopped in (True, False)]
    (tmp_path / promises.NAME).write_text("\n".join(lines), "utf-8")
    assert [each.kind for each in promises.read(tmp_path)] == ["erased-untracked", "erased"]
