"""A buyer's signed reference, an address's keyed hash, and where a link carries one. Pure."""

import base64
import binascii
import hashlib
import hmac
import unicodedata
from urllib.parse import quote, urlsplit

_ID_BYTES = 8
_PROOF_BYTES = 12
_CARRIERS = {
    "buy.stripe.com": "client_reference_id",
    "lemonsqueezy.com": "checkout[custom][reference]",
    "afdian.com": "custom_order_id",
    "afdian.net": "custom_order_id",
    "ifdian.net": "custom_order_id",
}
"""By the host of a checkout, or of what it belongs to: which parameter its webhooks give back."""
SLOT = "{reference}"
"""Stands in the address of a product for the buyer's reference."""


def reference(key: bytes, guild_id: int, user_id: int) -> str:
    """Return a member's reference: letters, digits, - and _ only, as Stripe asks."""
    ids = guild_id.to_bytes(_ID_BYTES) + user_id.to_bytes(_ID_BYTES)
    return base64.urlsafe_b64encode(ids + _proof(key, ids)).decode().rstrip("=")


def referred(key: bytes, text: str) -> tuple[int, int] | None:
    """Return the server and the member of a reference, None for one that is not ours."""
    try:
        found = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    ids, proof = found[: 2 * _ID_BYTES], found[2 * _ID_BYTES :]
    if len(ids) != 2 * _ID_BYTES or not hmac.compare_digest(proof, _proof(key, ids)):
        return None
    return int.from_bytes(ids[:_ID_BYTES]), int.from_bytes(ids[_ID_BYTES:])


def _proof(key: bytes, ids: bytes) -> bytes:
    return hmac.digest(key, b"reference" + ids, "sha256")[:_PROOF_BYTES]


def is_address(text: str) -> bool:
    """Say whether a text may be an e-mail address."""
    name, at, host = text.strip().rpartition("@")
    return bool(name and at and "." in host and " " not in text.strip())


def address_hash(key: bytes, address: str) -> str:
    """Return what stands for an e-mail address, which is kept nowhere."""
    same = unicodedata.normalize("NFKC", address).strip().casefold()
    return hmac.new(key, b"address" + same.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def link(url: str, reference: str) -> str:
    """Return where a product is bought, with the buyer's reference where that can be carried."""
    if SLOT in url:
        return url.replace(SLOT, quote(reference))
    carrier = carrier_of(url)
    if carrier is None:
        return url
    address, hash_, fragment = url.partition("#")
    joint = "&" if "?" in address else "?"
    return f"{address}{joint}{quote(carrier)}={quote(reference)}{hash_}{fragment}"


def carrier_of(url: str) -> str | None:
    """Return the parameter by which a checkout carries a reference, None for none we know."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    for known, carrier in _CARRIERS.items():
        if host == known or host.endswith(f".{known}"):
            return carrier
    return None


def carries(url: str) -> bool:
    """Say whether a purchase there tells by itself whose it is."""
    return SLOT in url or carrier_of(url) is not None
