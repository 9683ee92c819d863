"""In every phase all numbers that the panels show are of the network that the diagram shows."""

import itertools
import random
import re

import pytest
import torch
from visiting import arrive, text_of, visitor

from nets import backward, forward
from nets.engine.losses import LOSSES
from nets.engine.names import symbol
from nets.explain.arithmetic import last_place, to_decimal

LINE = re.compile(r'<div class="line".*?</div>')
SPAN = re.compile(r"<span((?: [a-z-]+=\"[^\"]*\")*)>((?:[^<]|</?su[bp]>)*)</span>")
LEARNING_RATE = 0.3


def query_of(seed):
    draw = random.Random(seed)
    sizes = [draw.randint(1, 3) for _ in range(draw.randint(2, 4))]
    rule, size = draw.choice(["notebook", "gradient"]), draw.choice(["2", "4"])
    return {
        **{"data": "notebook", "sizes": "-".join(map(str, sizes)), "seed": str(seed)},
        **{"bias_rule": rule, "examples": "4", "batch_size": size},
        "learning_rate": str(LEARNING_RATE),
    }


def numbers_of(network, x, y, config):
    """Compute by the engine every number that has a name, of the first of these examples."""
    network, x, y = network.copy(torch.float32), x.float(), y.float()
    loss, last = LOSSES["SquaredError"], len(network.layers)
    activity = forward(network, x)
    gradients = backward(network, activity, y, loss, bias_rule=config.bias_rule)
    true = backward(network, activity, y, loss, bias_rule="gradient")
    error = y - activity.output
    found = {"η": LEARNING_RATE, "½": 0.5, "loss of this example": error[0].square().sum() / 2}
    found |= {symbol("x", j): value for j, value in enumerate(x[0])}
    found |= {symbol("y", j): value for j, value in enumerate(y[0])}
    found |= {symbol("error", j): value for j, value in enumerate(error[0])}
    back = -error[0]
    for i in range(last, 0, -1):
        layer, a, delta = network.layers[i - 1], activity.outputs[i - 1], gradients.deltas[i - 1]
        steps, bias_steps = (
            gradients.weights[i - 1],
            gradients.biases[i - 1].expand_as(layer.biases),
        )
        for j in range(config.sizes[i]):
            output = symbol("ŷ", j) if i == last else symbol("a", j, layer=i)
            z, b = symbol("z", j, layer=i), symbol("b", j, layer=i)
            found |= {output: a[0, j], z: activity.sums[i - 1][0, j], f"∂loss/∂{output}": back[j]}
            found |= {f"f′({z})": a[0, j] * (1 - a[0, j]), symbol("δ", j, layer=i): delta[0, j]}
            found |= _update(b, layer.biases[0, j], bias_steps[0, j])
            found[f"sum over the layer, for {b}"] = bias_steps[0, j]
            found[f"gradient of {b}"] = true.biases[i - 1][0, j]
            for at in range(config.sizes[i - 1]):
                w = symbol("w", at, j, layer=i)
                found |= _update(w, layer.weights[at, j], steps[at, j])
        back = layer.weights @ delta[0]
    return {name: float(value) for name, value in found.items()}


def _update(name, value, gradient):
    change = -LEARNING_RATE * gradient
    return {
        **{name: value, f"gradient of {name}": gradient},
        **{f"Δ{name}": change, f"new {name}": value + change},
    }


def check(name, text, numbers):
    value, text = numbers[name], text.strip("()")
    missed = abs(float(to_decimal(text)) - value)
    assert missed <= 0.51 * float(last_place(text)) + 2e-6 * max(1, abs(value)), (name, text, value)


def check_lines(html, numbers):
    """Check each result, and each factor that is a number with a name."""
    for line in LINE.findall(html):
        name, result = re.search(r"<b>(.*?)</b>.*<output.*?>(.*?)<", line).groups()
        check(text_of(name), result, numbers)
        spans = [(attributes, text_of(inner)) for attributes, inner in SPAN.findall(line)]
        names = [text for attributes, text in spans if "class=" not in attributes]
        texts = [text for attributes, text in spans if "class=" in attributes]
        for name, text in zip(names, texts, strict=True):
            if " of example " not in name and "more terms" not in name:
                check(name.removesuffix("²"), text.removesuffix("²"), numbers)


def html_of(page):
    return "".join(element.value for element in page.html)


def show(page, panel):
    page.segmented_control(key="panel").set_value(panel).run()
    return html_of(page)


def rows_of(html):
    """Read the numbers of tables, row by row."""
    rows = [re.findall(r"<td>([^<]+)</td>", row) for row in re.findall(r"<tr>.*?</tr>", html)]
    return [[float(cell.replace("−", "-")) for cell in row] for row in rows if row]


@pytest.mark.parametrize("seed", range(3))
def test_in_every_phase_the_panels_show_numbers_of_one_network(seed):
    page = arrive(**query_of(seed))
    session = visitor(page)
    config, draw = session.run.config, random.Random(seed)
    for _ in range(len(config.sizes) * 2 * (4 // config.batch_size) + 1):
        show(page, "Four steps")
        page.button(key="step_phase").click().run()
        now, data, trace = session.now, session.run.data, session.walk.trace
        row = trace.rows.index(session.example) if session.example in trace.rows else 0
        x, y = (part.roll(-row, 0) for part in (trace.activity.inputs[0], trace.targets))
        numbers = numbers_of(trace.network, x, y, config)
        (line,) = page.container(key="line").html
        check_lines(line.value, numbers)
        rows = rows_of(show(page, "Weights and biases"))
        layers = now.network.layers
        every = [(*layer.weights.tolist(), layer.biases[0].tolist()) for layer in layers]
        for shown, row in zip(rows, itertools.chain(*every), strict=True):
            assert shown == pytest.approx(row, rel=1e-4, abs=6e-5)
        show(page, "Inspect")
        page.selectbox(key="part_kind").set_value(draw.choice("wba")).run()
        check_lines(html_of(page), numbers_of(now.network, data.inputs, data.targets, config))
