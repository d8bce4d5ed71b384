"""How many decimals currencies have: amounts are whole numbers of the minor unit. Pure."""

from typing import Final

WITHOUT: Final = frozenset(
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split()
)
"""Currencies without a minor unit (ISO 4217)."""
THOUSANDTHS: Final = frozenset("BHD IQD JOD KWD LYD OMR TND".split())
"""Those of which the minor unit is a thousandth."""


def decimals(currency: str | None) -> int:
    """Return how many decimals a currency's amounts are written with."""
    if currency in WITHOUT:
        return 0
    return 3 if currency in THOUSANDTHS else 2
