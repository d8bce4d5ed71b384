"""Looking after a server's tags: each change is one transaction, with all that undoing it needs.

Resources follow it in further ones (`following`).
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, TypeVar

from bot.clock import Clock
from bot.errors import StaleError, UserError
from bot.tags import following, rules
from bot.tags.rules import TAGS_MAX as TAGS_MAX
from bot.tags.rules import Brought as Brought
from bot.tags.rules import Refused, Written
from bot.topics import Tree, split
from bot.topics import key as key
from storage import audit, gaps, members, tags
from storage.connection import Connection
from storage.database import Database
from storage.records import AuditAction, AuditRow, Tag, TagAction, TagChange

HISTORY_SHOWN = 10
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Forest:
    """A server's tree with how many live resources carry each tag or a part of it."""

    tree: Tree
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a change: the tag as it is now, and how many resources carry another tag."""

    tag: Tag
    n_moved: int
    change_id: int


@dataclass(frozen=True, slots=True)
class TagsService:
    """Keeps a server's own tags."""

    database: Database
    clock: Clock

    async def tree(self, guild_id: int) -> Tree:
        """Return the tree as it is now."""
        async with self.database.read() as conn:
            return await tree_of(conn, guild_id)

    async def forest(self, guild_id: int) -> Forest:
        """Return the tree with how much each tag is used."""
        async with self.database.read() as conn:
            tree = await tree_of(conn, guild_id)
            used = await gaps.resources_by_tag(conn, guild_id)
        counts = {name: sum(used.get(part, 0) for part in tree.under(name)) for name in tree.ids}
        return Forest(tree, {**used, **counts})

    async def add(self, guild_id: int, actor_id: int, written: Mapping[str, str]) -> Done:
        """Make a tag; resources that carry another word for it carry it from now on.

        Raises
        ------
        UserError
            It is no tag, one of its words stands for another, or there are too many.
        """
        said, now = _written(written), self._now
        new = Tag(guild_id=guild_id, name=said.name or "", created_at=now, updated_at=now)
        return await self._do(
            guild_id,
            actor_id,
            "add",
            said.name or "",
            "",
            lambda all_: rules.added(all_, new, said),
        )

    async def edit(
        self, guild_id: int, actor_id: int, word: str, written: Mapping[str, str]
    ) -> Done:
        """Change what a tag is called or a part of; a former name stays a word for it."""
        said = _written(written)

        def changed(all_: Sequence[Tag]) -> list[Tag]:
            return rules.edited(all_, _named(all_, word), said)

        return await self._do(guild_id, actor_id, "edit", word, said.name or "", changed)

    async def merge(self, guild_id: int, actor_id: int, word: str, into: str) -> Done:
        """Make one tag another: its words are words for that, its parts are parts of it."""

        def changed(all_: Sequence[Tag]) -> list[Tag]:
            return rules.merged(all_, _named(all_, word), _named(all_, into))

        return await self._do(guild_id, actor_id, "merge", word, into, changed)

    async def remove(self, guild_id: int, actor_id: int, word: str) -> Done:
        """Look after a tag no more; resources keep its name."""

        def changed(all_: Sequence[Tag]) -> list[Tag]:
            return rules.removed(all_, _named(all_, word))

        return await self._do(guild_id, actor_id, "remove", word, "", changed)

    async def bring(self, guild_id: int, actor_id: int, rows: Sequence[Brought]) -> tuple[int, int]:
        """Make or change the tags of a file, all or nothing; return how many came and changed.

        Raises
        ------
        UserError
            What is wrong, and in which line.
        """
        now = self._now
        n_new, n_changed = 0, 0

        def changed(all_: Sequence[Tag]) -> list[Tag]:
            nonlocal n_new, n_changed
            blank = Tag(guild_id=guild_id, name="", created_at=now, updated_at=now)
            after = rules.brought(all_, rows, blank)
            before = {tag.tag_id: tag for tag in all_}
            n_new = sum(tag.tag_id not in before for tag in after)
            n_changed = sum(tag.tag_id in before and before[tag.tag_id] != tag for tag in after)
            return after

        await self._do(guild_id, actor_id, "import", "", "", changed)
        return n_new, n_changed

    async def set_closed(self, guild_id: int, actor_id: int, is_closed: bool) -> None:
        """Say whether resources may carry tags that nobody looks after."""

        async def job(conn: Connection) -> None:
            before = await members.guild(conn, guild_id)
            if before.has_closed_tags == is_closed:
                return
            created_at = before.created_at or self._now
            after = replace(before, has_closed_tags=is_closed, created_at=created_at)
            await members.save_guild(conn, after)
            action: AuditAction = "tags.close" if is_closed else "tags.open"
            await self._audit(conn, guild_id, actor_id, action)

        await self.database.write(job)

    async def history(self, guild_id: int) -> list[TagChange]:
        """Return what was done last and not undone, the latest first."""
        async with self.database.read() as conn:
            return await tags.changes(conn, guild_id, HISTORY_SHOWN)

    async def undo(self, guild_id: int, actor_id: int, change_id: int) -> TagChange:
        """Undo the last change; resources carry what they carried before.

        Raises
        ------
        StaleError
            It was undone already, or something was done since, which is to be undone first.
        """

        async def job(conn: Connection) -> TagChange:
            last = await tags.changes(conn, guild_id, 1)
            if not last or last[0].change_id != change_id:
                raise StaleError("error-tags-not-last")
            (change,) = last
            await self._restore(conn, change)
            await tags.mark_undone(conn, change_id, self._now)
            await self._audit(conn, guild_id, actor_id, "tags.undo", change.name, change.other)
            return change

        undone = await self._write_settled(guild_id, job)
        await following.follow(self.database, self.clock, guild_id)
        return undone

    async def go_on(self) -> None:
        """Have resources follow changes that a stopped process left half done."""
        await following.follow(self.database, self.clock)

    # ----------------------------------------------------------------------------- inside

    @property
    def _now(self) -> float:
        return self.clock().timestamp()

    async def _do(
        self,
        guild_id: int,
        actor_id: int,
        action: TagAction,
        name: str,
        other: str,
        changed: Callable[[Sequence[Tag]], list[Tag]],
    ) -> Done:
        """Change tags, have resources follow, and keep what undoing it needs."""

        async def job(conn: Connection) -> Done:
            before = await tags.every(conn, guild_id)
            try:
                after = changed(before)
            except Refused as refused:
                raise UserError(refused.key, **refused.params) from None
            old, was = {tag.tag_id: tag for tag in before}, Tree.of(before)
            made = await self._store(conn, old, after)
            kept = {tag.tag_id for tag in after} | set(made)
            gone = [tag for number, tag in old.items() if number not in kept]
            now = await tree_of(conn, guild_id)
            fresh = {tag.tag_id: tag for tag in after if tag.tag_id in old}
            differing = [old[n] for n, tag in fresh.items() if tag != old[n]]
            if not (made or gone or differing):
                if action == "import":
                    return Done(Tag(guild_id=guild_id, name=""), 0, 0)
                raise UserError("error-catalog-nothing")
            told = rules.retold(was, now)
            done = TagChange(
                guild_id=guild_id,
                action=action,
                name=was.name_of(name),
                other=was.name_of(other) if action == "merge" else other,
                before=[asdict(tag) for tag in (*differing, *gone)],
                made=made,
                changed_by=actor_id,
                changed_at=self._now,
                told=told,
                followed_at=None if told else self._now,
            )
            number = await tags.note(conn, done)
            await self._audit(conn, guild_id, actor_id, _ACTIONS[action], done.name, done.other)
            found = now.tag(done.other or done.name) or now.tag(name)
            return Done(found or Tag(guild_id=guild_id, name=done.name), 0, number)

        done = await self._write_settled(guild_id, job)
        await following.follow(self.database, self.clock, guild_id)
        async with self.database.read() as conn:
            return replace(done, n_moved=await tags.n_moved(conn, done.change_id))

    async def _write_settled(self, guild_id: int, job: Callable[[Connection], Awaitable[T]]) -> T:
        """Do a job once resources have followed all that was done before."""

        async def settled(conn: Connection) -> tuple[T] | None:
            return None if await tags.followed(conn, guild_id) else (await job(conn),)

        while True:
            await following.follow(self.database, self.clock, guild_id)
            done = await self.database.write(settled)
            if done is not None:
                return done[0]

    async def _store(
        self, conn: Connection, old: Mapping[int, Tag], after: Sequence[Tag]
    ) -> list[int]:
        """Write what is new, differs or is gone; return the ids of what is new.

        New tags that name each other have ids below 0 for each other until they are stored.
        """
        made: dict[int, int] = {}
        for tag in rules.parents_first([tag for tag in after if tag.tag_id not in old]):
            stored = replace(
                tag,
                tag_id=0,
                under_id=_now_at(made, tag.under_id),
                merged_into=_now_at(made, tag.merged_into),
            )
            made[tag.tag_id] = await tags.add(conn, stored)
        for tag in after:
            if tag.tag_id in old and tag != old[tag.tag_id]:
                moved = replace(
                    tag,
                    under_id=_now_at(made, tag.under_id),
                    merged_into=_now_at(made, tag.merged_into),
                    updated_at=self._now,
                )
                await tags.change(conn, moved)
        gone = old.keys() - {tag.tag_id for tag in after}
        if gone:
            await tags.remove(conn, next(iter(old.values())).guild_id, gone)
        return sorted(made.values())

    async def _restore(self, conn: Connection, change: TagChange) -> None:
        """Put tags back as they were."""
        there = {tag.tag_id for tag in await tags.every(conn, change.guild_id)}
        was = [_tag(row) for row in change.before]
        for tag in rules.parents_first([tag for tag in was if tag.tag_id not in there]):
            await tags.add(conn, tag)
        for tag in was:
            if tag.tag_id in there:
                await tags.change(conn, tag)
        if change.made:
            await tags.remove(conn, change.guild_id, change.made)

    async def _audit(
        self,
        conn: Connection,
        guild_id: int,
        actor_id: int,
        action: AuditAction,
        name: str = "",
        other: str = "",
    ) -> None:
        row = AuditRow(
            guild_id=guild_id,
            actor_id=actor_id,
            action=action,
            occurred_at=self._now,
            details={"title": name, "after": other},
        )
        await audit.append(conn, row)


