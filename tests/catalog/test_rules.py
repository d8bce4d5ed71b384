from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot import cards, money
from bot.catalog import rules
from bot.i18n import LANGUAGES, Texts
from storage.records import Resource

ACCEPTED: list[tuple[str, str, Any]] = [
    ("kind", " Course ", "course"),
    ("level", "ADVANCED", "advanced"),
    ("language", "zh-Hans-CN", "zh"),
    ("language", "pt_BR", "pt"),
    ("language", "EN", "en"),
    ("title", "  机器学习\n入门 ", "机器学习 入门"),
    ("title", "x" * 200, "x" * 200),
    ("title", "a\ud800b", "a b"),
    ("summary", "-", ""),
    ("summary", "", ""),
    ("tags", "Deep Learning；#NLP, 大模型、nlp", ("deep-learning", "nlp", "大模型")),
    ("tags", "-", ()),
    ("tags", "c++;`rust`", ("c++", "rust")),
    ("minutes", "100000", 100_000),
    ("currency", " cny ", "CNY"),
    ("creator", "Ada Lovelace", "Ada Lovelace"),
    ("published", "2024-02-29", 1_709_164_800.0),
    ("published", "2024-02-29T08:00:00+08:00", 1_709_164_800.0),
    ("url", "HTTPS://Example.org/a?b=c#d", "https://Example.org/a?b=c#d"),
    (
        "url",
        "https://例子.测试/路?问=答",
        "https://xn--fsqu00a.xn--0zwm56d/%E8%B7%AF?%E9%97%AE=%E7%AD%94",
    ),
    ("url", "http://wiki:8080/page", "http://wiki:8080/page"),
    ("url", "http://[2001:db8::1]/x", "http://[2001:db8::1]/x"),
]

REFUSED: list[tuple[str, str, str]] = [
    ("kind", "podcast", "kind"),
    ("level", "", "level"),
    ("language", "english", "language"),
    ("language", "e", "language"),
    ("title", "", "title-empty"),
    ("title", " \n ", "title-empty"),
    ("title", "\u200b", "title-empty"),
    ("title", "x" * 201, "title-long"),
    ("summary", "x" * 501, "summary-long"),
    ("tags", "x" * 31, "tag-long"),
    ("tags", ",".join(map(str, range(11))), "tags-many"),
    ("minutes", "0", "minutes"),
    ("minutes", "100001", "minutes"),
    ("minutes", "-5", "minutes"),
    ("minutes", "half an hour", "minutes"),
    ("currency", "XYZ", "currency"),
    ("creator", "x" * 101, "creator-long"),
    ("published", "31.3.2026", "published"),
    ("published", "2026-02-30", "published"),
    ("url", "example.org/a", "url"),
    ("url", "javascript:alert(1)", "url"),
    ("url", "ftp://example.org", "url"),
    ("url", "https://", "url"),
    ("url", "https:///path", "url"),
    ("url", "https://exa mple.org", "url"),
    ("url", "https://example.org/a b", "url"),
    ("url", "https://example.org/a\nb", "url"),
    ("url", "https://example.org:99999/", "url"),
    ("url", "https://[::1", "url"),
    ("url", "https://<b>.org", "url"),
    ("url", "https://me:secret@example.org", "url-credentials"),
    ("url", "https://good.org\\@bad.org", "url-credentials"),
    ("url", "https://example.org/" + "a" * 500, "url-long"),
    ("url", "https://example.org/" + "路" * 60, "url-long"),
]


@pytest.mark.parametrize(("name", "text", "expected"), ACCEPTED)
def test_a_good_value_is_stored_in_one_form(name: str, text: str, expected: Any) -> None:
    values, problems = rules.parse({name: text})
    assert problems == []
    assert list(values.values()) == [expected]


@pytest.mark.parametrize(("name", "text", "key"), REFUSED)
def test_a_bad_value_is_refused_with_a_sentence_in_both_languages(
    name: str, text: str, key: str
) -> None:
    values, (problem,) = rules.parse({name: text})
    assert values == {}
    assert (problem.field, problem.key) == (name, f"error-catalog-{key}")
    for language in LANGUAGES:
        sentence = Texts(language)(problem.key, **problem.params)
        assert sentence.strip()[-1] in ".。"
        assert "\n" not in sentence


