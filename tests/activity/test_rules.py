import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.activity import rules
from bot.activity.rules import Place, Posted
from storage.records import EventKind

LATIN = "".join(f"{a}{b}" for a in "abcdefgh" for b in "klmnopqrst")
HAN = "".join(chr(0x4E00 + n) for n in range(40))
POSTED = Posted(guild_id=1, channel_id=2, message_id=3, author_id=4, posted_at=5.0)


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("", 0),
        ("hello", 5),
        ("Hello, world 42!", 12),
        ("你好", 5),
        ("カタカナー", 12.5),
        ("안녕", 5),
        ("naïve café", 9),
        ("привет", 6),
        ("👍👍🏽 🎉 ❤️ ℹ️ 1️⃣", 0),
        ("。，！？……—— ...", 0),
        ("https://example.org/some/long/path?q=1", 0),
        ("<@123456789> <@&1> <#2> <:party:123> <a:spin:456> </points:1> <t:1700000000:R>", 0),
        ("看https://example.org/a这个", 7.5),
        ("if a <b and c> d", 9),
        ("谢谢 thanks", 11),
    ],
)
def test_a_text_says_as_much_as_its_letters(text: str, units: float) -> None:
    assert rules.information(text) == units


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, None),
        ("🎉🎉🎉", 0),
        ("https://example.org", 0),
        ("thanks!", 1),
        ("谢谢你", 1),
        ("谢谢你们", 2),
        ("eight ch", 1),
        ("eightchr", 2),
        (LATIN[:79], 2),
        (LATIN[:80], 3),
        (HAN[:32], 3),
    ],
)
def test_length_classes_have_their_bounds_at_8_and_80_units(
    text: str | None, expected: int | None
) -> None:
    assert rules.length_class(text) == expected


WITHOUT_MARKUP = st.text().filter(lambda text: "<" not in text)


@given(WITHOUT_MARKUP, WITHOUT_MARKUP)
def test_two_lines_say_what_each_says(first: str, second: str) -> None:
    together = rules.information(f"{first} \n {second}")
    assert together == rules.information(first) + rules.information(second)


@given(st.text())
def test_any_text_has_a_length_class(text: str) -> None:
    assert rules.length_class(text) in (0, 1, 2, 3)


ORDINARY = {
    "in_guild": True,
    "is_bot": False,
    "is_webhook": False,
    "is_written": True,
    "is_command": False,
}


@pytest.mark.parametrize("turned", list(ORDINARY))
def test_only_what_a_member_wrote_counts(turned: str) -> None:
    assert rules.is_counted(**ORDINARY)
    assert not rules.is_counted(**(ORDINARY | {turned: not ORDINARY[turned]}))


def test_a_reply_is_aimed_at_the_author_answered_and_else_at_the_threads_owner() -> None:
    in_thread = replace(POSTED, in_thread=True, thread_owner=7, reply_to=9)
    assert rules.message_event(in_thread, 8, None).target_id == 8
    assert rules.message_event(in_thread, None, None).target_id == 7
    assert rules.message_event(in_thread, 8, None).is_reply


def test_nobody_answers_themselves() -> None:
    own = replace(POSTED, in_thread=True, thread_owner=POSTED.author_id)
    assert rules.message_event(own, None, None).target_id is None


def test_taking_back_keeps_what_it_takes_back() -> None:
    event = rules.message_event(POSTED, 8, 99)
    undone = rules.undone(event, EventKind.MESSAGE_DELETED, 6.0)
    assert (undone.source_id, undone.user_id, undone.resource_id) == (3, 4, 99)
    assert (undone.kind, undone.occurred_at) == (EventKind.MESSAGE_DELETED, 6.0)


def test_the_first_time_every_channel_begins_behind_its_end() -> None:
    places = [Place(10, made=10, newest=50), Place(20, made=20)]
    assert rules.first_cursors({}, places, is_new=False) == {10: 50, 20: 20}


def test_a_channel_made_while_away_is_read_from_its_beginning() -> None:
    places = [Place(10, made=10, newest=50), Place(90, made=90, newest=95)]
    assert rules.first_cursors({10: 50}, places, is_new=False) == {90: 89}


