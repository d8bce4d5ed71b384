"""How currencies are written: amounts are whole numbers of the minor unit. Pure."""

from typing import Final

WITHOUT: Final = frozenset(
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split()
)
"""Currencies without a minor unit (ISO 4217)."""
THOUSANDTHS: Final = frozenset("BHD IQD JOD KWD LYD OMR TND".split())
"""Those of which the minor unit is a thousandth."""
SMALL: Final = frozenset(
    "ARS BIF CDF COP GNF IDR IQD IRR KHR KRW LAK LBP MGA MMK MNT MWK NGN PYG RWF SYP TZS UGX UZS"
    " VND".split()
)
"""Those of which a dollar is about a thousand or more: ordinary prices have many digits."""


def most(currency: str | None) -> int:
    """Return the highest price in a currency's own unit that is taken for no slip of the hand."""
    return 1_000_000_000 if currency in SMALL else 1_000_000


def decimals(currency: str | None) -> int:
    """Return how many decimals a currency's amounts are written with."""
    if currency in WITHOUT:
        return 0
    return 3 if currency in THOUSANDTHS else 2
