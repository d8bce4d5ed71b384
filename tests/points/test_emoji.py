import pytest

from bot.emoji import emoji_hash, hash_of, split


def test_an_emojis_hash_never_changes() -> None:
    assert emoji_hash("👍") == 2213389094630733916


@pytest.mark.parametrize(("one", "other"), [("👍", "👍🏽"), ("❤️", "❤"), ("✅", "✅\ufe0f")])
def test_skin_tones_and_selectors_make_no_difference(one: str, other: str) -> None:
    assert emoji_hash(one) == emoji_hash(other)


def test_different_emoji_differ_and_fit_a_signed_column() -> None:
    hashes = {emoji_hash(chr(code)) for code in range(0x1F300, 0x1F3FB)}
    assert len(hashes) == 0x1F3FB - 0x1F300
    assert all(0 <= each < 2**63 for each in hashes)
    assert emoji_hash("🏻") != emoji_hash("🏿")


def test_a_custom_emoji_is_its_id_whatever_its_name() -> None:
    assert hash_of("<:ty:123456789012345678>") == emoji_hash("123456789012345678")
    assert hash_of("<a:thanks:123456789012345678>") == emoji_hash("123456789012345678")


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("", []),
        ("👍❤️ 🙏，💡、✅", ["👍", "❤️", "🙏", "💡", "✅"]),
        ("1️⃣🇩🇪🇨🇳👨‍👩‍👧", ["1️⃣", "🇩🇪", "🇨🇳", "👨‍👩‍👧"]),
        ("👍<:ty:123456789012345678>🙏", ["👍", "<:ty:123456789012345678>", "🙏"]),
        ("👍👍🏽👍🏿", ["👍"]),
        ("‼️", ["‼️"]),
    ],
)
def test_emoji_are_told_apart(written: str, found: list[str]) -> None:
    assert split(written) == found


@pytest.mark.parametrize(
    "written", ["yes", "好", "1", "。", "👍a", "a👍", "<", "<:ty:12>", "\u200d", "\ufe0f👍"]
)
def test_anything_else_is_no_list_of_emoji(written: str) -> None:
    assert split(written) is None
