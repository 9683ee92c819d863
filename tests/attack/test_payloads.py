"""What others wrote is text: found on the page as it was typed, and never markup."""

import csv
import io
from urllib.parse import urlencode

import pytest
from visiting import arrive

from nets.page.html.text import as_markdown

# In each, {m} is a word that is found nowhere else. None is longer than a message quotes.
PAYLOADS = """
=1+1{m}|+1+1{m}|-1+1{m}|@SUM({m})|<b>{m}</b>|<i>{m}</i> <br>|<sup>{m}</sup>|$x^2$ {m}|`{m}`|**{m}**
![{m}](//evil.test/i.png)|[{m}](//evil.test)|<img src=//evil.test/{m}>|<a href=//evil.test>{m}</a>
http://evil.test/{m}|<http://evil.test/{m}>|www.evil.test/{m}|{m}@evil.test|<script>hit={m}</script>
<svg onload=hit=1>{m}|<iframe src=//evil.test>{m}|<!-- {m} -->|&lt;{m}&gt;|&amp;{m}|$$\\frac{m}1$$
:red[{m}]|:blue-background[{m}]|:small[{m}]|:material/home: {m}|:tada: {m}|:streamlit: {m}|_{m}_
~~{m}~~|# {m}|> {m}|* {m}|1. {m}|\\*{m}\\*|{m} -> <- --|{m}[^1]
"""
PAYLOADS = [
    payload.replace("{m}", f"q{number}q")
    for number, payload in enumerate(PAYLOADS.strip().replace("\n", "|").split("|"))
]
CHOICES = (  # words of an address that take one of a few values
    "data", "hidden_activation", "output_activation", "loss", "reduction", "bias_rule", "optimizer",
    "first_weights",
)  # fmt: skip
GROUPS = [PAYLOADS[start : start + 10] for start in range(0, len(PAYLOADS), 10)]
# The texts in the page's document that hold one of these words, and the elements made for them.
TEXTS = """() => {
    const word = /q\\d+q/, found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        let text = walker.currentNode;
        if (text.previousSibling?.nodeType === Node.TEXT_NODE) continue;
        let whole = text.data;
        while ((text = text.nextSibling)?.nodeType === Node.TEXT_NODE) whole += text.data;
        whole = whole.replaceAll('\\u2060', '');  // a word joiner is invisible
        if (word.test(whole)) found.push(whole);
    }
    const made = [...document.querySelectorAll('body :is(a, img, iframe, script, svg[onload])')]
        .map(element => element.outerHTML).filter(html => word.test(html) || /evil/.test(html));
    return [found, made];
}"""
# Open the box of a neuron, as the pointer does, and say whether it holds one of these words.
HOVER = """point => {
    const plot = document.querySelector('.st-key-diagram');
    const curveNumber = plot.data.findIndex(trace => trace.name === 'neurons');
    Plotly.Fx.hover(plot, [{curveNumber, pointNumber: point}]);
    return /q\\d+q/.test(plot.querySelector('.hoverlayer').textContent);
}"""


def as_typed(visitor):
    """Return the payloads that the page shows; each must be there as it was typed."""
    texts, made = visitor.page.evaluate(TEXTS)
    assert made == []
    assert visitor.page.evaluate("window.hit") is None
    shown = set()
    for text in texts:
        for number, payload in enumerate(PAYLOADS):
            if f"q{number}q" in text:
                assert is_in(text, payload), f"{payload} is shown as {text}"
                shown.add(payload)
    return shown


def is_in(text, payload):
    """Say whether a text has a payload, as it was typed, quoted as Python does, or cut."""
    if payload in text or repr(payload)[1:-1] in text:
        return True
    start, cut, end = text.strip().replace("...", "…").partition("…")
    return bool(cut) and payload.startswith(start) and f"{payload}.csv".endswith(end)


def test_forty_kinds_of_markup_are_tried():
    assert len(PAYLOADS) == 40
    assert all(f"q{number}q" in payload for number, payload in enumerate(PAYLOADS))


