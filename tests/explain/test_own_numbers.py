"""Own numbers: those of a textbook agree with the page; wrong ones get the right number."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nets import start
from nets.explain.own_numbers import check_numbers
from nets.explain.phases import trace_update
from nets.page.visitor.snapshot import names_of
from nets.presets import PRESETS

HAN = trace_update(start(PRESETS["han"]))
NAMES = [["x₁", "x₂", "x₃"], ["h₁", "h₂"], ["ŷ₁"]]
PUBLISHED = """
h₁ 0.332, h2 = 0.525; ŷ₁ = 0,474
z1[0] = -0.7   δ²₁ −0.1312
w2[0, 0] = -0.261
w2[1,0]: -0.138
w¹₁₁ 0.192   w1[0, 1] −0.306   b1[1] 0.194   b1[0, 0] = -0.408   b²₁ ≈ 0.218
loss = 0.1384
"""


def check(text):
    return check_numbers(text, HAN, NAMES)


def test_the_numbers_of_a_textbook_agree_by_every_name():
    rows = check(PUBLISHED)
    assert [row.name for row in rows if not row.agrees] == []
    assert len(rows) == 13


@pytest.mark.parametrize(
    ("text", "right", "remark"),
    [
        ("h₁ 0.432", "0.332", ""),
        ("w1[0, 0] = 0.200", "0.192", "This is the value before the update."),
        ("w1[0, 0] = 0.2000", "0.1921", "This is the value before the update."),
        ("delta2[0] = 0.1312", "−0.1312", "Only the sign differs."),
        ("b1[1] = 0.195", "0.194", "Only the last digit differs."),
        ("v1 = 3", "", "The page has no number of this name."),
        ("w1 = 3", "", "The page has no number of this name."),
    ],
)
def test_a_wrong_number_gets_the_right_one_and_what_may_have_been_meant(text, right, remark):
    (row,) = check(text)
    assert not row.agrees
    assert row.right.startswith(right)
    assert row.remark == remark


def test_a_number_agrees_to_the_digits_given_and_not_to_one_more():
    exact = HAN.activity.outputs[0][0, 0].item()
    for digits in range(1, 7):
        assert check(f"h₁ {exact:.{digits}f}")[0].agrees
        assert not check(f"h₁ {exact + 1.1 * 10**-digits:.{digits}f}")[0].agrees


@pytest.mark.parametrize(
    ("text", "agrees"),
    [
        ("0,332", True), (".332", True), ("3.32e-1", True), ("0.332.", True), ("0.332;", True),
        ("1/3", False), ("332/1000", False), ("0.3319/1", False), ("−0,332", False),
        ("1 000", False), ("1/0", False), ("33 200 e", False),
    ],
)  # fmt: skip
def test_a_number_is_read_as_it_is_typed_or_not_at_all(text, agrees):
    (row,) = check(f"h₁ = {text}")
    assert row.agrees == agrees
    assert row.given == text.rstrip(".; e")


@pytest.mark.parametrize("text", ["", "nothing", "3 4 5", "h₁ " * 9, "h₁ 1 " * 301, "9" * 20_001])
def test_text_without_numbers_or_with_too_many_is_refused_with_a_sentence(text):
    with pytest.raises(ValueError, match="The text must"):
        check(text)


LIKELY = st.from_regex(r"([wbazh]\d?\[?\d?[ =]?[-−]?\d*[.,]?\d*e?\d*[ ,]?){1,5}")


@given(st.text(max_size=80) | LIKELY)
def test_any_text_is_checked_or_refused(text):
    with suppress(ValueError):
        assert all(row.given for row in check(text))


# After the first update, as the books print them.
PUBLISHED_BY_BOOKS = {
    "han": "w46 −0.261 w56 −0.138 w14 0.192 w15 −0.306 w24 0.4 w25 0.1 w34 −0.508 w35 0.194 "
    "θ6 0.218 θ5 0.194 θ4 −0.408 O4 0.332 O5 0.525 O6 0.474 w₁₄ 0.192 "
    "Err5 −0.0065 Err4 −0.0087",
    "mazur": "w5 .35891648 w6 .408666186 w7 .511301270 w8 .561370121 w1 .149780716 w2 .19956143 "
    "w3 .24975114 w4 .29950229",
    "negnevitsky": "w13 0.5038 w14 0.8985 w23 0.4038 w24 0.9985 w35 −1.2067 w45 1.0888 "
    "θ3 0.7962 θ4 −0.0985 θ5 0.3127 y3 0.5250 y4 0.8808 y5 0.5097 δ5 −0.1274 δ3 0.0381 δ4 −0.0147",
}


@pytest.mark.parametrize("name", PUBLISHED_BY_BOOKS)
def test_the_published_numbers_agree_by_the_names_of_the_book(name):
    run = start(PRESETS[name])
    rows = check_numbers(PUBLISHED_BY_BOOKS[name], trace_update(run), names_of(run))
    assert [row for row in rows if not row.agrees] == []