_ACTIONS: Mapping[TagAction, AuditAction] = {
    "add": "tags.add",
    "edit": "tags.edit",
    "merge": "tags.merge",
    "remove": "tags.remove",
    "import": "tags.import",
}


async def tree_of(conn: Connection, guild_id: int) -> Tree:
    """Return a server's tree, in the caller's transaction."""
    return Tree.of(await tags.every(conn, guild_id), closed=await tags.are_closed(conn, guild_id))


def _now_at(made: Mapping[int, int], number: int | None) -> int | None:
    """Return the id of a tag, of one that was just stored that which it has now."""
    return None if number is None else made.get(number, number)


def _named(all_: Sequence[Tag], word: str) -> Tag:
    tag = Tree.of(all_).tag(word)
    if tag is None:
        raise Refused("unknown", tag=word[:40])
    return tag


def _tag(row: Mapping[str, Any]) -> Tag:
    return Tag(**{**row, "aliases": tuple(row["aliases"])})


def _written(given: Mapping[str, str]) -> Written:
    """Return what was filled in, as tags are written; "-" empties what may be empty.

    Raises
    ------
    UserError
        A word is no tag.
    """
    said: dict[str, Any] = {}
    for name, text in given.items():
        written = "" if text.strip() == "-" else text
        words = split(written)
        is_long = any(len(word) > rules.NAME_MAX for word in words)
        if name == "under":
            said[name] = written
        elif name == "aliases" and not is_long:
            said[name] = tuple(words)
        elif len(words) > 1 or is_long or (name == "name" and not words):
            raise UserError("error-tags-one", value=text[:40])
        else:
            said[name] = words[0] if name == "name" else " ".join(written.split())
    return Written(**said)
