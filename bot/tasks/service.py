"""Making tasks, listing those a member can do, and handing in; ``marking`` is what follows."""

from dataclasses import dataclass, replace

from bot import zones
from bot.catalog.service import CatalogService
from bot.clock import Clock
from bot.errors import StaleError, UserError
from bot.ids import chosen, meant
from bot.legible import is_blank
from bot.links.service import LinksService
from bot.points.service import PointsService
from bot.tasks import rules
from bot.tasks.marking import Marking as Marking
from bot.tasks.rules import LINK_MAX as LINK_MAX
from bot.tasks.rules import SENTENCE_MAX as SENTENCE_MAX
from bot.tasks.rules import TEXT_MAX as TEXT_MAX
from bot.tasks.rules import TITLE_MAX as TITLE_MAX
from bot.tasks.rules import WORK_MAX as WORK_MAX
from bot.tasks.rules import is_late as is_late
from bot.tasks.seeing import Doing as Doing
from bot.tasks.seeing import Seeing
from bot.tasks.seeing import Who as Who
from storage import audit, catalog, members, tasks
from storage.connection import Connection
from storage.database import Database
from storage.folding import folded
from storage.records import AuditAction, AuditRow, Resource, Task, Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a form says of a task, as it was typed."""

    title: str
    text: str
    due: str


@dataclass(frozen=True, slots=True)
class TasksService:
    """Keeps tasks, and what members hand in."""

    database: Database
    clock: Clock
    catalog: CatalogService
    seeing: Seeing
    marking: Marking

    @classmethod
    def of(
        cls, catalog: CatalogService, links: LinksService, points: PointsService
    ) -> "TasksService":
        """Put the parts together."""
        database, clock = catalog.database, catalog.clock
        seeing = Seeing(links)
        marking = Marking(database=database, clock=clock, points=points, seeing=seeing)
        return cls(database=database, clock=clock, catalog=catalog, seeing=seeing, marking=marking)

    # -------------------------------------------------------------------------- who makes

    def require_maker(self, who: Who, resource: Resource) -> None:
        """Raise UserError for who neither moderates nor made a resource."""
        if not who.is_moderator and resource.creator_id != who.user_id:
            raise UserError("error-tasks-creators")

    async def make(
        self, who: Who, resource: Resource, written: Written, role_id: int | None
    ) -> Doing:
        """Make a task beside a resource.

        Raises
        ------
        UserError
            The member neither moderates nor made the resource; a field is refused; there are too
            many.
        """
        self.require_maker(who, resource)

        async def job(conn: Connection) -> Doing:
            if await tasks.count(conn, who.guild_id) >= rules.TASKS_MAX:
                raise UserError("error-tasks-many", limit=rules.TASKS_MAX)
            new = Task(
                guild_id=who.guild_id,
                resource_id=resource.resource_id,
                title=written.title.strip(),
                text=written.text.strip(),
                due_at=await self._due(conn, who, written, None),
                role_id=role_id,
                made_by=who.user_id,
                created_at=self._now,
                updated_at=self._now,
            )
            made = replace(new, task_id=await tasks.add(conn, new))
            await self._audit(conn, who, "task.make", made)
            return await self.seeing.one(conn, who, made.task_id)

        _require_words(written)
        return await self.database.write(job)

    async def edit(self, who: Who, task_id: int, written: Written, role_id: int | None) -> Doing:
        """Change what a task says, until when, and who marks; None leaves the role."""
        _require_words(written)

        async def changed(conn: Connection, task: Task) -> Task:
            return replace(
                task,
                title=written.title.strip(),
                text=written.text.strip(),
                due_at=await self._due(conn, who, written, task),
                role_id=role_id or task.role_id,
            )

        async def job(conn: Connection) -> Doing:
            task = await self._own(conn, who, task_id)
            return await self._change(conn, who, await changed(conn, task), "task.edit")

        return await self.database.write(job)

    async def end(self, who: Who, task_id: int, restore: bool) -> Doing:
        """Take a task out of sight with what was handed in, or bring it back."""

        async def job(conn: Connection) -> Doing:
            task = await self._own(conn, who, task_id)
            ended = replace(task, state="live" if restore else "ended")
            return await self._change(conn, who, ended, "task.restore" if restore else "task.end")

        return await self.database.write(job)

    async def due_written(self, task: Task) -> str:
        """Return a task's last day as a form shows it, "" for none."""
        async with self.database.read() as conn:
            return await self._day(conn, task)

    # --------------------------------------------------------------------------- who does

    async def doings(self, who: Who) -> list[Doing]:
        """Return the tasks a member can do: what waits for them first, then by what is due."""
        async with self.database.read() as conn:
            found = await self.seeing.all(conn, who)
        return sorted(found, key=lambda each: each.work is not None and each.work.mark != "again")

    async def doing(self, who: Who, task_id: int) -> Doing:
        """Return one task with what the member handed in.

        Raises
        ------
        StaleError
            It has ended, or they may not open what it is beside.
        """
        async with self.database.read() as conn:
            return await self.seeing.one(conn, who, task_id)

    async def named(self, who: Who, text: str, *, is_own: bool = False) -> list[Task]:
        """Return tasks whose titles have a text in them; ``is_own`` those they may change."""
        async with self.database.read() as conn:
            if is_own:
                found = await self.seeing.own(conn, who)
            else:
                found = [each.task for each in await self.seeing.all(conn, who)]
        return [task for task in found if folded(text.strip()) in folded(task.title)]

    async def meant(self, who: Who, text: str, *, is_own: bool = False) -> Task:
        """Return the task that was chosen from suggestions, or has the title that was typed.

        Raises
        ------
        UserError
            None is, or more than one.
        """
        number = chosen(text)
        found = await self.named(who, "" if number is not None else text, is_own=is_own)
        if number is not None:
            found = [task for task in found if task.task_id == number]
        one = meant(found, text, lambda task: task.title)
        if one is None:
            raise UserError("error-tasks-pick", value=text[:50])
        return one

    async def hand_in(self, who: Who, task_id: int, text: str, link: str) -> Doing:
        """Store what a member hands in, in the place of what they had and nobody marked.

        Raises
        ------
        UserError
            Nothing was written, the link is none, or it is done already.
        """
        if is_blank(text) and is_blank(link):
            raise UserError("error-tasks-empty")
        address = rules.address(link)
        if not (address or is_blank(link)):
            raise UserError("error-tasks-link")

        async def job(conn: Connection) -> Doing:
            known = await self.seeing.one(conn, who, task_id)
            if known.work is not None and known.work.is_done:
                raise UserError("error-tasks-done")
            work = Work(
                guild_id=who.guild_id,
                task_id=task_id,
                user_id=who.user_id,
                text=text.strip(),
                link=address,
                is_shown=known.work.is_shown if known.work is not None else False,
                handed_in_at=self._now,
            )
            return replace(known, work=replace(work, work_id=await tasks.hand_in(conn, work)))

        return await self.database.write(job)

    async def share(self, who: Who, task_id: int) -> Doing:
        """Let others see what one handed in once it is marked as done, or take that back.

        Raises
        ------
        StaleError
            Nothing is handed in.
        """

        async def job(conn: Connection) -> Doing:
            known = await self.seeing.one(conn, who, task_id)
            work = known.work
            if work is None:
                raise StaleError("error-tasks-none")
            shown = not work.is_shown
            await tasks.change_work(conn, work.work_id, work.handed_in_at, is_shown=shown)
            return replace(known, work=replace(work, is_shown=shown))

        return await self.database.write(job)

    async def shown(self, who: Who, task_id: int) -> tuple[Doing, list[Work]]:
        """Return what others let be seen of a task, excellent ones first."""
        async with self.database.read() as conn:
            known = await self.seeing.one(conn, who, task_id)
            return known, await tasks.shown(conn, who.guild_id, task_id)

    # ----------------------------------------------------------------------------- inside

    @property
    def _now(self) -> float:
        return self.clock().timestamp()

    async def _own(self, conn: Connection, who: Who, task_id: int) -> Task:
        task = await tasks.one(conn, who.guild_id, task_id)
        if task is None:
            raise StaleError("error-tasks-gone")
        beside = await catalog.resource(conn, who.guild_id, task.resource_id)
        if beside is None or not rules.may_change(
            task, beside, who.user_id, is_moderator=who.is_moderator
        ):
            raise UserError("error-tasks-others")
        return task

    async def _change(
        self, conn: Connection, who: Who, changed: Task, action: AuditAction
    ) -> Doing:
        now = self._now
        await tasks.change(
            conn,
            changed.task_id,
            title=changed.title,
            text=changed.text,
            due_at=changed.due_at,
            role_id=changed.role_id,
            state=changed.state,
            updated_at=now,
        )
        await self._audit(conn, who, action, changed)
        return await self.seeing.one(conn, who, changed.task_id, is_any=True)

    async def _due(
        self, conn: Connection, who: Who, written: Written, known: Task | None
    ) -> float | None:
        """Return a last day as it is stored; one that stays may be over."""
        if known is not None and written.due.strip() == await self._day(conn, known):
            return known.due_at
        zone = (await members.guild(conn, who.guild_id)).time_zone or zones.DEFAULT_ZONE
        if is_blank(written.due):
            return None
        at, said = rules.last_minute(written.due, zone), written.due.strip()[:50]
        if at is None:
            raise UserError("error-tasks-due", value=said)
        if at < self._now:
            raise UserError("error-tasks-due-over", value=said)
        return at

    async def _day(self, conn: Connection, task: Task) -> str:
        zone = (await members.guild(conn, task.guild_id)).time_zone or zones.DEFAULT_ZONE
        return rules.day_of(task, zone)

    async def _audit(self, conn: Connection, who: Who, action: AuditAction, task: Task) -> None:
        row = AuditRow(
            guild_id=who.guild_id,
            actor_id=who.user_id,
            action=action,
            occurred_at=self._now,
            subject=str(task.task_id),
            details={"title": task.title},
        )
        await audit.append(conn, row)


def _require_words(written: Written) -> None:
    if is_blank(written.title):
        raise UserError("error-tasks-title")
    if is_blank(written.text):
        raise UserError("error-tasks-text")
