"""Lines on the page: who computes what is written, and rounds, gets the result as it is written.

The text is read as a person reads it, and computed by mpmath with 200 digits.
"""

import random
import re
from decimal import Decimal

import mpmath
import pytest
import torch
from visiting import text_of

from nets import ACTIVATIONS, LOSSES, Config, start
from nets.config import REDUCTIONS
from nets.data.examples import Data
from nets.engine.backprop import BIAS_RULES
from nets.engine.update import OPTIMIZERS
from nets.explain.arithmetic import format_line
from nets.explain.derivation import Question, check_answer, derive
from nets.explain.phases import Phase, phases, trace_update
from nets.explain.quantities import Quantities
from nets.page.html.lines import line_to_compute, lines_as_html

NETWORKS = 1000
CALLS = {
    "exp": mpmath.exp,
    "log": mpmath.log,
    "sqrt": mpmath.sqrt,
    "tanh": mpmath.tanh,
    "sign": mpmath.sign,
    "max": max,
    "min": min,
    "abs": abs,
    "σ": lambda x: 1 / (1 + mpmath.exp(-x)),
    "Φ": mpmath.ncdf,
    "φ": mpmath.npdf,
    "mpf": mpmath.mpf,
}


def compute(text):
    """Compute what is written, exactly."""
    python = re.sub(r"\|([^|]*)\|", r"abs(\1)", text)
    python = re.sub(r"√(\([^)]*\)|[\d.e+−]+)", r"sqrt(\1)", python)
    for sign, written in {"·": "*", "−": "-", "²": "**2", "½": "0.5"}.items():
        python = python.replace(sign, written)
    return eval(re.sub(r"(?<!\*)\b\d+\.?\d*(e[+-]?\d+)?", r"mpf('\g<0>')", python), dict(CALLS))


def rounds_to(text, result):
    """Whether what is written gives the result, rounded to its digits."""
    shown = Decimal(result.replace("−", "-"))
    unit = mpmath.mpf(f"1e{shown.as_tuple().exponent}")
    return abs(compute(text) - mpmath.mpf(str(shown))) < unit / 2


def read_lines(html):
    """List the name, the computation and the result of each line that has a computation."""
    for line in html.split('<div class="line" ')[1:]:
        name = re.match('data-line="([^"]*)"', line)[1]
        parts = re.split("<span>= ", line.partition("</div>")[0])
        texts = [text_of(part) for part in parts[1:]]
        if len(texts) == 3:
            yield name, texts[1], texts[2]


def config_of(seed, draw):
    sizes = [draw.randint(1, 12), *(draw.randint(1, 4) for _ in range(draw.randint(1, 3)))]
    loss, output = draw.choice(["SquaredError", *LOSSES]), draw.choice([*ACTIVATIONS, "softmax"])
    if loss == "CrossEntropyLoss" or output == "softmax":
        sizes[-1] = 3
    return Config(
        sizes=tuple(sizes),
        hidden_activation=list(ACTIVATIONS)[seed % len(ACTIVATIONS)],
        output_activation="sigmoid" if loss == "BCELoss" else output,
        loss=loss,
        reduction=draw.choice(REDUCTIONS),
        bias_rule=draw.choice(list(BIAS_RULES)),
        optimizer=draw.choice(list(OPTIMIZERS)),
        l1=draw.choice([0.0, 0.01]),
        l2=draw.choice([0.0, 0.1]),
        learning_rate=draw.choice([0.1, 1 / 3, draw.uniform(0.001, 1)]),
        examples=draw.choice([1, 1, 12]),
        seed=seed,
    )


def data_of(config):
    """Random inputs, and targets that every loss can take."""
    generator = torch.Generator().manual_seed(config.seed)
    inputs = torch.randn(config.examples, config.sizes[0], generator=generator)
    targets = torch.rand(config.examples, config.sizes[-1], generator=generator)
    if config.loss == "CrossEntropyLoss":
        targets = torch.eye(3)[targets.argmax(dim=1)]
    return Data(inputs, targets)


def lines_of(seed):
    """Derive some lines of every phase of an update of a random network."""
    draw = random.Random(seed)
    config = config_of(seed, draw)
    step = trace_update(start(config, data=data_of(config)))
    factors = Quantities(step, draw.randrange(config.examples))
    last = len(config.sizes) - 1
    for phase in [*phases(last)[:-1], Phase("update", draw.randint(1, last))]:
        layer = phase.layer or last
        source = draw.choice([None, draw.randrange(config.sizes[layer - 1])])
        yield from derive(factors, phase, draw.randrange(config.sizes[layer]), source)


@pytest.mark.parametrize("part", range(10))
def test_every_line_computed_as_it_is_written_gives_its_result(part):
    read = 0
    with mpmath.workdps(200):
        for seed in range(part, NETWORKS, 10):
            digits, lines = 2 + seed % 5, list(lines_of(seed))
            for name, computation, result in read_lines(lines_as_html(lines, digits, opened=False)):
                assert rounds_to(computation, result), (seed, name, computation, result)
                read += 1
    assert read > 5 * NETWORKS / 10


def test_what_follows_from_the_written_line_is_a_right_answer():
    for seed in range(0, NETWORKS, 20):
        digits = 2 + seed % 5
        for line in lines_of(seed):
            _, *parts = line_to_compute(line, digits).split("<span>= ")
            if len(parts) < 3:
                continue
            result = format_line(line, digits).result.replace("−", "-")
            unit = mpmath.mpf(f"1e{Decimal(result).as_tuple().exponent}")
            question = Question(0, 0, Phase("loss"), (line,))
            with mpmath.workdps(200):
                exact = compute(text_of(parts[1]))
                rounded = float(mpmath.nint(exact / unit) * unit)
                assert check_answer(question, float(exact), digits), (seed, line.name)
                assert check_answer(question, rounded, digits), (seed, line.name)
                assert not check_answer(question, rounded + 12 * float(unit), digits), (seed, line)
