"""Optimisers: the whole training is that of plain autograd and torch.optim."""

from dataclasses import replace

import pytest
import torch

from nets import Config, advance, advance_many, start, with_learning_rate
from nets.engine.optimizers import OPTIMIZERS
from nets.training.batches import order_of

# With torch's own defaults, but for the momentum.
TORCH_S_OWN = {
    "GradientDescent": lambda groups, rate: torch.optim.SGD(groups, lr=rate),
    "Momentum": lambda groups, rate: torch.optim.SGD(groups, lr=rate, momentum=0.9),
    "RMSprop": lambda groups, rate: torch.optim.RMSprop(groups, lr=rate),
    "Adagrad": lambda groups, rate: torch.optim.Adagrad(groups, lr=rate),
    "Adam": lambda groups, rate: torch.optim.Adam(groups, lr=rate),
}
# Other constants: as Config has them, and the same optimiser of torch.
WITH_CONSTANTS = [
    ({"optimizer": "Momentum", "momentum": 0.5},
     lambda groups, rate: torch.optim.SGD(groups, lr=rate, momentum=0.5)),
    ({"optimizer": "RMSprop", "alpha": 0.7, "epsilon": 1e-3},
     lambda groups, rate: torch.optim.RMSprop(groups, lr=rate, alpha=0.7, eps=1e-3)),
    ({"optimizer": "Adagrad", "epsilon": 0.1},
     lambda groups, rate: torch.optim.Adagrad(groups, lr=rate, eps=0.1)),
    ({"optimizer": "Adam", "beta1": 0.5, "beta2": 0.8, "epsilon": 0.01},
     lambda groups, rate: torch.optim.Adam(groups, lr=rate, betas=(0.5, 0.8), eps=0.01)),
]  # fmt: skip
CONFIG = Config(
    sizes=(3, 5, 4, 2),
    hidden_activation="tanh",
    examples=23,
    bias_rule="gradient",
    reduction="mean",
    learning_rate=0.01,
)
PENALTIES = {"no penalty": (0.0, 0.0), "L1": (0.01, 0.0), "L2": (0.0, 0.1), "both": (0.02, 0.05)}
every_optimizer = pytest.mark.parametrize("name", OPTIMIZERS)


def in_double(run):
    """Return the run in double precision, so that rounding hides no mistake."""
    return replace(
        run, network=run.network.copy(torch.float64), optimizer_state=run.optimizer_state.double()
    )


def trained_by_torch(run, rates, decay=0.0, make=None):
    """Train as most people do, one learning rate an epoch; return weights and biases."""
    config, x, y = run.config, run.data.inputs.double(), run.data.targets.double()
    weights, biases = (
        [p.detach().double().clone().requires_grad_() for p in side] for side in parts(run)
    )
    groups = [{"params": weights, "weight_decay": decay}, {"params": biases}]
    optimizer = (make or TORCH_S_OWN[config.optimizer])(groups, rates[0])
    for epoch, rate in enumerate(rates, start=1):
        for group in optimizer.param_groups:
            group["lr"] = rate
        order = order_of(len(x), epoch, config.seed) if config.batch_size else torch.arange(len(x))
        for rows in order.split(config.batch_size or len(x)):
            a = x[rows]
            for number, (w, b) in enumerate(zip(weights, biases, strict=True), start=1):
                a = a @ w + b
                a = a.sigmoid() if number == len(weights) else a.tanh()
            loss = 0.5 * (a - y[rows]).square().sum() / len(rows)
            if not decay:
                for w in weights:
                    loss = loss + config.l1 * w.abs().sum() + config.l2 / 2 * w.square().sum()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return [p.detach() for p in weights], [p.detach() for p in biases]


def parts(run):
    layers = run.network.layers
    return [layer.weights for layer in layers], [layer.biases for layer in layers]


@every_optimizer
@pytest.mark.parametrize("batch_size", [None, 5])
@pytest.mark.parametrize("penalty", PENALTIES.values(), ids=PENALTIES)
def test_training_is_that_of_autograd_and_torch_optim(name, batch_size, penalty):
    l1, l2 = penalty
    config = replace(CONFIG, optimizer=name, batch_size=batch_size, l1=l1, l2=l2)
    run = start(config)
    expected = trained_by_torch(run, [0.01] * 8)
    torch.testing.assert_close(parts(advance(in_double(run), 8)), expected, rtol=1e-7, atol=1e-9)


