from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot import draw, lettering
from bot.lettering import SCALE

SCRIPTS = {
    "Latin": "Zoë Ångström",
    "Greek and Cyrillic": "Ωμέγα Привет",
    "simplified Chinese": "林晓测试",
    "traditional Chinese": "陳龍飛",
    "Japanese": "こんにちは カナ",
    "Korean": "한국어",
    "Arabic": "محمد عبد الله",
    "Hebrew": "שלום",
    "Thai": "สวัสดีครับ",
    "Devanagari": "नमस्ते",
    "Tamil": "வணக்கம்",
    "Georgian and Armenian": "ქართული հայ",
    "emoji": "👩‍💻 👍🏽 ❤️ 1️⃣ 🇩🇪",
    "signs": "★ ♪ → ™ ✓ ∑",
    "letters of mathematics": "𝓐𝓵𝓲𝓬𝓮",
}


def drawn(text: str, **options: float) -> Image.Image:
    canvas = draw.Canvas(300, 40)
    canvas.text((5, 28), text, 20, max_width=options.get("max_width"))
    return Image.open(BytesIO(canvas.png())).convert("L")


def extent(text: str, **options: float) -> int:
    """Return where what was drawn ends, in points."""
    box = drawn(text, **options).point(lambda value: 255 if value > 60 else 0).getbbox()
    return 0 if box is None else box[2] // SCALE


@pytest.mark.parametrize("name", SCRIPTS)
def test_names_are_drawn_in_every_script(name: str) -> None:
    for word in SCRIPTS[name].split():
        runs = lettering._runs(list(lettering._clusters(word)))
        assert not any("□" in run.text for run in runs)
        assert extent(word) > 10


@pytest.mark.parametrize("text", ["ᚠᚢᚦ", "\ue000\U00012000", "﷽", "\u3164", "", " ", "\x00\ud800"])
def test_a_name_nobody_can_draw_is_boxes_or_nothing_and_no_failure(text: str) -> None:
    drawn(text)
    canvas = draw.Canvas(300, 40)
    canvas.text((5, 28), text, 20, weight="bold")


def test_chinese_is_set_in_the_simplified_face() -> None:
    (run,) = lettering._runs(list(lettering._clusters("骨直")))
    face = lettering._faces()[run.face]
    assert (face.path.name, face.index) == ("NotoSansCJK-VF.otf.ttc", 2)


@pytest.mark.parametrize(
    "text", ["W" * 300, "林" * 300, "שלום " * 60, "👩‍💻" * 100, "a\u0301" * 200]
)
def test_long_text_is_cut_to_its_width_and_says_so(text: str) -> None:
    assert draw.width_of(text, 20) > 200
    assert extent(text, max_width=200) <= 206
    assert lettering.fitted(text, 20, "regular", 400.0)[0][0 if "ש" in text else -1].text[-1] == "…"


def test_text_that_fits_is_not_touched() -> None:
    wide = draw.width_of("Alice", 20)
    runs, _ = lettering.fitted("Alice", 20, "regular", wide * SCALE)
    assert "".join(run.text for run in runs) == "Alice"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Alice", "Alice"),
        ("Alice محمد Bob", "Alice " + "محمد"[::-1] + " Bob"),
        ("محمد Alice שלום", "שלום"[::-1] + " Alice " + "محمد"[::-1]),
        ("محمد علي", "محمد علي"[::-1]),
    ],
)
def test_words_of_both_directions_stand_in_reading_order(text: str, shown: str) -> None:
    runs = lettering._runs(list(lettering._clusters(text)))
    assert "".join(run.text[::-1] if run.is_rtl else run.text for run in runs) == shown


def test_marks_beyond_what_scripts_need_are_dropped() -> None:
    (cluster,) = lettering._clusters("Z" + "\u0315\u0316\u0317\u0318" * 20)
    assert len(cluster) == 5


def test_controls_and_line_breaks_do_not_reach_the_picture() -> None:
    assert "".join(lettering._clusters("a\tb\nc\x00\u202ed")) == "a b cd"


@settings(deadline=None, max_examples=150)
@given(st.text(max_size=60), st.integers(1, 300), st.sampled_from(["regular", "bold"]))
def test_whatever_a_name_is_it_is_drawn_within_its_width(
    text: str, width: int, weight: draw.Weight
) -> None:
    canvas = draw.Canvas(300, 40)
    taken = canvas.text((0, 28), text, 20, weight=weight, max_width=width)
    assert taken <= max(width, draw.width_of("…", 20, weight="bold") + 25)


def test_anchors_say_which_end_is_meant() -> None:
    pictures = []
    for anchor, x in (("left", 10.0), ("right", 10.0 + draw.width_of("Alice", 20))):
        canvas = draw.Canvas(100, 40)
        canvas.text((x, 28), "Alice", 20, anchor=anchor)  # type: ignore[arg-type]
        pictures.append(canvas.png())
    assert pictures[0] == pictures[1]


def test_a_bar_shows_its_share_and_any_at_all_is_seen() -> None:
    def filled(share: float) -> int:
        canvas = draw.Canvas(100, 10)
        canvas.bar((0, 0), (100, 10), share)
        pixels = Image.open(BytesIO(canvas.png()))
        return sum(pixels.getpixel((x, 10)) == draw.ACCENT for x in range(pixels.width)) // SCALE

    assert filled(0) == 0
    assert filled(0.0001) == 10
    assert filled(0.5) == 50
    assert filled(7) == 100


def test_shapes_land_where_they_are_put_and_empty_ones_nowhere() -> None:
    canvas = draw.Canvas(20, 20)
    blank = canvas.png()
    canvas.box((5, 5), (0, 10), draw.GOOD)
    canvas.box((5, 5), (10, -1), draw.GOOD)
    assert canvas.png() == blank
    canvas.box((5, 5), (10, 10), draw.GOOD)
    canvas.dot((10, 10), 2, draw.GOLD)
    canvas.line([(0, 1), (19, 1)], draw.CAUTION, 1)
    picture = Image.open(BytesIO(canvas.png()))
    assert picture.size == (20 * SCALE, 20 * SCALE)
    seen = [picture.getpixel((x * SCALE, y * SCALE)) for x, y in ((4, 4), (5, 5), (10, 10))]
    assert seen == [draw.BACKGROUND, draw.GOOD, draw.GOLD]
    assert picture.getpixel((10, 2)) == draw.CAUTION
