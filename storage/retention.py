"""How long rows are kept, and why: an answer for every table, and the end of those that have one.

A table without an end is kept for as long as its server has the bot, and of members until they
erase it. What erasing and a server's removal of the bot do is read from the schema's marks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, delete, select, tuple_

from storage.connection import Connection
from storage.schema import metadata

YEAR_DAYS = 365


@dataclass(frozen=True, slots=True)
class Kept:
    """What a table is for, and for how long its rows are kept.

    Parameters
    ----------
    days
        After ``at``; None for as long as the server has the bot. Without ``at`` a row goes with
        the one it belongs to.
    first
        Tables whose rows refer to these and go with them.
    """

    why: str
    days: int | None = None
    at: str = ""
    first: tuple[str, ...] = ()


_NOBODY = "about no member"
KEPT: dict[str, Kept] = {
    # what members do
    "events": Kept("points can be counted again by other rules; lists are made of it"),
    "cursors": Kept("how far each channel was read, so that nothing is missed after a pause"),
    "checkins": Kept("streaks of days"),
    "impressions": Kept("what was shown, so that lists do not repeat", 90, "shown_at"),
    "links": Kept("where a link leads; it ends by itself before that", 90, "created_at"),
    "resource_messages": Kept("which message a resource was posted in"),
    # points
    "ledger": Kept("each point with its reason"),
    "balances": Kept("the sum of each member's points"),
    "daily_points": Kept("points by day, for caps and boards"),
    "period_points": Kept("points by week, month and season, for boards"),
    "board_seasons": Kept(f"{_NOBODY}: the seasons of boards"),
    "rule_sets": Kept("which rules were in force when, so that each point can be explained"),
    "rule_drafts": Kept("rules that a moderator works on"),
    "rescores": Kept("decisions to count again, which can be taken back"),
    "member_levels": Kept("which level a member was last seen at"),
    "level_settings": Kept(f"{_NOBODY}: a server's settings"),
    "level_rewards": Kept("which role a level gives, and in whose name"),
    "level_grants": Kept("roles that were given, so that they can be taken back"),
    "level_notices": Kept("announcements that are to be made"),
    # what members say of themselves
    "members": Kept("language, time zone, interests, choices about their data"),
    "digest_settings": Kept("who wants a digest, and when"),
    "deliveries": Kept("that each digest is sent once", YEAR_DAYS, "claimed_at"),
    "experts": Kept("cards that experts wrote"),
    "invitations": Kept("who was asked for which question", YEAR_DAYS, "expires_at"),
    # questions
    "questions": Kept("what was asked, to find it again"),
    "question_answers": Kept("who answered, and what was accepted"),
    "question_followers": Kept("who is notified of an answer"),
    "question_posts": Kept("what the bot wrote in threads, to be updated"),
    "question_places": Kept(f"{_NOBODY}: where questions are asked"),
    "question_settings": Kept(f"{_NOBODY}: a server's settings"),
    # the shop
    "shop_items": Kept("what is for sale"),
    "shop_units": Kept("codes and times that are given out"),
    "redemptions": Kept("what was redeemed, which can be refunded"),
    "role_ends": Kept("when a role that was bought ends"),
    # the catalogue
    "resources": Kept("the catalogue"),
    "submissions": Kept("proposed pages and what was decided"),
    "reviews": Kept("what reviewers found"),
    "tasks": Kept("what there is to do beside a resource"),
    "works": Kept("what members handed in, and what was said of it"),
    "sources": Kept("feeds and channels that are watched for new pages"),
    "source_entries": Kept(f"{_NOBODY}: what such a source had, so that nothing is proposed twice"),
    "checks": Kept(f"{_NOBODY}: whether addresses still answer"),
    "wishes": Kept("what members would like to have"),
    "wish_voices": Kept("who supports a wish"),
    "topic_gaps": Kept(f"{_NOBODY}: topics that are asked for and missing"),
    # purchases
    "products": Kept("what is sold, and which role it gives"),
    "product_keys": Kept(f"{_NOBODY}: what sellers call a product"),
    "product_resources": Kept(f"{_NOBODY}: which resources a product opens"),
    "purchases": Kept("what was bought; the seller's record outlives the buyer's"),
    "purchase_facts": Kept("what a seller reported of a purchase"),
    "purchase_refs": Kept("a seller's numbers of a purchase, so that it is not counted twice"),
    "purchase_notices": Kept("what a buyer is to be told"),
    "accesses": Kept("which access somebody has, until when"),
    "claim_tries": Kept("attempts to claim a purchase, so that nobody guesses numbers"),
    "receipt_settings": Kept("who wants receipts"),
    # models
    "snapshots": Kept("fitted models: resources only, no member's taste"),
    "learned_from": Kept("from whom a model learned, so that it ends when they say so"),
    # running
    "audit": Kept("who decided what", YEAR_DAYS, "occurred_at", first=("audit_about",)),
    "audit_about": Kept("about whom that was; goes with it", YEAR_DAYS),
    "guilds": Kept(f"{_NOBODY}: a server's settings"),
    "guild_zones": Kept(f"{_NOBODY}: which time zone days were counted in"),
    "stays": Kept(f"{_NOBODY}: which servers had the bot; stays after they are purged"),
    "promises": Kept("erased, or opted out, as salted hashes: so that no restore brings it back"),
    "meta": Kept(f"{_NOBODY}: what the program notes about itself"),
    "versions": Kept(f"{_NOBODY}: counts of changes"),
    "catalogue_changes": Kept(f"{_NOBODY}: what searching has to read again"),
}
"""By table. One that is not named here is kept as `DEFAULT` says, until somebody decides."""
GROUPS: dict[str, tuple[str, ...]] = {
    "activity": ("events", "checkins", "impressions", "links"),
    "points": (
        *("ledger", "balances", "daily_points", "period_points", "member_levels"),
        *("level_grants", "level_notices", "level_rewards", "rule_sets", "rule_drafts", "rescores"),
    ),
    "self": ("members", "digest_settings", "deliveries", "experts", "invitations"),
    "wishes": ("wishes", "wish_voices"),
    "questions": ("questions", "question_answers", "question_followers", "question_posts"),
    "shop": ("shop_items", "shop_units", "redemptions", "role_ends"),
    "purchases": (
        *("products", "purchases", "purchase_facts", "purchase_refs", "accesses", "claim_tries"),
        *("purchase_notices", "receipt_settings"),
    ),
    "catalogue": ("resources", "submissions", "reviews", "sources", "tasks", "works"),
    "models": ("learned_from",),
    "decisions": ("audit", "audit_about"),
}
"""What members read of tables that hold their ids, by what those are about."""
OTHER = "other"
DEFAULT = Kept("what its feature needs, see docs/commands.md")


def kept(table: Table) -> Kept:
    """Return for how long a table's rows are kept."""
    return KEPT.get(table.name, DEFAULT)


def group_of(name: str) -> str:
    """Return what a table is about, `OTHER` where nobody said."""
    return next((group for group, names in GROUPS.items() if name in names), OTHER)


def ending() -> list[Table]:
    """Return the tables whose rows have an end."""
    return [table for table in metadata.sorted_tables if kept(table).at]


async def over(conn: Connection, table: Table, before: float, n_max: int) -> list[Any]:
    """Return the keys of up to ``n_max`` rows whose time was over at a moment."""
    keys = list(table.primary_key)
    moment = table.c[kept(table).at]
    rows = await conn.execute(select(*keys).where(moment < before).limit(n_max))
    return [tuple(row) for row in rows]


async def drop(conn: Connection, table: Table, keys: Sequence[Any]) -> int:
    """Delete rows by their keys, with what refers to them; return how many."""
    for name in kept(table).first:
        other = metadata.tables[name]
        (to,) = table.primary_key
        await conn.execute(delete(other).where(other.c[to.name].in_([key for (key,) in keys])))
    done = await conn.execute(delete(table).where(tuple_(*table.primary_key).in_(keys)))
    return int(done.rowcount)
