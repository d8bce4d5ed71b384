"""What a member bought that ends or renews itself soon: said in the letter that comes anyway.

A reminder of its own would be a second message in the week; whoever gets letters reads of it there,
and a letter that was sent counts as the reminder.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.dates import DAY_S
from storage import products, reminders
from storage.connection import Connection
from storage.database import Database
from storage.records import NoticeKind, Reminder

SOON: tuple[tuple[NoticeKind, float], ...] = (("ending", 8 * DAY_S), ("renewal", 14 * DAY_S))
"""What ends before the letter of the next week is spoken of for the last time."""
LONG_S = 60 * DAY_S
ENDS_MAX = 3


@dataclass(frozen=True, slots=True)
class End:
    """Something bought that ends, or is renewed."""

    notice: Reminder
    title: str
    is_renewed: bool


async def of_member(database: Database, guild_id: int, user_id: int, now: float) -> tuple[End, ...]:
    """Return what ends soon and was not spoken of yet, the soonest first."""
    ends: dict[int, End] = {}
    async with database.read() as conn:
        for kind, within_s in SOON:
            for one in await reminders.due(
                conn,
                now,
                kind,
                within_s=within_s,
                long_s=LONG_S,
                limit=ENDS_MAX,
                of=(guild_id, user_id),
            ):
                product = await products.one(conn, guild_id, one.product_id)
                if product is not None and one.product_id not in ends:
                    is_renewed = product.term == "subscription"
                    ends[one.product_id] = End(one, product.title, is_renewed)
    return tuple(sorted(ends.values(), key=lambda end: end.notice.about_at)[:ENDS_MAX])


async def tell(conn: Connection, ends: Sequence[End], at: float, message_id: int | None) -> None:
    """Remember that a letter spoke of them."""
    for end in ends:
        notice_id = await reminders.claim(conn, replace(end.notice, claimed_at=at))
        if notice_id is not None:
            await reminders.mark(conn, notice_id, "sent", sent_at=at, message_id=message_id)
