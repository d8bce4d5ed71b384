"""How an item is put into words, for members and moderators alike."""

from bot import mentions, ui
from bot.i18n import Texts
from storage.records import ShopItem

_LINE_MAX = 120


def title(text: str) -> str:
    """Return a title that somebody typed, in one short line and without markup."""
    return ui.clip(ui.plain(text), _LINE_MAX)


def stock(item: ShopItem, texts: Texts) -> str:
    """Return how many are left, "" where there is no end to it."""
    if item.stock is None:
        return ""
    return texts("shop-left", count=item.stock) if item.stock else texts("shop-sold-out")


def terms(
    item: ShopItem, texts: Texts, *, with_stock: bool = True, resource_title: str = ""
) -> list[str]:
    """Return what an item gives, and its conditions, a line each."""
    role = mentions.role(item.role_id)
    if item.kind == "role":
        about = (
            texts("shop-about-role", role=role, count=item.days)
            if item.days
            else texts("shop-about-role-good", role=role)
        )
    elif item.kind == "resource":
        about = texts("shop-about-resource", title=title(resource_title or item.title))
    else:
        about = texts(f"shop-about-{item.kind}")
    lines = [
        about,
        stock(item, texts) if with_stock else "",
        texts("shop-per-member", count=item.per_member) if item.per_member else "",
        texts("shop-min-level", level=item.min_level) if item.min_level else "",
        texts("shop-needs-role", role=mentions.role(item.needs_role_id))
        if item.needs_role_id
        else "",
        texts("shop-from", when=mentions.moment(item.from_at, "f")) if item.from_at else "",
        texts("shop-until", when=mentions.moment(item.until_at, "f")) if item.until_at else "",
    ]
    return [line for line in lines if line]