@pytest.mark.parametrize(
    ("price", "currency", "minor"),
    [
        ("49", "USD", 4900),
        ("49.9", "CNY", 4990),
        ("0", "", 0),
        ("1200", "JPY", 1200),
        ("100.00", "EUR", 10000),
        ("2500000", "VND", 2_500_000),
        ("1500000", "KRW", 1_500_000),
        ("16000000", "IDR", 1_600_000_000),
        ("1000000000", "IDR", 10**11),
    ],
)
def test_a_price_is_kept_in_the_minor_unit(price: str, currency: str, minor: int) -> None:
    values, problems = rules.parse(
        {"price": price, "currency": currency} if currency else {"price": price}
    )
    assert problems == []
    assert values["price_minor"] == minor


@pytest.mark.parametrize(
    ("price", "currency", "key"),
    [
        ("49.999", "USD", "price-decimals"),
        ("1200.5", "JPY", "price-decimals"),
        ("-1", "USD", "price"),
        ("nan", "USD", "price"),
        ("inf", "USD", "price"),
        ("1e99", "USD", "price"),
        ("1000001", "USD", "price"),
        ("1000001", "JPY", "price"),
        ("1000000001", "IDR", "price"),
        ("1e-999999999", "USD", "price"),
        ("cheap", "USD", "price"),
        ("49", "", "currency-missing"),
        ("49", "dollars", "currency"),
    ],
)
def test_a_bad_price_is_refused(price: str, currency: str, key: str) -> None:
    raw = {"price": price} | ({"currency": currency} if currency else {})
    _, (problem,) = rules.parse(raw)
    assert problem.key == f"error-catalog-{key}"
    for language in LANGUAGES:
        assert Texts(language)(problem.key, **problem.params)


@given(st.integers(0, 10**8), st.sampled_from(sorted(rules.CURRENCIES)))
@example(1_000, "KWD")
@example(1_200, "JPY")
def test_a_price_reads_back_as_it_was_written_and_as_the_card_shows_it(
    minor: int, currency: str
) -> None:
    written = rules.major(minor, currency)
    if float(written) <= money.most(currency):
        assert rules.parse_price(written, currency) == minor
    shown = cards.price(
        Resource(
            guild_id=1,
            kind="course",
            title="t",
            url="https://x.org",
            price_minor=minor,
            currency=currency,
        ),
        Texts("en"),
    )
    signs = {
        "CNY": "¥",
        "EUR": "€",
        "GBP": "£",
        "HKD": "HK$",
        "JPY": "JP¥",
        "TWD": "NT$",
        "USD": "US$",
    }
    sign = signs.get(currency, f"{currency} ")
    none = "." + "0" * money.decimals(currency)
    if minor:
        assert shown.replace(",", "") == f"{sign}{written.removesuffix(none)}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_what_is_said_to_cost_nothing_is_announced_as_free(language: str) -> None:
    texts, unpriced = (
        Texts(language),
        Resource(guild_id=1, kind="course", title="t", url="https://x.org"),
    )
    assert cards.price(unpriced, texts) == ""
    assert cards.price(rules.described(unpriced, {"currency": "USD"}), texts) == ""
    free = rules.described(unpriced, {"price_minor": 0})
    assert cards.price(free, texts) == texts("card-free")
    paid = rules.described(free, {"price_minor": 12_900, "currency": "CNY"})
    assert (cards.price(paid, texts), paid.is_free) == ("¥129", False)
    assert cards.price(rules.described(paid, {"title": "other"}), texts) == "¥129"


def test_a_free_resource_has_no_currency() -> None:
    paid = Resource(
        guild_id=1, kind="course", title="t", url="https://x.org", price_minor=100, currency="USD"
    )
    assert rules.described(paid, {"price_minor": 0}).currency is None


@given(st.sampled_from(sorted(rules._PARSERS)), st.text())
def test_no_text_makes_a_parser_fail_otherwise_than_by_refusing(name: str, text: str) -> None:
    rules.parse({name: text})
    rules.parse({"price": text, "currency": "USD"})
    rules.parse({"price": text, "currency": "USD"}, price=rules.parse_price_minor)


@given(st.lists(st.text(), max_size=12))
def test_tags_are_few_short_and_without_spaces(parts: list[str]) -> None:
    values, problems = rules.parse({"tags": ";".join(parts)})
    if not problems:
        tags = values["tags"]
        assert len(set(tags)) == len(tags) <= rules.TAGS_MAX
        assert all(0 < len(tag) <= rules.TAG_MAX and tag.split() == [tag] for tag in tags)
        assert rules.parse_tags(";".join(tags)) == tags
