"""The notebook's own lines, and the engine: equal to the last bit."""

import pytest
import torch
from the_notebook import the_notebook

from nets.config import Config
from nets.engine.forward import forward
from nets.training.advance import advance
from nets.training.run import start


def the_engine(seed, sizes, examples, epochs, learning_rate):
    config = Config(sizes=sizes, examples=examples, learning_rate=learning_rate, seed=seed)
    run = advance(start(config), epochs)
    first, last = run.network.layers
    activity = forward(run.network, run.data.inputs)
    return {
        **{"x": run.data.inputs, "y": run.data.targets},
        **{"w1": first.weights, "w2": last.weights, "b1": first.biases, "b2": last.biases},
        **{"z1": activity.sums[0], "a1": activity.outputs[0]},
        **{"z2": activity.sums[1], "output": activity.output},
    }


@pytest.fixture
def same(global_state_restored):
    def check(*work):
        expected, got = the_notebook(*work), the_engine(*work)
        assert {name for name in expected if not torch.equal(expected[name], got[name])} == set()

    return check


@pytest.fixture
def global_state_restored():
    state = torch.get_rng_state()
    yield
    torch.set_rng_state(state)


@pytest.mark.parametrize("seed", range(10))
def test_the_sizes_of_the_notebook(same, seed):
    same(seed, (5, 3, 1), 1, 50, 0.1)


@pytest.mark.parametrize("seed", range(60))
def test_any_sizes_and_any_number_of_examples(same, seed):
    def drawn(low, high):
        return int(torch.randint(low, high + 1, (), generator=generator))

    generator = torch.Generator().manual_seed(seed)
    sizes = drawn(1, 64), drawn(1, 64), drawn(1, 16)
    examples = drawn(1, 1000) if seed % 2 else drawn(1, 10)
    same(seed, sizes, examples, drawn(1, 30), 10 ** -drawn(0, 3))


@pytest.mark.parametrize("examples", [1, 7, 1000])
@pytest.mark.parametrize("n_output", [1, 16])
@pytest.mark.parametrize("n_hidden", [1, 17, 64])
@pytest.mark.parametrize("n_input", [1, 64])
def test_the_smallest_and_largest_sizes_of_the_page(same, n_input, n_hidden, n_output, examples):
    same(n_input + n_hidden, (n_input, n_hidden, n_output), examples, 5, 0.01)


@pytest.mark.parametrize("seed", [0, 2**32 - 1])
def test_a_thousand_epochs_with_the_smallest_and_the_largest_seed(same, seed):
    same(seed, (4, 6, 2), 30, 1000, 0.01)
