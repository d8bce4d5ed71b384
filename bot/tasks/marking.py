"""Marking what members hand in: done, again, or excellent, with a sentence.

A mark that is done or excellent may be paid for by the rules, once; changed to again it is taken
back. Nobody marks what they handed in themselves.
"""

from dataclasses import dataclass, replace
from typing import Any, get_args

from bot.clock import Clock
from bot.errors import StaleError, UserError
from bot.legible import is_blank
from bot.points.service import PointsService
from bot.tasks import rules
from bot.tasks.seeing import Doing, Seeing, Who
from storage import audit, events, members, tasks
from storage.connection import Connection
from storage.database import Database
from storage.records import AuditRow, Event, EventKind, Task, Verdict, Work

QUEUE_SHOWN = 25
MARKS: tuple[Verdict, ...] = get_args(Verdict)
_TURNS = (EventKind.TASK_DONE, EventKind.TASK_UNDONE)


@dataclass(frozen=True, slots=True)
class Marking:
    """What creators, reviewers and moderators do with what was handed in."""

    database: Database
    clock: Clock
    points: PointsService
    seeing: Seeing

    async def queue(self, who: Who) -> tuple[list[tuple[Task, Work]], int]:
        """Return the oldest that wait for a mark of the member's, and how many do."""
        async with self.database.read() as conn:
            found = await self.seeing.all(conn, who)
            marked = {each.task.task_id: each.task for each in found if each.may_mark}
            waiting = await tasks.unmarked(conn, who.guild_id, marked, who.user_id, QUEUE_SHOWN)
            n_all = await tasks.n_unmarked(conn, who.guild_id, marked, who.user_id)
        return [(marked[work.task_id], work) for work in waiting], n_all

    async def case(self, who: Who, work_id: int) -> tuple[Doing, Work]:
        """Return what somebody handed in, and the task.

        Raises
        ------
        StaleError
            It is gone, or the member may not mark it (any more).
        """
        async with self.database.read() as conn:
            return await self._case(conn, who, work_id)

    async def mark(self, who: Who, seen: Work, mark: Verdict, sentence: str) -> Work:
        """Say what became of something, as it was when the member saw it; return it as it is then.

        Raises
        ------
        UserError
            It is the member's own, or a sentence is missing: who should do it again needs to know
            why.
        StaleError
            It was handed in again meanwhile.
        """
        if mark == "again" and is_blank(sentence):
            raise UserError("error-tasks-sentence")

        async def job(conn: Connection) -> Work:
            doing, known = await self._case(conn, who, seen.work_id)
            if known.handed_in_at != seen.handed_in_at:
                raise StaleError("error-tasks-changed")
            now = self.clock().timestamp()
            said: dict[str, Any] = {"mark": mark, "sentence": sentence.strip()}
            said |= {"marked_by": who.user_id, "marked_at": now, "told_at": None}
            done = replace(known, **said)
            said["turn"] = turn = await self._pay(conn, doing.task, known, done)
            await tasks.change_work(conn, known.work_id, known.handed_in_at, **said)
            await self._audit(conn, who, doing.task, done)
            return replace(done, turn=turn)

        return await self.database.write(job)

    # ---------------------------------------------------------------- what a tick does

    async def to_tell(self) -> list[tuple[Task, Work]]:
        """Return marks of which the member has not heard, a minute after they were made."""
        found = []
        async with self.database.read() as conn:
            for work in await tasks.untold(conn, self.clock().timestamp() - rules.UNDO_S):
                task = await tasks.one(conn, work.guild_id, work.task_id)
                if task is not None:
                    found.append((task, work))
        return found

    async def told(self, work: Work) -> bool:
        """Remember that a member has heard; False where the mark is another by now."""
        now = self.clock().timestamp()

        async def job(conn: Connection) -> bool:
            known = await tasks.work(conn, work.guild_id, work.work_id)
            if known is None or known.marked_at != work.marked_at or known.told_at is not None:
                return False
            return await tasks.change_work(conn, work.work_id, work.handed_in_at, told_at=now)

        return await self.database.write(job)

    async def not_told(self, work: Work) -> None:
        """Take that back, for it was not sent."""
        await self.database.write(
            lambda conn: tasks.change_work(conn, work.work_id, work.handed_in_at, told_at=None)
        )

    # ----------------------------------------------------------------------------- inside

    async def _case(self, conn: Connection, who: Who, work_id: int) -> tuple[Doing, Work]:
        work = await tasks.work(conn, who.guild_id, work_id)
        if work is None:
            raise StaleError("error-tasks-work-gone")
        doing = await self.seeing.one(conn, who, work.task_id)
        if not doing.may_mark:
            raise StaleError("error-tasks-no-marker")
        if work.user_id == who.user_id:
            raise UserError("error-tasks-own")
        return doing, work

    async def _pay(self, conn: Connection, task: Task, before: Work, after: Work) -> int:
        """Have the rules pay for what is done, or take it back; return the turn that stands."""
        if after.is_done == bool(before.turn):
            return before.turn
        people = {after.user_id, after.marked_by or 0}
        if after.is_done and await members.untracked(conn, after.guild_id, people):
            return 0
        last = await events.last_turn(conn, after.guild_id, after.work_id, _TURNS)
        turn = (last or 0) + 1 if after.is_done else before.turn
        await self.points.record(
            conn,
            Event(
                guild_id=after.guild_id,
                source_id=after.work_id,
                kind=EventKind.TASK_DONE if after.is_done else EventKind.TASK_UNDONE,
                user_id=after.marked_by or 0,
                occurred_at=after.marked_at or 0.0,
                qualifier=turn,
                resource_id=task.resource_id,
                target_id=after.user_id,
            ),
        )
        return turn if after.is_done else 0

    async def _audit(self, conn: Connection, who: Who, task: Task, work: Work) -> None:
        row = AuditRow(
            guild_id=who.guild_id,
            actor_id=who.user_id,
            action="task.mark",
            occurred_at=work.marked_at or 0.0,
            subject=str(task.task_id),
            details={"title": task.title, "mark": work.mark},
            about=(work.user_id,),
        )
        await audit.append(conn, row)
