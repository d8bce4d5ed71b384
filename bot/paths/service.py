"""Making paths, listing them with a member's progress, and showing the next step."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace

from bot.catalog.service import CatalogService
from bot.clock import Clock
from bot.errors import StaleError, UserError
from bot.ids import chosen, meant
from bot.legible import is_blank
from bot.links.service import LinksService, may_use
from bot.links.service import Shown as Shown
from bot.paths import rules
from bot.paths.before import FINISHED, Prerequisites
from bot.paths.before import Needed as Needed
from bot.paths.rules import STEPS_MAX as STEPS_MAX
from bot.paths.rules import SUMMARY_MAX as SUMMARY_MAX
from bot.paths.rules import TITLE_MAX as TITLE_MAX
from storage import audit, catalog, deeds, gaps, paths
from storage.connection import Connection
from storage.database import Database
from storage.folding import folded
from storage.records import AuditAction, AuditRow, Path, Resource


@dataclass(frozen=True, slots=True)
class Walk:
    """A path as one member sees it: steps they may use, and which of those are done."""

    path: Path
    steps: tuple[Resource, ...]
    done: frozenset[int]
    course: Resource | None = None

    @property
    def next(self) -> Resource | None:
        """The first step that is not done."""
        number = rules.next_step([one.resource_id for one in self.steps], self.done)
        return next((one for one in self.steps if one.resource_id == number), None)

    @property
    def n_done(self) -> int:
        """How many steps are done."""
        return sum(one.resource_id in self.done for one in self.steps)


@dataclass(frozen=True, slots=True)
class PathsService:
    """Keeps ordered lists of resources."""

    database: Database
    clock: Clock
    links: LinksService
    catalog: CatalogService
    before: Prerequisites = field(init=False)

    def __post_init__(self) -> None:
        """Have what comes before what, by the same clock."""
        object.__setattr__(self, "before", Prerequisites(self.database, self.clock))

    async def walks(
        self, guild_id: int, user_id: int, *, role_ids: Collection[int] | None
    ) -> list[Walk]:
        """Return every path that has a step for the member, those they are on first."""
        async with self.database.read() as conn:
            found = await paths.live(conn, guild_id)
            walks = await self._walks(conn, guild_id, user_id, found, role_ids)
        shown = [walk for walk in walks if walk.steps]
        return sorted(shown, key=lambda walk: not 0 < walk.n_done < len(walk.steps))

    async def walk(
        self, guild_id: int, user_id: int, path_id: int, *, role_ids: Collection[int] | None
    ) -> Walk:
        """Return one path.

        Raises
        ------
        StaleError
            It is not there any more.
        """
        async with self.database.read() as conn:
            path = await self._existing(conn, guild_id, path_id)
            if path.state != "live":
                raise StaleError("error-paths-gone")
            (walk,) = await self._walks(conn, guild_id, user_id, [path], role_ids)
        return walk

    async def go_on(
        self, guild_id: int, user_id: int, path_id: int, *, role_ids: Collection[int] | None
    ) -> Shown | None:
        """Show the member the next step of a path, None where all are done."""
        walk = await self.walk(guild_id, user_id, path_id, role_ids=role_ids)
        step = walk.next
        if step is None:
            return None

        async def job(conn: Connection) -> list[Shown]:
            return await self.links.show(conn, guild_id, user_id, [step], "search", arm="path")

        (shown,) = await self.database.write(job)
        return shown

    async def named(self, guild_id: int, text: str, *, is_any: bool = False) -> list[Path]:
        """Return the paths whose titles have a text in them; retired ones where ``is_any``."""
        async with self.database.read() as conn:
            found = await (paths.every if is_any else paths.live)(conn, guild_id)
        return [path for path in found if folded(text.strip()) in folded(path.title)]

    async def meant(self, guild_id: int, text: str, *, is_any: bool = False) -> Path:
        """Return the path that was chosen from suggestions, or has the title that was typed.

        Raises
        ------
        UserError
            None is, or more than one.
        """
        number = chosen(text)
        if number is not None:
            async with self.database.read() as conn:
                return await self._existing(conn, guild_id, number)
        found = await self.named(guild_id, text, is_any=is_any)
        one = meant(found, text, lambda path: path.title)
        if one is None:
            raise UserError("error-paths-pick", value=text[:50])
        return one

    # -------------------------------------------------------------------------- who makes

    async def make(
        self,
        guild_id: int,
        actor_id: int,
        title: str,
        summary: str,
        course: Resource | None,
        *,
        is_moderator: bool,
    ) -> Path:
        """Make a path without steps.

        Raises
        ------
        UserError
            The actor neither moderates nor made anything in the catalogue; the title is empty or
            taken; there are too many.
        """
        if is_blank(title):
            raise UserError("error-paths-title")

        async def job(conn: Connection) -> Path:
            if not is_moderator and not await gaps.is_creator(conn, guild_id, actor_id):
                raise UserError("error-paths-creators")
            if await paths.count(conn, guild_id) >= rules.PATHS_MAX:
                raise UserError("error-paths-many", limit=rules.PATHS_MAX)
            known = await paths.every(conn, guild_id)
            if any(folded(each.title) == folded(title.strip()) for each in known):
                raise UserError("error-paths-taken")
            new = Path(
                guild_id=guild_id,
                title=title.strip(),
                summary=summary.strip(),
                course_id=course.resource_id if course else None,
                made_by=actor_id,
                created_at=self._now,
                updated_at=self._now,
            )
            made = replace(new, path_id=await paths.add(conn, new))
            await self._audit(conn, actor_id, "path.make", made)
            return made

        return await self.database.write(job)

    async def place(
        self,
        guild_id: int,
        actor_id: int,
        path_id: int,
        resource_id: int,
        place: int | None,
        *,
        is_moderator: bool,
    ) -> Path:
        """Put a resource at a place of a path, or move it there.

        Raises
        ------
        UserError
            Somebody else's path, or it has as many steps as it may.
        """

        def changed(path: Path, same: Collection[int]) -> Path:
            others = [step for step in path.steps if step not in same]
            steps = rules.placed(others, resource_id, place)
            if len(steps) > rules.STEPS_MAX:
                raise UserError("error-paths-steps", limit=rules.STEPS_MAX)
            return replace(path, steps=steps)

        return await self._step(guild_id, actor_id, path_id, resource_id, is_moderator, changed)

    async def drop(
        self, guild_id: int, actor_id: int, path_id: int, resource_id: int, *, is_moderator: bool
    ) -> Path:
        """Take a resource out of a path.

        Raises
        ------
        UserError
            Somebody else's path, or it is no step of it.
        """

        def changed(path: Path, same: Collection[int]) -> Path:
            if not same:
                raise UserError("error-paths-no-step")
            return replace(path, steps=tuple(each for each in path.steps if each not in same))

        return await self._step(guild_id, actor_id, path_id, resource_id, is_moderator, changed)

    async def edit(
        self,
        guild_id: int,
        actor_id: int,
        path_id: int,
        title: str | None,
        summary: str | None,
        *,
        is_moderator: bool,
    ) -> Path:
        """Change what a path is called, or what it says of itself."""
        if title is not None and is_blank(title):
            raise UserError("error-paths-title")

        def changed(path: Path) -> Path:
            said = path.summary if summary is None else summary.strip()
            return replace(path, title=(title or path.title).strip(), summary=said)

        return await self._change(guild_id, actor_id, path_id, is_moderator, "path.edit", changed)

    async def retire(
        self, guild_id: int, actor_id: int, path_id: int, restore: bool, *, is_moderator: bool
    ) -> Path:
        """Take a path out of sight, or bring it back."""
        action: AuditAction = "path.restore" if restore else "path.retire"
        return await self._change(
            guild_id,
            actor_id,
            path_id,
            is_moderator,
            action,
            lambda path: replace(path, state="live" if restore else "retired"),
        )

    # ----------------------------------------------------------------------------- inside

    @property
    def _now(self) -> float:
        return self.clock().timestamp()

    async def _step(
        self,
        guild_id: int,
        actor_id: int,
        path_id: int,
        resource_id: int,
        is_moderator: bool,
        changed: Callable[[Path, Collection[int]], Path],
    ) -> Path:
        """Change steps, given those that are the resource now, also where merged into it."""
        async with self.database.read() as conn:
            path = await self._existing(conn, guild_id, path_id)
            known = await catalog.standing_for(conn, guild_id, path.steps)
        same = {step for step, one in known.items() if one.resource_id == resource_id}
        same |= {step for step in path.steps if step == resource_id}
        return await self._change(
            guild_id,
            actor_id,
            path_id,
            is_moderator,
            "path.step",
            lambda path: changed(path, same),
        )

    async def _change(
        self,
        guild_id: int,
        actor_id: int,
        path_id: int,
        is_moderator: bool,
        action: AuditAction,
        changed: Callable[[Path], Path],
    ) -> Path:
        async def job(conn: Connection) -> Path:
            path = await self._existing(conn, guild_id, path_id)
            if not is_moderator and path.made_by != actor_id:
                raise UserError("error-paths-others")
            new = replace(changed(path), updated_at=self._now)
            fields = {"title": new.title, "summary": new.summary, "state": new.state}
            await paths.change(conn, path_id, **fields, updated_at=new.updated_at)
            if new.steps != path.steps:
                await paths.put_steps(conn, guild_id, path_id, new.steps)
            await self._audit(conn, actor_id, action, new)
            return new

        return await self.database.write(job)

    async def _existing(self, conn: Connection, guild_id: int, path_id: int) -> Path:
        path = await paths.one(conn, guild_id, path_id)
        if path is None:
            raise StaleError("error-paths-gone")
        return path

    async def _walks(
        self,
        conn: Connection,
        guild_id: int,
        user_id: int,
        found: Collection[Path],
        role_ids: Collection[int] | None,
    ) -> list[Walk]:
        wanted = {step for path in found for step in path.steps}
        wanted |= {path.course_id for path in found if path.course_id is not None}
        known = await catalog.standing_for(conn, guild_id, sorted(wanted))
        usable = {i: r for i, r in known.items() if may_use(r, role_ids)}
        done = await deeds.of(conn, guild_id, user_id)
        finished = frozenset(d.resource_id for d in done if d.kind in FINISHED and d.stands)
        return [
            Walk(
                path=path,
                steps=tuple(dict.fromkeys(usable[s] for s in path.steps if s in usable)),
                done=finished,
                course=usable.get(path.course_id or 0),
            )
            for path in found
        ]

    async def _audit(
        self, conn: Connection, actor_id: int, action: AuditAction, path: Path
    ) -> None:
        row = AuditRow(
            guild_id=path.guild_id,
            actor_id=actor_id,
            action=action,
            occurred_at=self._now,
            subject=str(path.path_id),
            details={"title": path.title, "count": len(path.steps)},
        )
        await audit.append(conn, row)
