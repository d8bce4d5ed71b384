"""What members chose after a backup is kept when it is restored; what failed was no promise."""

import asyncio
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot import volumes
from bot.activity.rules import Missed, Reacted
from bot.app import App
from storage import backup, members, promised, promises, restore
from storage.promises import Kind, Promise, Standing
from storage.rotation import KEPT_DAYS, Named
from tests.privacy.test_restored import BEGAN, CHANNEL, ERASED, GUILD, OTHER, authors, opening, said

STRANGER = 9_000
"""First seen after the backup."""


def backups(folder: Path) -> Path:
    return folder / "backups"


def notes(folder: Path) -> list[Promise]:
    return promises.read(backups(folder))


async def backed_up(folder: Path) -> Path:
    """Make a backup that knows ERASED and OTHER, both with consent, and not STRANGER."""
    async with opening(folder, 1) as app:
        await app.services.activity.post((said(ERASED, 0), said(OTHER, 0)))
        for who in (ERASED, OTHER):
            await app.services.profile.answer_consent(GUILD, who, is_granted=True)
        return backup.make(app.database.path, backups(folder), BEGAN + timedelta(hours=1))


def put_back(folder: Path, made: Path) -> None:
    restore.restore(folder / "lyceum.sqlite3", made, BEGAN + timedelta(hours=5))


async def consent_of(app: App, user_id: int) -> str:
    async with app.database.read() as conn:
        return (await members.member(conn, GUILD, user_id)).consent


async def set_refusing(app: App, is_on: bool) -> None:
    """Let the database refuse to delete, as a fault of its own would."""
    made = "CREATE TRIGGER refuse BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'no'); END"
    statement = text(made if is_on else "DROP TRIGGER refuse")

    async def job(conn: "object") -> None:
        await conn.execute(statement)  # type: ignore[attr-defined]

    await app.database.write(job)


async def test_an_erasure_that_failed_is_not_carried_out_at_the_next_start(tmp_path: Path) -> None:
    await backed_up(tmp_path)
    async with opening(tmp_path, 2) as app:
        await set_refusing(app, True)
        with pytest.raises(Exception, match="no"):
            await app.services.privacy.erase(GUILD, ERASED, is_tracking_stopped=True)
        await set_refusing(app, False)
    assert notes(tmp_path) == []
    async with opening(tmp_path, 3) as app:
        assert (ERASED, None) in await authors(app)
        async with app.database.read() as conn:
            assert (await members.member(conn, GUILD, ERASED)).is_tracked


@pytest.mark.parametrize("who", [ERASED, STRANGER])
async def test_erase_and_record_nothing_outlives_a_restore(tmp_path: Path, who: int) -> None:
    made = await backed_up(tmp_path)
    async with opening(tmp_path, 2) as app:
        await app.services.activity.post((said(who, 1.5),))
        await app.services.privacy.erase(GUILD, who, is_tracking_stopped=True)
    put_back(tmp_path, made)
    for hours in (6, 7):
        async with opening(tmp_path, hours) as app:
            await app.services.activity.post((said(who, 1.5), said(who, hours)))
            assert who not in {by for by, _ in await authors(app)}
            report = await app.services.privacy.report(GUILD, who)
            assert not report.profile.member.is_tracked
    async with opening(tmp_path, 8) as app:
        await app.services.privacy.set_tracking(GUILD, who, is_on=True)
        await app.services.activity.post((said(who, 8),))
        assert (who, None) in await authors(app)
        await app.services.privacy.erase(GUILD, who, is_tracking_stopped=False)
        await app.services.activity.post((said(who, 9),))
        assert (who, None) in await authors(app), "a newcomer, whatever was promised before"


@pytest.mark.parametrize("who", [ERASED, STRANGER])
async def test_who_opted_out_since_the_backup_stays_out(tmp_path: Path, who: int) -> None:
    made = await backed_up(tmp_path)
    async with opening(tmp_path, 2) as app:
        await app.services.activity.post((said(who, 1.5),))
        await app.services.privacy.set_tracking(GUILD, who, is_on=False)
        await app.services.privacy.set_learning(GUILD, who, is_on=False)
    assert str(who) not in (backups(tmp_path) / promises.NAME).read_text("utf-8")
    put_back(tmp_path, made)
    async with opening(tmp_path, 6) as app:
        before = await authors(app)
        await app.services.activity.post((said(who, 6),))
        assert await authors(app) == before
        assert await consent_of(app, who) == "declined"
        assert await app.services.profile.claim_question(GUILD, who) is None