def test_a_thread_started_from_an_old_message_is_as_young_as_the_thread() -> None:
    places = [Place(40, made=90, newest=95)]
    assert rules.first_cursors({10: 50}, places, is_new=False) == {40: 39}


def test_a_channel_that_was_hidden_begins_behind_its_end() -> None:
    places = [Place(10, made=10, newest=50), Place(20, made=20, newest=70)]
    assert rules.first_cursors({10: 50}, places, is_new=False) == {20: 70}


def test_let_in_again_nothing_from_between_is_read() -> None:
    places = [Place(10, made=10, newest=80), Place(90, made=90, newest=95)]
    assert rules.first_cursors({10: 50}, places, is_new=True) == {10: 80, 90: 95}


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("哈哈哈哈哈哈哈哈哈哈", 1),
        ("666666666666", 1),
        ("good good good good good", 1),
        ("顶顶顶顶顶顶顶顶", 1),
        ("谢谢大家，今天学到了", 2),
        ("thank you, I learned a lot", 2),
    ],
)
def test_what_is_said_over_and_over_counts_once(text: str, length: int) -> None:
    assert rules.length_class(text) == length


def test_pieces_are_bigrams_of_han_and_as_much_of_other_scripts() -> None:
    assert rules.pieces("学 习，打卡！") == ["学习", "习打", "打卡"]
    assert rules.pieces("Hello, W") == ["hello", "ellow"]
    assert rules.pieces("ＡＢ学") == ["ab学"]
    assert rules.pieces("好") == ["好"]
    assert rules.pieces("!!! 🎉 https://example.org") == []


@pytest.mark.parametrize(
    ("text", "is_command"),
    [
        ("!rank", True),
        ("/daily", True),
        ("?play some song", True),
        ("...", False),
        ("-5 degrees", False),
        ("what is !important for?", False),
        ("!important comes last in a rule, because it beats what comes later", False),
        ("?play some song", True),
        (".play a song of five words", True),
        ("!warn @somebody spam", True),
        ("$balance", True),
        (".env files are loaded first", False),
        (".gitignore excludes build output", False),
        ("$PATH is searched in order", False),
        ("&mut borrows are exclusive here", False),
        ("-Wall turns on most warnings", False),
        ("~root is another home directory", False),
        ("%s formats whatever you pass", False),
        ("=default keeps the compiler's constructor", False),
        ("+x makes the file executable", False),
        (";wq saves and then quits", False),
        ("!important wins over everything else", False),
        ("/etc is where settings live", False),
        ("?debug in the query helps", False),
    ],
)
def test_what_other_bots_listen_to_is_told_apart(text: str, is_command: bool) -> None:
    assert rules.is_like_a_command(text) is is_command


PHRASES = (
    "今天学习打卡",
    "加油加油",
    "继续努力",
    "坚持就是胜利",
    "每天进步一点点",
    "一起学习吧",
    "我来签到了",
    "支持一下",
    "不错不错很好",
    "学到了很多",
)


def test_phrases_shuffled_padded_and_numbered_say_nothing_new_in_chinese() -> None:
    chance, heard = random.Random(1), rules.Heard(2)
    n_new = 0
    for n in range(200):
        words = chance.sample(PHRASES, 4)
        text = chance.choice(["", "！", " ~ "]).join(words) + str(chance.randrange(1_000))
        n_new += heard.novelty(1, 7, text, 60.0 * n) or 0
    assert n_new <= 6


def test_the_same_sentence_a_little_changed_says_nothing_new_in_english() -> None:
    heard = rules.Heard(2)
    say = "Keep going everyone, you are all doing a really great job today"
    assert heard.novelty(1, 7, say, 0) == 1
    for text in (say, say.upper(), f"{say}!! 7", f"ok {say}", say.replace(" ", ".")):
        assert heard.novelty(1, 7, text, 60) == 0


