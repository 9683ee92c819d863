"""The glossary: one explanation for each word that a student may not know.

Every help text on the page comes from here. A function explains itself: what an activation, a
loss, an optimiser or a way to draw first weights computes is taken from its docstring and its row.
"""

import math
import re
from collections.abc import Callable
from typing import Any

from nets.engine.activations import ACTIVATIONS
from nets.engine.initializers import FIRST_WEIGHTS
from nets.engine.losses import LOSSES
from nets.engine.optimizers import CONSTANTS, OPTIMIZERS
from nets.engine.softmax import FOR_OUTPUTS
from nets.explain.optimizers import CHANGE_LINES
from nets.lessons.words import GROUPS, Word

MINUS = re.compile(r"(?<![a-z])-|-(?![a-z])")  # a hyphen that does not join two words


def about_function(function: Callable[..., Any]) -> str:
    """Return the first paragraph of a function's docstring, which says what it computes."""
    first, *_ = (function.__doc__ or "").strip().split("\n\n")
    return MINUS.sub("−", " ".join(first.replace("`", "").split()))


def about_range(low: float, high: float) -> str:
    """Say between which numbers an activation lies; empty if it has no limit."""
    if math.isinf(low):
        return ""
    above = "upwards" if math.isinf(high) else f"to {high:g}"
    return f" Results: from {low:.2g} {above}.".replace("-", "−")


ROWS: dict[str, tuple[Word, ...]] = {
    "Activations": tuple(
        Word(row.name, f"{about_function(row.value)}{about_range(*row.range)}")
        for row in (ACTIVATIONS | FOR_OUTPUTS).values()
    ),
    "Losses of one output ŷ with target y": tuple(
        Word(row.name, about_function(row.value)) for row in LOSSES.values()
    ),
    "Optimisers": tuple(
        Word(row.title, about_function(CHANGE_LINES[name]) if name in CHANGE_LINES else "")
        for name, row in OPTIMIZERS.items()
    ),
    "Constants of optimisers": tuple(Word(row.title, row.meaning) for row in CONSTANTS.values()),
    "First weights": tuple(
        Word(row.title, about_function(row.weights)) for row in FIRST_WEIGHTS.values()
    ),
}
GLOSSARY = GROUPS | ROWS
WORDS = {word.word: word for words in GLOSSARY.values() for word in words}