async def test_who_changed_their_mind_again_is_where_the_backup_had_them(tmp_path: Path) -> None:
    made = await backed_up(tmp_path)
    async with opening(tmp_path, 2) as app:
        await app.services.privacy.set_tracking(GUILD, ERASED, is_on=False)
        await app.services.privacy.set_learning(GUILD, ERASED, is_on=False)
    async with opening(tmp_path, 4) as app:
        await app.services.privacy.set_tracking(GUILD, ERASED, is_on=True)
        await app.services.privacy.set_learning(GUILD, ERASED, is_on=True)
    put_back(tmp_path, made)
    for hours in (6, 7):  # also in a process that began after the notes were known
        async with opening(tmp_path, hours) as app:
            assert await consent_of(app, ERASED) == "granted"
            between, after = said(ERASED, 3), said(ERASED, 4.5 + hours / 100)
            await app.services.activity.post((between, after), missed=Missed())
            kept = [by for by, _ in await authors(app)].count(ERASED)
            assert kept == hours - 4, "what was said while untracked is not read back"


async def test_a_stop_and_a_resume_after_a_restore_count_at_once(tmp_path: Path) -> None:
    made = await backed_up(tmp_path)
    async with opening(tmp_path, 2) as app:
        await app.services.privacy.set_tracking(GUILD, ERASED, is_on=False)
    put_back(tmp_path, made)
    async with opening(tmp_path, 6) as app:
        await app.services.privacy.set_tracking(GUILD, ERASED, is_on=True)
        await app.services.activity.post((said(ERASED, 7),), missed=Missed())
        assert [by for by, _ in await authors(app)].count(ERASED) == 2


def spoil_with_folder(path: Path) -> Callable[[], None]:
    aside = path.with_name("aside")
    if path.exists():
        path.rename(aside)
    path.mkdir()

    def mend() -> None:
        path.rmdir()
        if aside.exists():
            aside.rename(path)

    return mend


def spoil_with_file(path: Path) -> Callable[[], None]:
    """Put a file where the folder of backups is to be."""
    aside = path.parent.with_name("aside")
    path.parent.rename(aside)
    path.parent.write_text("", "utf-8")

    def mend() -> None:
        path.parent.unlink()
        aside.rename(path.parent)

    return mend


