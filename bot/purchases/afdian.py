"""爱发电 (Afdian): its orders, what its signature covers, and how it is asked back. Pure.

https://afdian.com/p/9c65d9cc617011ed81c352540025c377 describes the interface. The platform signs
``out_trade_no``, ``user_id``, ``plan_id`` and ``total_amount`` with its key (RSA, PKCS #1 v1.5,
SHA-256). Months, goods and the reference are not covered, so that an order is taken note of and
counts once 爱发电 itself, asked by its number, says the same.
"""

import base64
import binascii
import hashlib
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from bot.dates import DAY_S
from bot.purchases.rules import Heard
from bot.purchases.sources import Adapter, Message, inside, needed, refuse, text
from storage.records import Fact

PLATFORM_KEY = """-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAwwdaCg1Bt+UKZKs0R54y
lYnuANma49IpgoOwNmk3a0rhg/PQuhUJ0EOZSowIC44l0K3+fqGns3Ygi4AfmEfS
4EKbdk1ahSxu7Zkp2rHMt+R9GarQFQkwSS/5x1dYiHNVMiR8oIXDgjmvxuNes2Cr
8fw9dEF0xNBKdkKgG2qAawcN1nZrdyaKWtPVT9m2Hl0ddOO9thZmVLFOb9NVzgYf
jEgI+KWX6aY19Ka/ghv/L4t1IXmz9pctablN5S0CRWpJW3Cn0k6zSXgjVdKm4uN7
jRlgSRaf/Ind46vMCm3N2sgwxu/g3bnooW+db0iLo13zzuvyn727Q3UDQ0MmZcEW
MQIDAQAB
-----END PUBLIC KEY-----"""
"""The platform's public key, the same for everybody."""
MONTH_S = 31 * DAY_S
_PAID = 2
_SIGNED = ("out_trade_no", "user_id", "plan_id", "total_amount")
_MONEY = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,2})?")
# The identifier of SHA-256 in a PKCS #1 v1.5 signature (RFC 8017, 9.2).
_SHA256 = bytes.fromhex("3031300d060960864801650304020105000420")


def prove(message: Message, secret: str) -> None:
    """Refuse what the platform did not sign; ``secret`` is its public key, in PEM."""
    try:
        data = json.loads(message.body.decode("utf-8"))
    except (ValueError, RecursionError):
        refuse("body", 400)
    order = inside(data, "data", "order")
    given = inside(data, "data", "sign") or inside(order, "sign")
    signed = "".join(text(inside(order, name)) for name in _SIGNED)
    if not isinstance(given, str) or not signed:
        refuse("signature")
    try:
        signature = base64.b64decode(given, validate=True)
    except (binascii.Error, ValueError):
        refuse("signature")
    if not _is_of(public_key(secret), signed.encode(), signature):
        refuse("signature")


def public_key(pem: str) -> tuple[int, int]:
    """Return modulus and exponent of an RSA public key in PEM (SubjectPublicKeyInfo)."""
    body = "".join(line for line in pem.splitlines() if not line.startswith("-----"))
    try:
        outer = _part(base64.b64decode(body))[0]
        bits = _part(_part(outer)[1])[0][1:]  # behind the algorithm; a count of unused bits first
        modulus, rest = _part(_part(bits)[0])
        exponent, _ = _part(rest)
    except (binascii.Error, IndexError):
        refuse("secret", 500)
    return int.from_bytes(modulus), int.from_bytes(exponent)


def _part(der: bytes) -> tuple[bytes, bytes]:
    """Return the first element's content, and what stands behind it."""
    length, at = der[1], 2
    if length & 0x80:
        at += length & 0x7F
        length = int.from_bytes(der[2:at])
    return der[at : at + length], der[at + length :]


def _is_of(key: tuple[int, int], signed: bytes, signature: bytes) -> bool:
    modulus, exponent = key
    n_bytes = (modulus.bit_length() + 7) // 8
    if len(signature) != n_bytes:
        return False
    found = pow(int.from_bytes(signature), exponent, modulus).to_bytes(n_bytes)
    tail = b"\x00" + _SHA256 + hashlib.sha256(signed).digest()
    wanted = b"\x00\x01" + b"\xff" * (n_bytes - 2 - len(tail)) + tail
    return hmac.compare_digest(found, wanted)


def read(message: Message, payload: Mapping[str, Any]) -> Sequence[Heard]:
    """Return that there is an order, of which nothing counts yet."""
    if inside(payload, "data", "type") != "order":
        return []
    number = needed(inside(payload, "data", "order", "out_trade_no"))
    said = Fact(
        guild_id=0,
        source="afdian",
        key=f"said:{number}",
        kind="said",
        happened_at=message.now,
        product_key=text(inside(payload, "data", "order", "plan_id")),
    )
    return [Heard(source="afdian", number=number, refs=(number,), facts=(said,))]


def question(user_id: str, token: str, number: str, now: float) -> dict[str, Any]:
    """Return what asks 爱发电 for one order."""
    asked, stamp = json.dumps({"out_trade_no": number}, separators=(",", ":")), int(now)
    signed = f"{token}params{asked}ts{stamp}user_id{user_id}"
    sign = hashlib.md5(signed.encode(), usedforsecurity=False).hexdigest()
    return {"user_id": user_id, "params": asked, "ts": stamp, "sign": sign}


def answered(payload: Any, number: str, at: float) -> Heard | None:
    """Return what 爱发电 says of an order, None where it knows of no such paid order.

    Raises
    ------
    RefusedError
        It is no answer.
    """
    if inside(payload, "ec") != 200:
        refuse("answer", 502)
    listed = inside(payload, "data", "list")
    found = [
        one
        for one in (listed if isinstance(listed, list) else ())
        if text(inside(one, "out_trade_no")) == number
    ]
    if not found or inside(found[0], "status") != _PAID:
        return None
    return Heard(
        source="afdian",
        number=number,
        refs=(number,),
        facts=tuple(_paid(found[0], number, at)),
        reference=text(inside(found[0], "custom_order_id")),
    )


def _paid(order: Any, number: str, at: float) -> list[Fact]:
    months = inside(order, "month")
    months = months if isinstance(months, int) and 1 <= months <= 120 else 1
    written = text(inside(order, "total_amount"))
    cents = int(Decimal(written) * 100) if _MONEY.fullmatch(written) else None
    goods = inside(order, "sku_detail")
    keys = [text(inside(one, "sku_id")) for one in (goods if isinstance(goods, list) else ())]
    keys = [key for key in keys if key] or [text(inside(order, "plan_id"))]
    return [
        Fact(
            guild_id=0,
            source="afdian",
            key=number if n == 0 else f"{number}:{n}",
            kind="paid",
            happened_at=at,
            product_key=key,
            days=months,
            until_at=at + months * MONTH_S,
            payments=(number,),
            amount_minor=cents if n == 0 else None,
            currency="CNY",
        )
        for n, key in enumerate(keys)
    ]


ADAPTER = Adapter("afdian", prove, read, answer='{"ec":200,"em":""}')
