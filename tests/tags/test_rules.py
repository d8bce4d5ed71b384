"""What may be done to a server's tags, without a server."""

from dataclasses import replace

import pytest

from bot.tags import rules
from bot.tags.rules import Brought, Refused, Written
from bot.topics import Tree
from storage.records import Tag, TagMove

GUILD = 1


def tag(number: int, name: str, **more: object) -> Tag:
    return replace(Tag(guild_id=GUILD, name=name, tag_id=number), **more)  # type: ignore[arg-type]


WEB = tag(1, "web", chinese="网页")
FRONT = tag(2, "frontend", english="Front end", aliases=("fe", "前端开发"), under_id=1)
CSS = tag(3, "css", under_id=2)
ML = tag(4, "machine-learning", aliases=("ml",))
OLD = tag(5, "statistical-learning", aliases=("sl",), merged_into=4)
TAGS = [WEB, FRONT, CSS, ML, OLD]


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("web", "web"),
        ("网页", "web"),
        ("Front End", "frontend"),
        ("FE", "frontend"),
        ("前端", "frontend"),  # what the field calls it, which nobody had to say
        ("sl", "machine-learning"),
        ("statistical-learning", "machine-learning"),
        ("机器学习", "machine-learning"),
        ("rust", "rust"),
    ],
)
def test_every_word_for_a_tag_stands_for_it(word: str, name: str) -> None:
    assert Tree.of(TAGS).name_of(word) == name


def test_a_parent_finds_its_parts_and_a_part_what_it_is_of() -> None:
    tree = Tree.of(TAGS)
    assert tree.under("网页") == ("web", "frontend", "css")
    assert tree.above("css") == ("css", "frontend", "web")
    assert tree.under("rust") == tree.above("rust") == ("rust",)
    assert dict(tree.parts())["web"] == ("frontend", "Front end", "css")


def test_tags_are_called_what_moderators_say_and_else_what_the_field_says() -> None:
    tree = Tree.of(TAGS)
    assert [tree.called("web", language) for language in ("en", "zh-CN")] == ["web", "网页"]
    assert tree.called("fe", "en") == "Front end" and tree.called("fe", "zh-CN") == "前端"
    assert tree.called("databases", "zh-CN") == "数据库"
    assert tree.interest("sl", "zh-CN") == "机器学习" and tree.interest("Rust", "en") == "Rust"


@pytest.mark.parametrize(
    ("written", "key"),
    [
        (Written(name="FE"), "error-tags-taken"),
        (Written(name="sl"), "error-tags-taken"),
        (Written(name="new", aliases=("网页",)), "error-tags-taken"),
        (Written(name="new", under="nothing"), "error-tags-unknown"),
        (Written(name="new", aliases=tuple(f"a{n}" for n in range(13))), "error-tags-aliases"),
    ],
)
def test_what_would_mean_two_things_is_refused(written: Written, key: str) -> None:
    with pytest.raises(Refused) as caught:
        rules.added(TAGS, tag(-1, ""), written)
    assert caught.value.key == key


def test_a_former_name_stays_a_word_for_a_tag() -> None:
    after = Tree.of(rules.edited(TAGS, ML, Written(name="ml", aliases=())))
    assert after.name_of("machine-learning") == "ml" == after.name_of("sl")
    assert rules.retold(Tree.of(TAGS), after)["machine-learning"] == "ml"


def test_nothing_is_a_part_of_itself_or_too_deep() -> None:
    with pytest.raises(Refused, match="circle"):
        rules.edited(TAGS, WEB, Written(under="css"))
    chain = [tag(n, f"t{n}", under_id=n - 1 if n > 1 else None) for n in range(1, 7)]
    with pytest.raises(Refused, match="deep"):
        rules.added(chain, tag(-1, ""), Written(name="new", under="t6"))


def test_a_merged_tag_brings_its_words_and_parts() -> None:
    after = Tree.of(rules.merged(TAGS, FRONT, ML))
    assert after.name_of("fe") == "machine-learning"
    assert after.above("css") == ("css", "machine-learning")
    assert after.under("web") == ("web",)


@pytest.mark.parametrize("into", [FRONT, CSS])
def test_what_a_tag_was_a_part_of_may_become_it(into: Tag) -> None:
    after = Tree.of(rules.merged(TAGS, WEB, into))
    assert after.above(into.name) == (into.name,)
    assert set(after.under(into.name)) == {"frontend", "css"}


def test_what_is_removed_leaves_its_parts_to_its_parent() -> None:
    after = rules.removed(TAGS, FRONT)
    assert Tree.of(after).above("css") == ("css", "web")
    gone = rules.removed(TAGS, ML)
    assert {each.name for each in gone} == {"web", "frontend", "css"}


def test_resources_carry_another_tag_and_get_back_what_they_carried() -> None:
    told = {"ml": "machine-learning", "sl": "machine-learning"}
    carried = ("graphs", "ml", "rust", "sl")
    now, moves = rules.moved(7, GUILD, carried, told)
    assert now == ("graphs", "machine-learning", "rust")
    assert set(rules.moved_back(now, moves)) == set(carried)
    both, moves = rules.moved(7, GUILD, ("machine-learning", "ml"), told)
    assert both == ("machine-learning",)
    assert rules.moved_back(both, moves) == ("machine-learning", "ml")
    assert rules.moved_back(("graphs",), moves) == ("graphs",)  # a moderator took it off since
    many = TagMove(change_id=1, resource_id=7, guild_id=GUILD, given="x", taken=("a", "b"))
    assert len(rules.moved_back([*map(str, range(9)), "x"], [many])) == rules.CARRIED_MAX


def test_a_file_may_name_tags_in_any_order_and_is_taken_whole_or_not() -> None:
    rows = [
        Brought(line=2, name="css", under="frontend"),
        Brought(line=3, name="frontend", english="Front end", under="web"),
        Brought(line=4, name="web"),
        Brought(line=5, name="fe", merged_into="frontend"),
    ]
    after = rules.brought([], rows, tag(0, ""))
    assert Tree.of(after).above("css") == ("css", "frontend", "web")
    assert Tree.of(after).name_of("fe") == "frontend"
    assert [each.name for each in rules.parents_first(after)] == ["web", "frontend", "css", "fe"]
    with pytest.raises(Refused, match="line"):
        rules.brought([], [Brought(line=2, name="a", under="b")], tag(0, ""))
    round_ = [
        Brought(line=2, name="a", merged_into="b"),
        Brought(line=3, name="b", merged_into="a"),
    ]
    with pytest.raises(Refused, match="circle"):
        rules.brought([], round_, tag(0, ""))
    with pytest.raises(Refused, match="circle"):
        rules.brought(TAGS, [Brought(line=2, name="web", under="css")], tag(0, ""))
