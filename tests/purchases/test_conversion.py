"""What was shown, opened and bought, recomputed by hand."""

from functools import partial
from typing import Any

from typer.testing import CliRunner

from bot.cli import app
from bot.purchases.conversion import Buy, Lift, Row, Showing, lift, report
from bot.purchases.report import COLUMNS, FEW, lifted
from bot.recommend.rules import WEIGHTS
from storage import impressions
from storage.records import EventKind, Impression
from tests.discord_sim import World
from tests.purchases.facts import day
from tests.purchases.scenes import shelved, sold

RUST, GO, PRO = 1, 2, 7
MONDAY = "2023-11-13"  # day(0) is Tuesday, 14 November 2023


def shown(user_id: int, at: float, resource_id: int = RUST, **fields: Any) -> Showing:
    known: dict[str, Any] = {"surface": "search", "is_opened": False} | fields
    return Showing(user_id=user_id, resource_id=resource_id, at=day(at), **known)


def bought(user_id: int, at: float, *amounts: tuple[str, int]) -> Buy:
    return Buy(user_id=user_id, product_id=PRO, at=day(at), amounts=amounts or (("CNY", 100),))


def found(rows: list[Row], kind: str, surface: str, week: str = "all") -> Row:
    (one,) = [r for r in rows if (r.kind, r.surface, r.week) == (kind, surface, week)]
    return one


def test_members_are_counted_once_and_amounts_by_currency() -> None:
    showings = [shown(n, 0) for n in range(1, 9)] + [
        shown(n, 0.5, is_opened=n < 7) for n in range(1, 9)
    ]
    buys = [bought(n, 1) for n in range(1, 6)] + [bought(6, 1, ("USD", 7))]
    rows = report(showings, buys, {PRO: [RUST, GO]}, "UTC", day(-1))
    for kind in ("resource", "product"):
        one = found(rows, kind, "search")
        assert (one.shown, one.opened, one.bought) == (8, 6, 6)
        assert one.amounts == (("CNY", 500), ("USD", 7))
        assert found(rows, kind, "search", MONDAY).shown == 8


def told(n_others: int, bought_others: int, n_held: int, bought_held: int) -> Lift:
    return Lift(
        n_others=n_others, bought_others=bought_others, n_held=n_held, bought_held=bought_held
    )


def test_what_taste_adds_is_counted_against_who_is_held_out() -> None:
    showings = [shown(n, 0) for n in range(1, 41)] + [shown(99, 0, 555)]
    late = [bought(n, 1) for n in range(1, 21)] + [bought(n, 1) for n in range(31, 36)]
    early = [bought(21, -0.5), bought(99, 1)]
    counted = lift(showings, late + early, {PRO: [RUST]}, day(-1), lambda user_id: user_id > 30)
    assert counted == told(30, 20, 10, 5)
    assert "66.7% of 30 bought, of those held out 50.0% of 10" in lifted(counted)
    assert "+16.7 points (95%: " in lifted(counted)
    for few in (told(4, 0, 9, 0), told(30, 3, 10, 5), told(30, 9, 10, 1)):
        assert "Too few" in lifted(few) and "%" not in lifted(few)
    assert "Nobody is held out" in lifted(None)


def test_nothing_says_more_of_what_members_want_than_buying_it() -> None:
    others = {kind: weight for kind, weight in WEIGHTS.items() if kind is not EventKind.PURCHASE}
    assert WEIGHTS[EventKind.PURCHASE] > max(others.values())


def test_the_last_showing_within_a_week_has_the_credit_and_no_other() -> None:
    showings = [shown(n, 0) for n in range(6)] + [
        shown(n, 2, GO, surface="digest") for n in range(6)
    ]
    buys = [bought(n, 3) for n in range(5)] + [bought(5, 9.5)]
    rows = report(showings, buys, {PRO: [RUST, GO]}, "UTC", day(-1))
    assert found(rows, "product", "search").bought == 0
    assert found(rows, "product", "digest").bought == 5
    assert found(rows, "product", "sales").bought == 6


def test_what_was_shown_afterwards_sold_nothing_and_few_members_are_nobodys_business() -> None:
    showings = [shown(n, 2) for n in range(5)] + [shown(9, 1, GO)]
    buys = [bought(n, 1) for n in range(4)] + [bought(4, 3)]
    rows = report(showings, buys, {PRO: [RUST]}, "UTC", day(-1))
    one = found(rows, "product", "search")
    assert (one.shown, one.opened, one.bought, one.amounts) == (5, 0, None, ())
    assert not [row for row in rows if row.number == GO]
    assert found(rows, "product", "sales").bought == 5


async def test_the_report_counts_refunds_back(lenient_world: World) -> None:
    world = lenient_world
    resource = await shelved(world)
    product = await sold(world, "Rust course", resource)
    service, who = world.app.services.purchases, (world.guild.id, world.moderator.id)
    now = world.app.clock().timestamp()
    for n in range(6):
        seen = Impression(
            guild_id=world.guild.id,
            user_id=100 + n,
            resource_id=resource.resource_id,
            surface="digest",
            position=1,
            arm="model",
            shown_at=now - 60,
        )
        await world.app.database.write(partial(impressions.append, impression=seen))
        got = await service.by_hand.grant(
            *who, 100 + n, product.product_id, source_id=n, reason="paid"
        )
    before = await service.reports.conversion(world.guild.id, 28)
    await service.by_hand.refund(*who, got.purchase.purchase_id, source_id=99, reason="no")
    after = await service.reports.conversion(world.guild.id, 28)

    def digest(lines: tuple[tuple[str, ...], ...]) -> dict[str, str]:
        rows = [dict(zip(COLUMNS, line, strict=True)) for line in lines]
        (one,) = [
            r for r in rows if (r["kind"], r["surface"], r["week"]) == ("product", "digest", "all")
        ]
        return one

    assert digest(before.lines)["bought"] == "6"
    assert digest(after.lines)["bought"] == "5" and digest(after.lines)["shown"] == "6"
    assert FEW == "<5" and "within 7 days" in after.words


def test_the_command_is_there() -> None:
    said = CliRunner().invoke(app, ["report", "conversion", "--help"])
    assert said.exit_code == 0 and "--csv" in said.output
    works = CliRunner().invoke(app, ["report", "--language", "xx"])  # the report of what works
    assert works.exit_code == 2 and "'xx' is not one of en, zh-CN" in works.output
