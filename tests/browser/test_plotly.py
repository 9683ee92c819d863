"""The private parts of Plotly that the stage's script uses, and what breaks when they change."""

from pathlib import Path

import pytest

BROWSER = Path(__file__).parents[2] / "nets/page/stage/browser"
PRIVATE = (
    "_fullLayout",
    "__data__",
    "_offset",
    "c2p",
    ".scatterlayer",
    ".shapelayer",
    ".imagelayer",
    ".points",
    ".text text",
    ".js-line",
    ".cbtitle",
    ".cbaxis",
)

TOOLS = """
  const plot = document.querySelector('.st-key-' + figure);
  const all = (selector, root = plot) => [...root.querySelectorAll(selector)];
  const groups = all('.scatterlayer .trace');
  const indices = groups.map((group) => group.__data__[0].trace.index);
  const texts = (selector) => all(selector).map((text) => text.textContent).join();
  const trace = (name) => plot.data.find((one) => one.name === name);
  const group = (name) => groups.find((_, i) => plot.data[indices[i]].name === name);
  const points = (name) => all('.points path', group(name));
  const { xaxis, yaxis } = plot._fullLayout;
  const near = (one, other) => Math.abs(one - other) <= 1;
  const middle = (part) => {
    const { x, width } = part.getBoundingClientRect();
    return x + width / 2 - plot.getBoundingClientRect().x - plot.clientLeft;
  };
  const end = (line) => line.getPointAtLength(line.getTotalLength());
"""

# The query, the figure, what breaks, and what must hold for it to work.
PARTS = [
    (
        "",
        "diagram",
        "changes are written into the wrong trace",
        "plot.data.every((_, i) => i === indices[i])",
    ),
    (
        "",
        "diagram",
        "neurons keep their first fills and outlines",
        "points('neurons').length === trace('neurons').x.length",
    ),
    (
        "",
        "diagram",
        "biases keep their first fills and outlines",
        "points('biases').length === trace('biases').x.length",
    ),
    (
        "",
        "diagram",
        "neurons keep their first values",
        "all('.text text', group('neurons')).length === trace('neurons').x.length",
    ),
    (
        "",
        "diagram",
        "weights keep their first colours",
        "all('.shapelayer path[data-index]').map((path) => path.dataset.index).join() === "
        "plot.layout.shapes.map((_, i) => i).join()",
    ),
    ("", "diagram", "the colour bar keeps its title", "texts('.cbtitle text') === 'weight'"),
    (
        "",
        "diagram",
        "the colour bar keeps its labels",
        "texts('.cbaxis text') === trace('colour bar').marker.colorbar.ticktext.join()",
    ),
    (
        "",
        "diagram",
        "shared lines are drawn in the wrong place",
        "points('neurons').every((part, i) => near(middle(part), xaxis._offset + "
        "xaxis.c2p(trace('neurons').x[i])))",
    ),
    (
        "?data=circle",
        "map",
        "the map keeps its first picture",
        "all('.imagelayer image').map((image) => image.href.baseVal).join() === "
        "plot.layout.images.map((image) => image.source).join()",
    ),
    (
        "?data=sine",
        "map",
        "the curve keeps its first shape",
        "near(end(all('.js-line', group('curve'))[0]).y, yaxis.c2p(trace('curve').y.at(-1)))",
    ),
]


def test_only_one_script_knows_the_private_parts_of_plotly():
    scripts = {script.name: script.read_text("utf-8") for script in BROWSER.glob("*.js")}
    users = {part: {name for name in scripts if part in scripts[name]} for part in PRIVATE}
    assert users == {part: {"plotly.js"} for part in PRIVATE}


@pytest.mark.parametrize("query", ["", "?data=circle", "?data=sine"])
def test_plotly_still_has_the_parts_that_the_script_writes_into(visit, query):
    visitor = visit(query)
    visitor.settle()
    broken = [
        what
        for where, figure, what, works in PARTS
        if where == query
        and not visitor.page.evaluate(f"(figure) => {{ {TOOLS} return {works}; }}", figure)
    ]
    assert broken == []


def test_points_that_change_their_shape_have_the_outline_that_plotly_draws(visit):
    visitor = visit("?data=notebook")
    for _ in range(6):  # in the last phase biases show their sign again
        visitor.step_phase()
    outlines = "[...document.querySelectorAll('.st-key-diagram .points path')].map(p => " \
        "p.getAttribute('d').match(/-?[\\d.]+/g).map(Number))"  # fmt: skip
    ours = visitor.page.evaluate(outlines)
    shapes = visitor.page.evaluate(
        "() => document.querySelector('.st-key-diagram').data.flatMap(t => t.marker?.symbol ?? [])"
    )
    assert {"circle", "square", "diamond"} == set(shapes)
    visitor.page.evaluate("() => Plotly.redraw(document.querySelector('.st-key-diagram'))")
    assert visitor.page.evaluate(outlines) == [pytest.approx(one, abs=0.02) for one in ours]