@pytest.mark.parametrize("spoil", [spoil_with_folder, spoil_with_file])
async def test_notes_that_cannot_be_used_stop_nothing_are_told_and_made_up_for(
    tmp_path: Path,
    spoil: Callable[[Path], Callable[[], None]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    made = await backed_up(tmp_path)
    shutil.copy(made, tmp_path / "kept.sqlite3")
    shutil.copy(f"{made}.json", tmp_path / "kept.sqlite3.json")
    path = backups(tmp_path) / promises.NAME
    mend = spoil(path)
    async with opening(tmp_path, 2) as app:
        assert str(path) in caplog.text, "at the start"
        finding = volumes.notes(backups(tmp_path))
        assert finding.state == "bad" and finding.fix
        erased = await app.services.privacy.erase(GUILD, ERASED, is_tracking_stopped=False)
        assert not erased.is_noted and erased.n_rows
        assert not (await app.services.privacy.set_tracking(GUILD, OTHER, is_on=False)).is_noted
        assert caplog.text.count("it is tried again every minute") <= 2, "not at each attempt"
        mend()
        await app.services.privacy.tick(BEGAN + timedelta(hours=2))
        assert {each.kind for each in notes(tmp_path)} == {"erased", "untracked"}
        assert volumes.notes(backups(tmp_path)).state == "good"
    put_back(tmp_path, tmp_path / "kept.sqlite3")
    mend = spoil(path)
    async with opening(tmp_path, 6) as app:
        assert (ERASED, None) in await authors(app)
        mend()
        await app.services.privacy.tick(BEGAN + timedelta(hours=6))
        assert await authors(app) == [(OTHER, None)]


async def test_what_is_promised_and_not_noted_yet_is_noted_at_the_next_start(
    tmp_path: Path,
) -> None:
    await backed_up(tmp_path)
    path = backups(tmp_path) / promises.NAME
    mend = spoil_with_folder(path)
    async with opening(tmp_path, 2) as app:
        await app.services.privacy.erase(GUILD, ERASED, is_tracking_stopped=False)
    mend()
    async with opening(tmp_path, 3) as app:
        assert [each.kind for each in notes(tmp_path)] == ["erased"]
        async with app.database.read() as conn:
            assert await promised.to_note(conn) == []


def test_a_note_stays_for_as_long_as_a_backup_from_before_does(tmp_path: Path) -> None:
    old = Promise.to(GUILD, ERASED, "erased", BEGAN.timestamp())
    late = (BEGAN + timedelta(days=KEPT_DAYS + 5)).timestamp()
    database = tmp_path / "lyceum.sqlite3"

    def is_kept() -> bool:
        return old in promises.note(tmp_path / "b", (old,), late, database)

    (tmp_path / "b").mkdir()
    assert not is_kept()
    before, after = BEGAN - timedelta(hours=1), BEGAN + timedelta(hours=1)
    for name, at in (
        (f"b/{Named(before)}", after),  # its name says when it was made, whoever copied it
        ("b/mine.sqlite3", before),
        ("lyceum.sqlite3.before-restore-20260101T000000Z", before),
    ):
        file = tmp_path / name
        file.write_bytes(b"")
        os.utime(file, (at.timestamp(), at.timestamp()))
        assert is_kept(), name
        file.unlink()
    newer = tmp_path / "b" / str(Named(after))
    newer.write_bytes(b"")
    assert not is_kept()


async def test_who_came_back_reacts_to_what_is_older_than_their_erasure(tmp_path: Path) -> None:
    made = await backed_up(tmp_path)
    async with opening(tmp_path, 2) as app:
        await app.services.privacy.erase(GUILD, ERASED, is_tracking_stopped=False)
    put_back(tmp_path, made)
    async with opening(tmp_path, 6) as app:
        old, theirs = said(OTHER, 0), said(ERASED, 0)

        def reaction(by: int, to: int, emoji: int) -> Reacted:
            return Reacted(
                guild_id=GUILD, channel_id=CHANNEL, message_id=to, user_id=by, emoji=emoji
            )

        await app.services.activity.post(
            (), (reaction(ERASED, old.message_id, 1),), missed=Missed()
        )
        assert await authors(app) == [(OTHER, None)], "read back, it may be from before"
        await app.services.activity.react(reaction(ERASED, old.message_id, 2))
        assert (await authors(app))[-1] == (ERASED, OTHER)
        await app.services.activity.react(reaction(OTHER, theirs.message_id, 3))
        assert (await authors(app))[-1] == (OTHER, None), "whose message it was is erased"


async def test_many_promises_are_kept_in_small_transactions(tmp_path: Path) -> None:
    n_met, n_unmet = 6, 450
    async with opening(tmp_path, 1) as app:
        await app.services.activity.post([said(10_000 + n, 0) for n in range(n_met)])
        at = (BEGAN + timedelta(hours=0.5)).timestamp()
        made = [
            Promise.to(GUILD, 10_000 + n, "erased-untracked", at) for n in range(n_met + n_unmet)
        ]
        promises.note(backups(tmp_path), made, at)
        took: list[int] = []
        app.database.committed.append(lambda _, n_jobs: took.append(n_jobs))
        assert await app.services.privacy.keep_promises() == n_met + n_unmet
        assert len(took) >= n_met + 3 and set(took) == {1}
        assert await authors(app) == []
        await app.services.activity.post((said(10_000 + n_met + 7, 1), said(OTHER, 1)))
        assert await authors(app) == [(OTHER, None)]
        assert await app.services.privacy.keep_promises() == 0


async def test_calls_at_once_are_all_noted(tmp_path: Path) -> None:
    async with opening(tmp_path, 1) as app:
        erase = app.services.privacy.erase
        await asyncio.gather(
            *(erase(GUILD, 100 + n, is_tracking_stopped=bool(n % 2)) for n in range(12))
        )
    assert len(notes(tmp_path)) == 12


@pytest.mark.parametrize(
    ("kinds", "standing"),
    [
        ("erased", (True, False, False)),
        ("erased-untracked", (True, True, False)),
        ("untracked tracked", (False, False, False)),
        ("tracked untracked", (False, True, False)),
        ("unlearned erased", (True, False, False)),
        ("unlearned erased-untracked tracked", (True, False, False)),
        ("unlearned untracked learned", (False, True, False)),
        ("learned unlearned", (False, False, True)),
    ],
)
def test_the_last_word_of_each_sort_counts(kinds: str, standing: tuple[bool, bool, bool]) -> None:
    made: list[Promise] = []
    for n, kind in enumerate(kinds.split()):
        as_kind: Kind = kind  # type: ignore[assignment]
        made.append(Promise.to(GUILD, ERASED, as_kind, float(n)))
    assert Standing.after(reversed(made)) == Standing(*standing)


def test_a_note_says_who_to_nobody_who_does_not_ask_for_them(tmp_path: Path) -> None:
    made = Promise.to(GUILD, ERASED, "untracked", datetime.now(UTC).timestamp())
    line = json.dumps(asdict(made))
    assert str(ERASED) not in line and made.who != Promise.to(GUILD, ERASED, "untracked", 1.0).who
