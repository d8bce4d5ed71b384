"""``lyceum report conversion``: what was shown, opened and bought, in words a spreadsheet reads."""

from dataclasses import dataclass
from functools import partial
from math import hypot

from bot import arms
from bot.clock import Clock
from bot.dates import DAY_S
from bot.purchases import conversion, money, rules
from bot.purchases.conversion import Buy, Lift, Row, Showing
from recommender import metrics
from storage import catalog, impressions, members, policies, products, purchases
from storage.connection import Connection
from storage.database import Database
from storage.records import Product

COLUMNS = (
    "kind",
    "id",
    "title",
    "surface",
    "week",
    "shown",
    "opened",
    "bought",
    "currency",
    "amount_minor",
)
FEW = f"<{conversion.LEAST}"
_BATCH = 500


@dataclass(frozen=True, slots=True)
class ConversionReport:
    """Lines as cells by `COLUMNS`, and what they count, in words."""

    lines: tuple[tuple[str, ...], ...]
    words: str


@dataclass(frozen=True, slots=True)
class Reports:
    """Reports about what was sold."""

    database: Database
    clock: Clock

    async def conversion(self, guild_id: int, days: int) -> ConversionReport:
        """Return for every resource and product who was shown it, opened and bought it.

        Parameters
        ----------
        days
            How far back showings and purchases count.
        """
        now = self.clock().timestamp()
        since = now - days * DAY_S
        async with self.database.read() as conn:
            time_zone = (await members.guild(conn, guild_id)).time_zone
            sold = await products.listed(conn, guild_id)
            seen = await impressions.funnel(conn, guild_id, since - conversion.ATTRIBUTED_S)
            showings = [
                Showing(
                    user_id=user_id,
                    resource_id=resource_id,
                    surface=surface,
                    at=at,
                    is_opened=is_opened,
                )
                for user_id, resource_id, surface, at, is_opened in seen
            ]
            bought = [each for one in sold for each in await buys(conn, one)]
            opens = {one.product_id: one.resource_ids for one in sold}
            rows = conversion.report(showings, bought, opens, time_zone, since)
            policy = await policies.of(conn, guild_id)
            wanted = [row.number for row in rows if row.kind == "resource"]
            titles = {
                ("resource", number): one.title
                for number, one in (await catalog.by_ids(conn, guild_id, wanted)).items()
            }
        titles |= {("product", one.product_id): one.title for one in sold}
        lines = [line for row in rows for line in _lines(row, titles)]
        held = partial(arms.is_held, policy)
        lift = conversion.lift(showings, bought, opens, since, held) if policy.holdout else None
        return ConversionReport(tuple(lines), f"{_words(days)} {lifted(lift)}")


async def buys(conn: Connection, product: Product) -> list[Buy]:
    """Return each member's first purchase of a product that stands, with all they paid for it."""
    numbers = await purchases.of_product(conn, product.product_id)
    first: dict[int, float] = {}
    sums: dict[int, dict[str, int]] = {}
    for start in range(0, len(numbers), _BATCH):
        told = await purchases.facts(conn, numbers[start : start + _BATCH])
        for facts in told.values():
            user_id = rules.owner(facts)
            kept = rules.kept_payments(facts, product.product_id)
            if not user_id or not kept:
                continue
            first[user_id] = min(kept[0].at, first.get(user_id, kept[0].at))
            own = sums.setdefault(user_id, {})
            for currency, amount in money.amounts(facts, product.product_id):
                own[currency] = own.get(currency, 0) + amount
    return [
        Buy(
            user_id=user_id,
            product_id=product.product_id,
            at=at,
            amounts=tuple(sorted(sums[user_id].items())),
        )
        for user_id, at in first.items()
    ]


def _lines(row: Row, titles: dict[tuple[str, int], str]) -> list[tuple[str, ...]]:
    """Return a row's cells, a line for each currency: nothing is added across them."""
    counts = [FEW if n is None else str(n) for n in (row.shown, row.opened, row.bought)]
    title = titles.get((row.kind, row.number), "")
    head = (row.kind, str(row.number), title, row.surface, row.week, *counts)
    return [(*head, currency, str(amount)) for currency, amount in row.amounts or (("", 0),)]


def _words(days: int) -> str:
    return (
        f"Unique members of the last {days} days. Bought: first purchases not given back, "
        f"owed to the last showing within {conversion.ATTRIBUTED_S // DAY_S} days before, with its "
        "surface and week (by its Monday); sales: by whatever way. Amounts are all that these "
        "members paid for the product and did not get back, in minor units, by currency. "
        f"Groups of fewer than {conversion.LEAST} members are not shown."
    )


def lifted(found: Lift | None) -> str:
    """Return what choosing by taste adds to buying, in words, or why that cannot be said."""
    if found is None:
        return (
            "Nobody is held out (/insights holdout), so this does not say what would have been "
            "bought anyway."
        )
    if not found.is_told:
        return (
            f"Too few of them were held out or bought to say what would have been bought anyway: "
            f"{conversion.LEAST} of each are the least."
        )
    own = metrics.share(found.bought_others, found.n_others)
    held = metrics.share(found.bought_held, found.n_held)
    value = own.value - held.value
    # Newcombe's interval of a difference: from the two of the shares.
    low = value - hypot(own.value - own.low, held.high - held.value)
    high = value + hypot(own.high - own.value, held.value - held.low)
    return (
        f"Of those who were shown what is sold {100 * own.value:.1f}% of {found.n_others} bought, "
        f"of those held out {100 * held.value:.1f}% of {found.n_held}: serving by taste adds "
        f"{100 * value:+.1f} points (95%: {100 * low:+.1f} to {100 * high:+.1f})."
    )
