"""Many runs side by side: each equals the same run alone."""

from dataclasses import replace

import pytest
import torch

from nets.config import Config
from nets.training.advance import advance, rewind
from nets.training.many import advance_many
from nets.training.run import start, with_learning_rate

BASES = {
    "notebook": Config(),
    "gradient rule": Config(sizes=(4, 6, 2), examples=30, bias_rule="gradient"),
    "deep, mini-batches": Config(
        sizes=(3, 5, 4, 2),
        hidden_activation="tanh",
        bias_rule="gradient",
        examples=23,
        batch_size=5,
    ),
    "notebook rule, mini-batches": Config(examples=10, batch_size=4),
    "penalty": Config(sizes=(4, 6, 2), examples=9, bias_rule="gradient", l1=0.001, l2=0.01),
    "momentum": Config(examples=10, batch_size=4, optimizer="Momentum"),
    "Adagrad": Config(sizes=(3, 4, 2), examples=10, bias_rule="gradient", optimizer="Adagrad"),
}


@pytest.fixture(params=BASES.values(), ids=BASES)
def runs(request):
    rates = [0.001 * 2**number for number in range(8)]
    return [
        start(replace(request.param, learning_rate=rate, seed=number // 2))
        for number, rate in enumerate(rates)
    ]


def assert_close(got, expected):
    assert got.epoch == expected.epoch
    assert got.history.rates == expected.history.rates
    for name in ("loss", "parameters"):
        torch.testing.assert_close(
            getattr(got.history, name), getattr(expected.history, name), rtol=1e-4, atol=1e-5
        )
    torch.testing.assert_close(
        got.network.parameters, expected.network.parameters, rtol=1e-4, atol=1e-5
    )


def test_each_run_equals_the_same_run_alone_within_the_rounding_of_float32(runs):
    for got, run in zip(advance_many(runs, 25), runs, strict=True):
        assert_close(got, advance(run, 25))


def test_the_given_runs_stay_as_they_are(runs):
    before = [run.network.parameters.clone() for run in runs]
    advance_many(runs, 5)
    assert all(run.epoch == 0 for run in runs)
    assert all(torch.equal(run.network.parameters, b) for run, b in zip(runs, before, strict=True))


def test_runs_continue_alone_or_together_and_can_be_rewound(runs):
    trained = advance_many(advance_many(runs, 10), 10)
    for got, run in zip(trained, runs, strict=True):
        assert_close(advance(got, 5), advance(run, 25))
        assert_close(rewind(got, 7), advance(run, 7))


def test_a_single_run_equals_the_same_run_alone_bit_for_bit(runs):
    (got,) = advance_many(runs[:1], 20)
    alone = advance(runs[0], 20)
    assert torch.equal(got.network.parameters, alone.network.parameters)
    assert torch.equal(got.history.loss, alone.history.loss)


def test_no_runs_give_no_runs():
    assert advance_many([], 5) == []


def test_a_run_that_diverges_stops_and_the_others_continue():
    base = Config(
        sizes=(4, 6, 3),
        hidden_activation="relu",
        output_activation="linear",
        bias_rule="gradient",
        reduction="mean",
        examples=20,
    )
    runs = [start(replace(base, learning_rate=rate)) for rate in (0.01, 1e6, 0.02)]
    slow, away, fast = advance_many(runs, 60)
    assert_close(slow, advance(runs[0], 60))
    assert_close(fast, advance(runs[2], 60))
    assert away.divergence == advance(runs[1], 60).divergence is not None
    assert_close(away, advance(runs[1], 60))
    slow, still, fast = advance_many([slow, away, fast], 3)
    assert (slow.epoch, fast.epoch) == (63, 63)
    assert still is away


@pytest.mark.parametrize(
    ("other", "message"),
    [
        ({"sizes": (5, 4, 1)}, r"sizes must be the same in all.*run 1 has \(5, 3, 1\), run 2 has"),
        ({"hidden_activation": "tanh"}, "activations must be the same"),
        ({"bias_rule": "gradient"}, "bias_rule must be the same"),
        ({"reduction": "mean"}, "reduction must be the same"),
        ({"examples": 2}, "number of examples must be the same"),
        ({"batch_size": 1}, "batch_size must be the same"),
        ({"optimizer": "Adam"}, "optimizer must be the same"),
        ({"l2": 0.1}, "l2 must be the same"),
    ],
)
def test_runs_that_do_not_fit_together_are_refused_in_a_sentence(other, message):
    with pytest.raises(ValueError, match=message):
        advance_many([start(Config()), start(replace(Config(), **other))], 1)


def test_runs_at_different_epochs_are_refused_in_a_sentence():
    run = start(Config())
    with pytest.raises(ValueError, match=r"epoch must.*run 1 has 0, run 2 has 3"):
        advance_many([run, advance(run, 3)], 1)


def test_training_together_again_gives_the_same_whatever_trained_between():
    runs = [start(Config(examples=3, seed=seed)) for seed in (1, 2)]
    others = [with_learning_rate(runs[0], 0.7), start(Config(examples=3, seed=3))]
    first, between = advance_many(runs, 6), advance_many(others, 6)
    again, alone = advance_many(runs, 6), [advance(run, 6) for run in others]
    for one, other in zip(first, again, strict=True):
        assert torch.equal(one.history.parameters, other.history.parameters)
        assert torch.equal(one.history.loss, other.history.loss)
    for one, other in zip(between, alone, strict=True):
        torch.testing.assert_close(one.network.parameters, other.network.parameters)
