"""Code: pasted into Python, it gives the numbers of the engine."""

from dataclasses import replace

import pytest
import torch

from nets import ACTIVATIONS, Config, advance, start, with_learning_rate
from nets.engine.backprop import BIAS_RULES
from nets.explain.phases import Walkthrough
from nets.sharing.script import write_script

CONFIGS = [
    Config(),
    Config(sizes=(2, 4, 3, 2), examples=7, seed=5),
    Config(sizes=(4, 6, 3), data="iris", bias_rule="gradient", reduction="mean"),
    Config(sizes=(4, 3, 3), data="iris", test_fraction=0.3, bias_rule="gradient", batch_size=9),
    Config(sizes=(2, 3, 1), data="moons", examples=9, test_fraction=0.4, data_seed=8, noise=0.1),
    Config(examples=8, test_fraction=0.3, seed=4),
    Config(sizes=(2, 3, 1), data="xor", hidden_activation="tanh", bias_rule="gradient"),
    Config(sizes=(2, 3), data="notebook", examples=4, output_activation="softmax"),
    Config(sizes=(4, 5, 3), data="iris", batch_size=40, output_activation="softmax", seed=3),
    Config(sizes=(5, 1), data="moons", examples=9, derived=("x1_squared", "sin_x1", "sin_x2")),
    Config(sizes=(3, 4, 2), examples=11, batch_size=4, bias_rule="gradient", seed=2),
    Config(sizes=(3, 4, 2), examples=5, l1=0.01, l2=0.1, first_weights="he"),
    *(
        Config(
            sizes=(3, 4, 3, 2),
            examples=11,
            batch_size=4,
            bias_rule=rule,
            optimizer=optimizer,
            l2=0.03,
            first_weights=first_weights,
            beta1=0.7,
            epsilon=1e-4,
        )
        for optimizer, rule, first_weights in [
            ("Momentum", "notebook", "uniform"),
            ("RMSprop", "gradient", "xavier"),
            ("Adagrad", "notebook", "he"),
            ("Adam", "gradient", "normal"),
        ]
    ),
]


def name_of(config):
    return f"{config.data}-{len(config.sizes)}-{config.batch_size}-{config.optimizer}"


def executed(code):
    names = {}
    exec(code, names)
    return names


@pytest.mark.parametrize("config", CONFIGS, ids=name_of)
@pytest.mark.parametrize("epochs", [0, 3])
def test_the_code_of_every_phase_gives_the_numbers_of_that_phase(config, epochs):
    walk = Walkthrough(advance(start(config), epochs))
    for _ in range(walk.phase_count):
        walk = walk.next_phase()
        names, step = executed(write_script(walk)), walk.trace
        found = numbers_of(walk.phase, names, len(config.sizes) - 1)
        expected = expected_of(walk.phase, step)
        assert found.keys() == expected.keys()
        for name, value in found.items():
            torch.testing.assert_close(value.double(), expected[name], rtol=2e-5, atol=2e-6)


def numbers_of(phase, names, last):
    match phase.step, phase.layer:
        case "forward", i:
            return {"z": names[f"z{i}"], "a": names["output" if i == last else f"a{i}"]}
        case "loss", _:
            return {"error": names["loss"]}
        case "backward", i:
            hidden = "d_hidn" if last == 2 else f"d_hidn{i}"
            return {"d": names["d_outp" if i == last else hidden]}
    every = range(1, last + 1)
    return {f"{kind}{i}": names[f"{kind}{i}"] for i in every for kind in "wb"}


def expected_of(phase, step):
    match phase.step, phase.layer:
        case "forward", i:
            return {"z": step.activity.sums[i - 1], "a": step.activity.outputs[i - 1]}
        case "loss", _:
            share = len(step.rows) if step.run.config.reduction == "mean" else 1
            return {"error": (step.targets - step.activity.output) / share}
        case "backward", i:
            return {"d": -step.gradients.deltas[i - 1]}
    layers = enumerate(step.after.layers, start=1)
    parts = [(f"w{i}", layer.weights) for i, layer in layers]
    layers = enumerate(step.after.layers, start=1)
    return dict(parts) | {f"b{i}": layer.biases for i, layer in layers}


def test_the_notebook_s_code_gives_the_notebook_s_bits():
    walk = Walkthrough(advance(start(Config(seed=42)), 5))
    while walk.run.epoch < 6:
        walk = walk.next_phase()
    names = executed(write_script(walk))
    first, last = walk.run.network.layers
    for name, layer in (("1", first), ("2", last)):
        assert torch.equal(names[f"w{name}"], layer.weights)
        assert torch.equal(names[f"b{name}"], layer.biases)


def test_every_learning_rate_of_the_run_is_in_the_code():
    run = advance(start(Config()), 4)
    run = advance(with_learning_rate(run, 0.7), 3)
    names = executed(write_script(Walkthrough(with_learning_rate(run, 0.2))))
    assert torch.equal(names["w1"], run.network.layers[0].weights)
    assert names["learning_rate"] == 0.2


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_activation_has_code(name):
    config = Config(hidden_activation=name, output_activation=name, bias_rule="gradient")
    walk = Walkthrough(start(replace(config, learning_rate=0.01)))
    for _ in range(walk.phase_count):
        walk = walk.next_phase()
    names = executed(write_script(walk))
    expected = advance(start(walk.start.config)).network.layers[0].weights
    torch.testing.assert_close(names["w1"], expected)


ROUNDED_ELSEWHERE = {"silu", "softplus"}  # torch.sigmoid rounds by place, which differs here


@pytest.mark.parametrize("rule", BIAS_RULES)
@pytest.mark.parametrize("name", sorted(ACTIVATIONS.keys() - ROUNDED_ELSEWHERE))
def test_the_code_of_every_activation_has_the_engine_s_bits(name, rule):
    for sizes in ((5, 7, 3, 2), (4, 3, 1), (3, 2)):
        config = Config(
            sizes=sizes,
            hidden_activation=name,
            output_activation=name,
            examples=9,
            batch_size=4,
            learning_rate=0.01,
            l2=0.01,
            bias_rule=rule,
        )
        run = advance(start(config), 5)
        names = executed(write_script(Walkthrough(run)))
        for number, layer in enumerate(run.network.layers, start=1):
            assert torch.equal(names[f"w{number}"], layer.weights)
            assert torch.equal(names[f"b{number}"], layer.biases)
