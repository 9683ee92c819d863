"""Numbers on a logarithmic axis: round, never on top of each other, and never only one."""

import itertools
import math
import re
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from playground import Playground

SCRIPT = Path(__file__).parents[2] / "nets/page/stage/browser/ticks.js"
BETWEEN_LABELS = 12  # px, from the middle of one to the middle of the next


def test_ticks_are_round_far_enough_from_each_other_and_at_least_two(chromium):
    page = chromium.new_page()
    page.add_script_tag(content=re.sub(r"^export ", "", SCRIPT.read_text("utf-8"), flags=re.M))

    @settings(max_examples=150, deadline=None)
    @given(st.floats(-40, 30), st.floats(1e-4, 40), st.sampled_from([0.08, 0.15, 0.25, 0.3]))
    def holds(start, length, gap):
        low, high = 10**start, 10 ** (start + length)
        ticks = page.evaluate(f"ticksBetween({low!r}, {high!r}, {gap})")
        assert 2 <= len(ticks) <= 5
        assert low <= ticks[0] < ticks[-1] <= high
        places = [math.log10(tick) for tick in ticks]
        assert all(b - a >= 0.999 * gap * length for a, b in itertools.pairwise(places))
        if length >= 1:
            assert all(f"{tick:e}"[2:7].strip("0") == "" for tick in ticks)

    holds()
    page.close()


def test_the_loss_axis_has_no_labels_on_top_of_each_other_while_the_loss_falls(visit):
    visitor = visit("?data=iris&log=1")
    visitor.settle()
    for epochs in (0, 6):
        visitor.step(epochs)
        middles = sorted(labels(visitor))
        assert len(middles) >= 2
        gaps = [below - above for above, below in itertools.pairwise(middles)]
        assert min(gaps) >= BETWEEN_LABELS


def labels(visitor: Playground) -> list[float]:
    """Return the heights of the labels of the loss axis, in px."""
    return visitor.page.evaluate("""
        () => [...document.querySelectorAll('.st-key-loss_chart .ytick text')]
          .map((label) => label.getBoundingClientRect())
          .map((box) => (box.top + box.bottom) / 2)
    """)
