"""How products and purchases look to moderators."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import discord
from discord import app_commands

from bot import cards, ids, mentions, ui
from bot.i18n import Texts
from bot.purchases.by_hand import Bought, Invitation
from bot.purchases.products import Listed
from bot.purchases.renewals import SOON_DAYS, USES, Counts, Renewal
from storage.records import Product, Resource

T = TypeVar("T")
UNDO_ID = "purchase:undo:{fact_id}"
UNDO_TEMPLATE = r"purchase:undo:(?P<fact_id>\d+)"
_TITLE_MAX = 100
_OPENS_SHOWN = 4
_PER_PAGE = 12


def described(*names: str) -> Callable[[T], T]:
    """Return a decorator that names and describes options by this feature's texts."""
    return ui.described({name: f"purchases-opt-{name}" for name in names})


def title(text: str) -> str:
    """Return a title that somebody typed, in one short line and without markup."""
    return ui.clip(ui.plain(text), _TITLE_MAX)


def price(product: Product, texts: Texts) -> str:
    """Return what a product costs and for how long, such as "¥199 · 30 days"."""
    costs = cards.money(product.price_minor, product.currency) if product.price_minor else ""
    return " · ".join(part for part in (costs, term(product, texts)) if part)


def term(product: Product, texts: Texts) -> str:
    """Return for how long a product opens what it opens."""
    if product.term == "days":
        return texts("purchases-term-days", count=product.days or 0)
    return texts(f"purchases-term-{product.term}")


def choices(found: Sequence[Product], texts: Texts) -> list[app_commands.Choice[str]]:
    """Return products as suggestions of an option."""
    made = []
    for each in found[: ui.CHOICES_MAX]:
        tail = f" · {price(each, texts)}"
        if each.state != "live":
            tail += " · " + texts("purchases-retired")
        name = ui.clip(ui.bare(each.title), ui.CHOICE_NAME_MAX - len(tail)) + tail
        made.append(app_commands.Choice(name=name, value=ids.choice(each.product_id)))
    return made


def product(one: Product, said: str, texts: Texts) -> discord.ui.LayoutView:
    """Return what was done to a product, and how it stands."""
    return ui.panel(said, *_lines(one, texts), colour=ui.GOOD)


def _lines(one: Product, texts: Texts) -> list[str]:
    lines = [
        texts("purchases-opens", count=len(one.resource_ids)) if one.resource_ids else "",
        texts("purchases-gives", role=mentions.role(one.role_id)) if one.role_id else "",
        texts("purchases-grace", count=one.grace_days) if one.grace_days else "",
        texts("purchases-problem", problem=_problem(one, texts)) if one.role_problem else "",
        texts(
            "purchases-called",
            keys=" · ".join(f"`{source}` `{ui.bare(key)}`" for source, key in one.keys[:6]),
        )
        if one.keys
        else texts("purchases-uncalled"),
        texts("purchases-link", url=ui.clip(ui.plain(one.buy_url), 150)) if one.buy_url else "",
    ]
    head = f"**{title(one.title)}** · {price(one, texts)}"
    return [head, "\n".join(f"-# {line}" for line in lines if line)]


def trouble(one: Product, texts: Texts) -> discord.ui.LayoutView:
    """Return what keeps a product's role from being given, for moderators."""
    said = texts("purchases-trouble", title=title(one.title))
    return ui.panel(said, _problem(one, texts), colour=ui.CAUTION)


def _problem(one: Product, texts: Texts) -> str:
    role = mentions.role(one.role_id)
    return texts(f"purchases-problem-{one.role_problem}", role=role)


def listed(
    found: Sequence[Listed], unknown: Sequence[tuple[str, str, int]], texts: Texts
) -> discord.ui.LayoutView:
    """Return every product with what it opens, and ids of sources that no product has."""
    if not found:
        parts = [texts("purchases-none")]
    else:
        parts = [texts("purchases-list", count=len(found))]
        parts += ["\n".join(_entry(each, texts)) for each in found[:_PER_PAGE]]
        if len(found) > _PER_PAGE:
            parts.append(texts("purchases-more", count=len(found) - _PER_PAGE))
    if unknown:
        lines = [
            texts("purchases-unknown-line", source=source, value=ui.clip(ui.bare(key), 60), count=n)
            for source, key, n in unknown
        ]
        parts.append("\n".join([texts("purchases-unknown"), *lines]))
    return ui.panel(*parts)


