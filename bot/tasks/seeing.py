"""Which tasks a member sees: those beside what they may open, with what they handed in."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from bot.errors import StaleError, UserError
from bot.links.service import LinksService
from bot.tasks import rules
from storage import catalog, tasks
from storage.connection import Connection
from storage.records import Resource, Task, Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """Who asks: ``role_ids`` None stands for somebody who may see everything."""

    guild_id: int
    user_id: int
    role_ids: Collection[int] | None
    is_moderator: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """A task as one member sees it.

    Attributes
    ----------
    work
        What they handed in, None where nothing is.
    may_mark
        Whether they mark what others hand in.
    n_waiting
        How much of that nobody has marked; 0 for who may not.
    n_shown
        How many let others see what they handed in.
    """

    task: Task
    resource: Resource
    work: Work | None
    may_mark: bool
    n_waiting: int = 0
    n_shown: int = 0


@dataclass(frozen=True, slots=True)
class Seeing:
    """Asks who may open what a task is beside."""

    links: LinksService

    async def all(self, conn: Connection, who: Who) -> list[Doing]:
        """Return the tasks that a member can do or mark, without what others handed in."""
        found = await tasks.live(conn, who.guild_id)
        beside = await self._beside(conn, who, found)
        own = await tasks.of_member(conn, who.guild_id, who.user_id)
        return [
            Doing(
                task=task,
                resource=beside[task.task_id],
                work=own.get(task.task_id),
                may_mark=_may_mark(who, task, beside[task.task_id]),
            )
            for task in found
            if task.task_id in beside
        ]

    async def own(self, conn: Connection, who: Who) -> list[Task]:
        """Return the tasks that a member may change, ended ones too."""
        found = await tasks.every(conn, who.guild_id)
        beside = await _resources(conn, who.guild_id, found)
        return [
            task
            for task in found
            if task.resource_id in beside
            and rules.may_change(
                task, beside[task.resource_id], who.user_id, is_moderator=who.is_moderator
            )
        ]

    async def one(self, conn: Connection, who: Who, task_id: int, *, is_any: bool = False) -> Doing:
        """Return one task with what there is to see of it; ``is_any`` one that has ended, too.

        Raises
        ------
        StaleError
            It has ended, or they may not open what it is beside.
        """
        task = await tasks.one(conn, who.guild_id, task_id)
        if task is None or (task.state != "live" and not is_any):
            raise StaleError("error-tasks-gone")
        beside = await self._beside(conn, who, [task])
        if task_id not in beside:
            raise StaleError("error-tasks-gone")
        may_mark = _may_mark(who, task, beside[task_id])
        n_waiting = 0
        if may_mark:
            n_waiting = await tasks.n_unmarked(conn, who.guild_id, [task_id], who.user_id)
        return Doing(
            task=task,
            resource=beside[task_id],
            work=await tasks.work_of(conn, task_id, who.user_id),
            may_mark=may_mark,
            n_waiting=n_waiting,
            n_shown=await tasks.n_shown(conn, who.guild_id, task_id),
        )

    async def _beside(
        self, conn: Connection, who: Who, found: Collection[Task]
    ) -> dict[int, Resource]:
        """Return what each task is beside, of those beside what the member may see or marks."""
        known = await _resources(conn, who.guild_id, found)
        is_open = {
            number: await self._is_open(conn, one, who)
            for number, one in known.items()
            if one.state == "live"
        }
        return {
            task.task_id: known[task.resource_id]
            for task in found
            if task.resource_id in is_open
            and (is_open[task.resource_id] or _may_mark(who, task, known[task.resource_id]))
        }

    async def _is_open(self, conn: Connection, resource: Resource, who: Who) -> bool:
        try:
            await self.links.require_open(conn, resource, who.user_id, who.role_ids)
        except UserError:
            return False
        return True


async def _resources(conn: Connection, guild_id: int, found: Iterable[Task]) -> dict[int, Resource]:
    return await catalog.by_ids(conn, guild_id, {task.resource_id for task in found})


def _may_mark(who: Who, task: Task, resource: Resource) -> bool:
    return rules.may_mark(task, resource, who.user_id, who.role_ids, is_moderator=who.is_moderator)