@every_optimizer
def test_l2_is_torch_s_weight_decay_of_weights(name):
    run = start(replace(CONFIG, optimizer=name, l2=0.1, batch_size=4))
    expected = trained_by_torch(run, [0.01] * 5, decay=0.1)
    torch.testing.assert_close(parts(advance(in_double(run), 5)), expected, rtol=1e-7, atol=1e-9)


@every_optimizer
def test_a_new_learning_rate_keeps_the_optimiser_s_state(name):
    run = start(replace(CONFIG, optimizer=name, batch_size=5))
    expected = trained_by_torch(run, [0.01] * 3 + [0.05] * 3)
    trained = advance(with_learning_rate(advance(in_double(run), 3), 0.05), 3)
    torch.testing.assert_close(parts(trained), expected, rtol=1e-7, atol=1e-9)


@every_optimizer
def test_runs_side_by_side_each_keep_their_own_rate(name):
    base = replace(CONFIG, optimizer=name, batch_size=5, l2=0.01)
    runs = [start(replace(base, learning_rate=rate, seed=3)) for rate in (0.001, 0.01, 0.05)]
    together = advance_many([in_double(run) for run in runs], 6)
    for got, run in zip(together, runs, strict=True):
        expected = trained_by_torch(run, [run.learning_rate] * 6)
        torch.testing.assert_close(parts(got), expected, rtol=1e-7, atol=1e-9)


@every_optimizer
def test_the_state_is_as_long_as_the_table_says(name):
    run = start(replace(CONFIG, optimizer=name))
    assert len(run.optimizer_state) == len(OPTIMIZERS[name].state_names) * len(
        run.network.parameters
    )
    assert not run.optimizer_state.any()
    assert advance(run).optimizer_state.any() == bool(OPTIMIZERS[name].state_names)


@every_optimizer
def test_the_numbers_between_the_matrices_do_not_change(name):
    """Matrices start at multiples of 16; the numbers between them are not parameters."""
    run = start(replace(CONFIG, optimizer=name, l1=0.1, l2=0.1))
    inside = torch.zeros_like(run.network.parameters)
    for layer in run.network.with_parameters(inside).layers:
        layer.matrix.fill_(1)
    assert not inside.all()
    assert not advance(run, 5).network.parameters[inside == 0].any()


@pytest.mark.parametrize("name", [name for name in OPTIMIZERS if name != "GradientDescent"])
def test_a_diverging_run_stops_at_its_last_finite_epoch(name):
    config = Config(
        sizes=(3, 4, 2),
        hidden_activation="relu",
        output_activation="linear",
        examples=6,
        optimizer=name,
        learning_rate=1e12,
    )
    stopped = advance(start(config), 60)
    assert stopped.divergence is not None
    assert stopped.network.parameters.isfinite().all()
    assert stopped.history.loss.isfinite().all()
    step_by_step = start(config)
    while step_by_step.divergence is None:
        step_by_step = advance(step_by_step, 1)
    assert step_by_step.divergence == stopped.divergence
    assert torch.equal(step_by_step.network.parameters, stopped.network.parameters)
    gone_on = advance(with_learning_rate(stopped, 1e-30), 2)
    assert gone_on.epoch >= stopped.epoch


@pytest.mark.parametrize(("chosen", "make"), WITH_CONSTANTS, ids=lambda one: str(one)[:30])
def test_chosen_constants_are_those_of_torch_optim(chosen, make):
    run = in_double(start(replace(CONFIG, **chosen)))
    trained = advance(run, 4)
    expected = trained_by_torch(run, [CONFIG.learning_rate] * 4, make=make)
    torch.testing.assert_close(parts(trained), expected)
    others = replace(run.config, **{name: None for name in chosen if name != "optimizer"})
    usual = advance(start(others), 4).network.parameters
    assert not torch.allclose(usual, trained.network.parameters.float())


@every_optimizer
def test_the_usual_constants_give_the_same_bits_as_none(name):
    config = replace(CONFIG, optimizer=name)
    written = replace(config, **OPTIMIZERS[name].constants)
    assert advance(start(written), 3).network.parameters.equal(
        advance(start(config), 3).network.parameters
    )
