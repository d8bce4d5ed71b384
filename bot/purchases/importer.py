"""``lyceum import purchases``: a shop's list as CSV, all of it or nothing, the same however often.

Lines are matched by order and product: what is known already changes nothing, and a line that has
come to have a date of refund adds that. Dates are ISO 8601, amounts as people write them.
"""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from bot import files, ids, tables
from bot.catalog.service import checked
from bot.errors import UserError
from bot.purchases.hearing import Hearing
from bot.purchases.references import address_hash
from bot.purchases.rules import Heard
from storage import audit, products
from storage.connection import Connection
from storage.folding import folded
from storage.records import OPERATOR, AuditRow, Fact, Product

COLUMNS = (
    "order",
    "product",
    "bought",
    "member",
    "email",
    "price",
    "currency",
    "until",
    "refunded",
)
NEEDED = ("order", "product", "bought")
_FORM = tables.Form(COLUMNS, tuple((name,) for name in NEEDED))
_ORDER_MAX = 100
_PROBLEMS_HELD = 20


@dataclass(frozen=True, slots=True)
class PurchasesReport:
    """How an import went; with problems nothing was written, nor in a dry run."""

    n_read: int = 0
    n_new: int = 0
    n_known: int = 0
    n_problems: int = 0
    problems: tuple[str, ...] = ()
    is_written: bool = False


class _Tried(Exception):
    """Ends a dry run, so that nothing of it stays."""


async def import_purchases(
    hearing: Hearing, path: Path, *, guild_id: int, is_dry: bool
) -> PurchasesReport:
    """Bring a shop's list into the log of purchases.

    Raises
    ------
    UserError
        The file cannot be read at all.
    """
    content = await asyncio.to_thread(files.content_of, path)
    async with hearing.database.read() as conn:
        known = {folded(each.title): each for each in await products.listed(conn, guild_id)}
        named = {
            key: each for each in known.values() for source, key in each.keys if source == "csv"
        }
    told, problems, n_read = [], [], 0
    for row in tables.read(BytesIO(content), _FORM).rows:
        n_read += 1
        try:
            if row.problem is not None:
                raise row.problem
            told.append(_line(guild_id, row.cells, named, known))
        except UserError as problem:
            problems.append(f"line {row.line}: {files.sentence(problem)}")
    report = PurchasesReport(
        n_read=n_read, n_problems=len(problems), problems=tuple(problems[:_PROBLEMS_HELD])
    )
    if problems:
        return report
    counted: list[int] = []

    async def job(conn: Connection) -> None:
        counted[:] = [await _take(hearing, conn, guild_id, each) for each in told]
        if is_dry:
            raise _Tried
        if any(counted):
            await _note(hearing, conn, guild_id, sum(map(bool, counted)))

    try:
        await hearing.database.write(job)
    except _Tried:
        pass
    n_new = sum(map(bool, counted))
    return replace(report, n_new=n_new, n_known=n_read - n_new, is_written=not is_dry)


async def _take(hearing: Hearing, conn: Connection, guild_id: int, heard: Heard) -> int:
    """Take one line in; return how much of it was new."""
    address = ""
    if heard.email:
        address = address_hash(await hearing.keys.ours(conn), heard.email)
    return len((await hearing.keeping.take(conn, guild_id, heard, address)).new)


async def _note(hearing: Hearing, conn: Connection, guild_id: int, n: int) -> None:
    row = AuditRow(
        guild_id=guild_id,
        actor_id=OPERATOR,
        action="import.purchases",
        occurred_at=hearing.clock().timestamp(),
        details={"n": n},
    )
    await audit.append(conn, row)


def _line(
    guild_id: int,
    cells: Mapping[str, str],
    named: Mapping[str, Product],
    known: Mapping[str, Product],
) -> Heard:
    said = {name: cells.get(name, "").strip() for name in COLUMNS}
    order = said["order"].removeprefix("#")
    if not order or len(order) > _ORDER_MAX or ids.is_rounded(order):
        raise UserError("error-purchases-line-order", value=order[:50])
    product = named.get(said["product"]) or known.get(folded(said["product"]))
    if product is None:
        raise UserError("error-purchases-line-product", value=said["product"][:50])
    key = f"{guild_id}:{order}"
    return Heard(
        source="csv",
        number=order,
        refs=(key,),
        facts=tuple(_facts(guild_id, key, product, said)),
        email=said["email"],
    )


def _facts(guild_id: int, key: str, product: Product, said: Mapping[str, str]) -> Iterator[Fact]:
    bought_at = _moment(said["bought"])
    money = checked({name: said[name] for name in ("price", "currency") if said[name]})
    name = f"{key}:{product.product_id}"
    paid = Fact(
        guild_id=guild_id,
        source="csv",
        key=name,
        kind="paid",
        happened_at=bought_at,
        product_key=said["product"],
        product_id=product.product_id,
        term=product.term,
        days=product.days,
        until_at=_moment(said["until"]) if said["until"] else None,
        payments=(name,),
        amount_minor=money.get("price_minor"),
        currency=money.get("currency"),
    )
    yield paid
    blank = Fact(guild_id=guild_id, source="csv", key=name, kind="paid", happened_at=bought_at)
    if said["member"]:
        whose = ids.discord_id(said["member"])
        yield replace(blank, key=f"{name}:who", kind="referred", user_id=whose)
    if said["refunded"]:
        back = _moment(said["refunded"])
        yield replace(
            blank, key=f"{name}:back", kind="refunded", happened_at=back, payments=(name,)
        )


def _moment(text: str) -> float:
    try:
        found = datetime.fromisoformat(text)
        at = (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        raise UserError("error-purchases-line-date", value=text[:50]) from None
    if not 0 < at < 4_102_444_800:
        raise UserError("error-purchases-line-date", value=text[:50])
    return at
