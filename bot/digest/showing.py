"""The items of a digest as they are shown: logged when composed, asked again when sent."""

from collections.abc import Collection
from dataclasses import dataclass

from bot.digest.composition import Line
from bot.digest.gathering import Draft, Gathering
from bot.links.service import LinksService, may_use
from storage import catalog
from storage.connection import Connection
from storage.database import Database
from storage.records import Delivery, DigestItem, Question, Resource


@dataclass(frozen=True, slots=True)
class Pick:
    """One item of a digest: a card, or a question."""

    item: DigestItem
    resource: Resource | None = None
    question: Question | None = None


@dataclass(frozen=True, slots=True)
class Showing:
    """Shows what was composed."""

    database: Database
    links: LinksService
    gathering: Gathering

    async def show(
        self, conn: Connection, guild_id: int, user_id: int, draft: Draft
    ) -> tuple[Pick, ...]:
        """Log the cards of a draft as shown, and return all its items as they are shown."""
        lines = draft.composition.lines
        cards = [draft.cards[line.resource_id] for line in lines if line.resource_id]
        shown = await self.links.show(
            conn,
            guild_id,
            user_id,
            [card.resource for card in cards],
            "digest",
            arm=draft.arm,
            snapshot_id=draft.snapshot_id,
            propensities=[card.propensity for card in cards],
            scores=[card.score for card in cards],
            arms=[card.arm or draft.arm for card in cards],
        )
        logged = {each.resource.resource_id: each for each in shown}
        picks = []
        for line in lines:
            if line.question_id:
                item = DigestItem(0, 0, section=line.section, question_id=line.question_id)
                picks.append(Pick(item, question=draft.questions[line.question_id]))
                continue
            each = logged[line.resource_id]
            item = DigestItem(
                resource_id=line.resource_id,
                impression_id=each.impression_id,
                url=each.url,
                why=draft.cards[line.resource_id].why,
                section=line.section,
            )
            picks.append(Pick(item, each.resource))
        return tuple(picks)

    async def picks(self, delivery: Delivery, role_ids: Collection[int]) -> tuple[Pick, ...]:
        """Return what a claimed delivery shows, less what the member may not see any more.

        Parameters
        ----------
        role_ids
            The member's roles now.
        """
        async with self.database.read() as conn:
            found = await catalog.standing_for(
                conn, delivery.guild_id, [item.resource_id for item in delivery.items]
            )
            lines = [Line(i.section, i.resource_id, i.question_id) for i in delivery.items]
            asked = await self.gathering.questions_in(conn, delivery.guild_id, lines)
        picks = (
            Pick(item, found.get(item.resource_id), asked.get(item.question_id))
            for item in delivery.items
        )
        return tuple(pick for pick in picks if _may_be_seen(pick, role_ids))


def _may_be_seen(pick: Pick, role_ids: Collection[int]) -> bool:
    if pick.resource is not None:
        return pick.resource.state == "live" and may_use(pick.resource, role_ids)
    return pick.question is not None