def _entry(each: Listed, texts: Texts) -> list[str]:
    head, below = _lines(each.product, texts)
    if each.product.state != "live":
        head += " · " + texts("purchases-retired")
    head += " · " + texts("purchases-members", count=each.n_members)
    opens = [f"《{title(one.title)}》" for one in each.opens[:_OPENS_SHOWN]]
    return [head, *([f"-# {' '.join(opens)}"] if opens else []), below]


def renewals(found: Sequence[Renewal], texts: Texts) -> discord.ui.LayoutView:
    """Return how much products are used, by all who have them and by whose time ends soon."""
    if not found:
        return ui.panel(texts("purchases-renewals-none"))
    parts = [texts("purchases-renewals", days=SOON_DAYS)]
    for each in found[:_PER_PAGE]:
        lines = [
            texts(f"purchases-renewals-{who}", counts=_uses(counts, texts))
            for who, counts in (("all", each.everybody), ("ending", each.ending))
        ]
        parts.append("\n".join([f"**{title(each.product.title)}**", *lines]))
    if len(found) > _PER_PAGE:
        parts.append(texts("purchases-more", count=len(found) - _PER_PAGE))
    return ui.panel(*parts, f"-# {texts('purchases-renewals-how')}")


def _uses(counts: Counts | None, texts: Texts) -> str:
    if counts is None:
        return texts("purchases-renewals-few")
    named = (
        texts(f"purchases-use-{each}", count="?" if counts[each] is None else str(counts[each]))
        for each in USES
    )
    return " · ".join(named)


def done(bought: Bought, said: str, texts: Texts) -> discord.ui.LayoutView:
    """Return what a moderator did about a purchase, with a way back."""
    rows = []
    if bought.fact_id:
        undo = ui.button(texts("purchases-undo"), UNDO_ID.format(fact_id=bought.fact_id))
        rows = [[undo]]
    return ui.panel(said, purchase(bought, texts), rows=rows, colour=ui.GOOD)


def undone(bought: Bought, texts: Texts) -> discord.ui.LayoutView:
    """Return a purchase after something was undone."""
    return ui.panel(texts("purchases-was-undone"), purchase(bought, texts))


def orders(found: Sequence[Bought], texts: Texts) -> list[app_commands.Choice[str]]:
    """Return orders as suggestions of an option, by number."""
    made = []
    for each in found[: ui.CHOICES_MAX]:
        named = ", ".join(ui.bare(one) for one in each.titles)
        named = named or texts("purchases-product-unknown")
        name = ui.clip(f"{ui.bare(each.purchase.number)} · {named}", ui.CHOICE_NAME_MAX)
        value = ui.clip(each.purchase.number, ui.CHOICE_NAME_MAX)
        made.append(app_commands.Choice(name=name, value=value))
    return made


def resources(found: Sequence[Resource]) -> list[app_commands.Choice[str]]:
    """Return resources as suggestions of an option."""
    return cards.choices(found)


def purchase(bought: Bought, texts: Texts) -> str:
    """Return one purchase in a line."""
    one = bought.purchase
    sums = " + ".join(cards.money(amount, currency) for currency, amount in bought.amounts)
    whose = texts("purchases-unclaimed-one")
    if one.user_id is not None:
        whose = ui.mention(one.user_id, texts)
    parts = [
        f"`{ui.clip(ui.bare(one.number), 60)}`",
        " + ".join(title(each) for each in bought.titles) or texts("purchases-product-unknown"),
        texts("purchases-refunded-one") if bought.is_refunded else sums,
        texts(f"purchases-source-{one.source}"),
        whose,
        mentions.moment(one.created_at, "d"),
    ]
    return "- " + " · ".join(part for part in parts if part)


def bought(
    found: Sequence[Bought], head: str, texts: Texts, waiting: Sequence[Invitation] = ()
) -> discord.ui.LayoutView:
    """Return some purchases, a line each, and invitations that wait for their buyer."""
    lines = [purchase(each, texts) for each in found]
    doors = [
        texts(
            "purchases-invited",
            title=title(each.title),
            url=mentions.invitation(each.code),
            when=mentions.moment(each.ends_at, "D"),
        )
        for each in waiting
    ]
    return ui.panel(head, "\n".join(lines) or texts("purchases-nothing"), "\n".join(doors))
