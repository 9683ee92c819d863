"""Matrices: the equations of every phase are true."""

import pytest
import torch

from nets import Config, start
from nets.explain.phases import Walkthrough, phases
from nets.page.html.matrices import equations_as_html, equations_of

SIGNS = {
    "·": torch.matmul,
    "⊙": torch.mul,
    "+": torch.add,
    "−": torch.sub,
}
CONFIGS = [
    Config(),
    Config(data="xor", sizes=(2, 3, 1), bias_rule="gradient", reduction="mean"),
    Config(data="iris", sizes=(4, 5, 3), output_activation="softmax", loss="CrossEntropyLoss"),
]


def value_of(parts):
    """Compute what is written to the left of the equals sign, from left to right."""
    result, sign = None, None
    for part in parts:
        if isinstance(part, tuple):
            result = part[1].double() if result is None else SIGNS[sign](result, part[1].double())
        elif part.startswith("÷"):
            result = result / float(part[1:])
        else:
            sign = part.strip("() ")
    return result


def equations(config):
    run = start(config)
    for shown, phase in enumerate(phases(len(config.sizes) - 1), start=1):
        yield from equations_of(Walkthrough(run, shown).trace, phase)


@pytest.mark.parametrize("config", CONFIGS, ids=lambda config: config.data)
def test_what_is_left_of_the_equals_sign_equals_what_is_right_of_it(config):
    checked = 0
    for equation in equations(config):
        if "=" not in equation:
            continue
        at = equation.index("=")
        ((_, right),) = equation[at + 1 :]
        torch.testing.assert_close(value_of(equation[:at]).float(), right.float())
        checked += 1
    assert checked >= 2 * len(config.sizes)


def test_names_and_signs_are_written_in_order():
    html = equations_as_html(list(equations(Config()))[:1], 3)
    places = [html.index(part) for part in ("x (1, 5)", ">·<", "(5, 3)", ">+<", ">=<")]
    assert places == sorted(places)