def test_a_copy_of_somebody_elses_message_says_nothing_new_and_another_guild_never_heard_it() -> (
    None
):
    heard = rules.Heard(2)
    text = "一致性哈希可以减少节点变动时的数据迁移"
    assert heard.novelty(1, 7, text, 0) == 1
    assert heard.novelty(1, 8, f"{text}。", 10) == 0
    assert heard.novelty(2, 8, text, 20) == 1


def test_the_same_again_is_nothing_new_for_a_week() -> None:
    heard = rules.Heard(2)
    for hour in (0, 1, 2, 25, 48, 73, 200):
        is_new = heard.novelty(1, 7, f"the build is green again{'!' * hour}", 3_600.0 * hour)
        assert is_new == (hour == 0)
    assert heard.novelty(1, 8, "the build is green again", 3_600.0 * 300) == 1
    assert heard.novelty(1, 7, "the build is green again", 3_600.0 * 369) == 1


def test_a_stock_of_sentences_wears_off_over_days() -> None:
    heard, chance = rules.Heard(2), random.Random(1)
    stock = [" ".join(f"{chance.getrandbits(40):x}" for _ in range(9)) for _ in range(30)]
    new = [
        sum(
            heard.novelty(1, 7, f"{text} {day}", 86_400.0 * day + 60 * n) or 0
            for n, text in enumerate(chance.sample(stock, len(stock)))
        )
        for day in range(10)
    ]
    assert new[0] == len(stock)
    assert max(new[1:]) <= 6


def test_a_message_that_is_read_again_days_later_is_not_its_own_repetition() -> None:
    heard = rules.Heard(2)
    text = "consistent hashing moves less when nodes change"
    assert heard.novelty(1, 7, text, 0.0, 50) == 1
    assert heard.novelty(1, 7, text, 0.0, 50) == 1
    assert heard.novelty(1, 7, text, 2 * 86_400.0, 50) == 1
    assert heard.novelty(1, 7, text, 3 * 86_400.0, 51) == 0
    heard.drop(1, {51})
    assert heard.novelty(1, 7, text, 4 * 86_400.0, 52) == 1


def test_whoever_has_said_nothing_for_a_day_is_forgotten() -> None:
    heard = rules.Heard(2)
    for author in range(2_000):
        heard.novelty(1, author, f"hello from number {author}", 10_000.0 * author)
    assert len(heard.own) <= 1_001


def test_words_used_hours_ago_may_be_put_into_another_order() -> None:
    heard = rules.Heard(2)
    first, second = "索引没有命中，因为类型不一致", "类型不一致的时候，索引会不会命中"
    assert heard.novelty(1, 7, first, 0) == 1
    assert heard.novelty(1, 7, "因为类型不一致，索引没有命中", 60) == 0
    assert heard.novelty(1, 7, second, 2 * 3_600) == 1


def test_texts_that_may_not_be_read_or_say_nothing_are_not_judged() -> None:
    heard = rules.Heard(2)
    assert [heard.novelty(1, 7, text, 0) for text in (None, "", "🎉🎉")] == [None] * 3


HONEST = (
    "我昨天把缓存层换成了一致性哈希，扩容的时候迁移少了很多",
    "你们线上用的是哪种限流算法？我们在令牌桶和漏桶之间犹豫",
    "令牌桶能应对突发流量，漏桶更平滑，看你们的下游能不能扛",
    "谢谢解释，那我先压测一下再决定",
    "压测记得把预热时间算进去，不然延迟会偏高",
    "有没有关于事务隔离级别的好文章？快被幻读搞晕了",
    "推荐《设计数据密集型应用》第七章，讲得很清楚",
    "I moved the cache to consistent hashing and resizing got much cheaper",
    "which rate limiter do you run in production, token bucket or leaky bucket?",
    "token buckets absorb bursts, leaky ones smooth them; depends on what is behind",
    "thanks, I will run a load test before deciding",
    "remember to leave out the warm-up or your latencies look worse than they are",
)


def test_an_honest_conversation_is_new_throughout() -> None:
    heard = rules.Heard(2)
    assert all(heard.novelty(1, 7 + n % 2, text, 30.0 * n) for n, text in enumerate(HONEST))