@pytest.mark.parametrize(
    "words",
    [dict.fromkeys(PAYLOADS, "1"), dict(zip(CHOICES, PAYLOADS[::5], strict=True))],
    ids=["names", "values"],
)
def test_what_an_address_says_is_shown_as_typed(browse, words):
    visitor = browse(f"?{urlencode(words)}")
    assert as_typed(visitor) >= {*words, *words.values()} & {*PAYLOADS}


@pytest.mark.parametrize("payloads", GROUPS)
def test_the_sentence_about_an_address_has_no_markup(payloads):
    for payload in payloads:
        page = arrive(data=payload)
        assert as_markdown(repr(payload)) in page.warning[0].value


@pytest.mark.parametrize("payloads", GROUPS)
def test_names_of_columns_classes_and_files_are_shown_as_typed(browse, payloads):
    visitor = browse()
    visitor.choose("data", "Own data")
    bring(visitor, [("constant", *payloads, "y"), *rows_of(payloads)], payloads[0])
    visitor.element("own_preview").get_by_text("20 examples").wait_for()
    visitor.settle()
    assert as_typed(visitor) >= set(payloads)
    visitor.click("use_own")
    visitor.page.get_by_role("dialog").wait_for(state="detached")
    visitor.settle()
    as_typed(visitor)
    for point in range(len(payloads)):
        assert visitor.page.evaluate(HOVER, point)
        as_typed(visitor)
    visitor.step_phase()
    for panel in ("Four steps", "Inspect", "Weights and biases", "Data and output", "Results"):
        visitor.show_panel(panel)
        as_typed(visitor)
    visitor.show_panel("Predict")
    assert as_typed(visitor) >= set(payloads)
    visitor.page.get_by_text("Many rows").click()
    paste(visitor, [payloads[::-1][:-1], ["1"] * 9])
    visitor.page.get_by_text("missing:").wait_for()
    as_typed(visitor)
    paste(visitor, [payloads, ["1"] * 10])
    visitor.element("try_download").wait_for()
    visitor.settle()
    as_typed(visitor)
    visitor.click("bring")
    visitor.page.get_by_role("dialog").get_by_text("uploaded earlier").wait_for()
    assert payloads[0] in as_typed(visitor)


def test_no_cell_of_a_downloaded_file_is_a_formula(browse, tmp_path):
    payloads = GROUPS[0]
    visitor = browse()
    visitor.choose("data", "Own data")
    bring(visitor, [("constant", *payloads, "y"), *rows_of(payloads)], "data")
    visitor.element("own_preview").get_by_text("20 examples").wait_for()
    visitor.click("use_own")
    visitor.page.get_by_role("dialog").wait_for(state="detached")
    visitor.settle()
    visitor.show_panel("Predict")
    visitor.page.get_by_text("Many rows").click()
    paste(visitor, [[*payloads, "=2+2"], *[["1"] * 10 + ["=3+3"]] * 3])
    visitor.element("try_download").wait_for()
    with visitor.page.expect_download() as download:
        visitor.click("try_download")
    text = download.value.path().read_text()
    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    assert [cell for cell in cells if cell.startswith(tuple("=+-@\t\r")) and not number(cell)] == []
    assert any("q0q" in cell for cell in cells)


def number(cell):
    """Say whether a cell is a number, which is no formula."""
    try:
        float(cell)
    except ValueError:
        return False
    return True


def rows_of(payloads):
    """Write twenty rows: a column that is always 1, one a payload, and a class named by one."""
    for number in range(20):
        cells = ((number * (place + 1)) % 11 for place in range(len(payloads)))
        yield 1, *cells, payloads[number % len(payloads)]


def bring(visitor, rows, name):
    """Upload rows as a file with a name."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    file = {"name": f"{name}.csv", "mimeType": "text/csv", "buffer": text.getvalue().encode()}
    visitor.page.locator(".st-key-own_file input[type=file]").set_input_files(file)


def paste(visitor, rows):
    """Paste rows into the field of the panel Predict."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    field = visitor.element("try_text", "textarea")
    field.fill(text.getvalue())
    field.press("Control+Enter")
    visitor.settle()
