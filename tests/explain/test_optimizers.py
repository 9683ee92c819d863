"""Optimisers: the lines of a change add up to the change that torch's optimiser makes."""

import math
from dataclasses import replace

import pytest
import torch

from nets import Config, advance, start
from nets.engine.optimizers import OPTIMIZERS
from nets.explain.arithmetic import format_line, gives
from nets.explain.derivation import derive
from nets.explain.optimizers import CHANGE_LINES
from nets.explain.phases import Phase, trace_update, updates_per_epoch
from nets.explain.quantities import Quantities

CONFIG = Config(sizes=(3, 4, 2), examples=7, batch_size=3, l2=0.05, learning_rate=0.01, seed=4)
PLACES = [(1, 0, 2), (1, 3, None), (2, 1, 0), (2, 0, None)]


CONSTANTS = [
    {"optimizer": "Momentum", "momentum": 0.25},
    {"optimizer": "Momentum", "momentum": 0},
    {"optimizer": "Adam", "beta1": 0.0, "beta2": 0.5, "epsilon": 0.001},
    {"optimizer": "RMSprop", "alpha": 0.5},
]


@pytest.fixture(params=[*({"optimizer": name} for name in OPTIMIZERS), *CONSTANTS], ids=str)
def steps(request):
    """Trace the updates of the first epoch and of a later one."""
    runs = start(replace(CONFIG, **request.param)), None
    runs = runs[0], advance(runs[0], 5)
    return [trace_update(run, batch) for run in runs for batch in range(updates_per_epoch(run))]


def derived(steps):
    for step in steps:
        for layer, neuron, source in PLACES:
            yield step, derive(Quantities(step), Phase("update", layer), neuron, source)


def test_every_optimiser_has_lines_for_its_change():
    assert set(CHANGE_LINES) == set(OPTIMIZERS)


def test_every_line_is_the_sum_of_its_terms(steps):
    for _, lines in derived(steps):
        for line in lines:
            assert line.terms
            computed = float(line.compute(line.format_factors(25)))
            assert math.isclose(computed, line.value, rel_tol=1e-9, abs_tol=1e-15)


def test_the_change_equals_that_of_the_update_and_leads_to_the_new_number(steps):
    for step, (*_, change, new) in derived(steps):
        before, after = step.network.parameters, step.after.parameters
        changes = (after - before).tolist()
        assert any(math.isclose(change.value, moved, rel_tol=1e-12) for moved in changes)
        assert new.value in after.tolist()


@pytest.mark.parametrize("digits", [2, 3, 6])
def test_every_written_line_adds_up(steps, digits):
    for _, lines in derived(steps):
        for line in lines:
            shown = format_line(line, digits)
            assert gives(line, shown.factors, shown.result), line


def test_the_updates_of_an_epoch_one_after_the_other_lead_to_the_next_epoch(steps):
    run = steps[-1].run
    arrival = advance(run, 1).network.parameters.double()
    torch.testing.assert_close(steps[-1].after.parameters, arrival, rtol=1e-4, atol=1e-5)
    numbers = [step.number for step in steps]
    assert numbers == [1, 2, 3, 16, 17, 18]
