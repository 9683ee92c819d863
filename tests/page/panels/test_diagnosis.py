"""The panel "Diagnosis" names every problem of the run with its numbers, and no others."""

from dataclasses import replace

import pytest
import torch
from visiting import arrive, begin_to_train

from nets import Config, Data, Network, advance, diagnose, start
from nets.analysis.diagnosis import RisingLoss, best_possible_loss
from nets.analysis.symptoms import (
    DeadRelus,
    Neuron,
    Saturated,
    Symmetric,
    VanishingGradients,
)
from nets.engine.names import symbol
from nets.page.html.tables import MOST_NAMES, number
from nets.page.panels.diagnosis import about

NOTHING = "**No problem found at epoch"
LINEAR = Config(sizes=(2, 2, 1), hidden_activation="linear", output_activation="linear")
OPENINGS = {
    "saturated": "saturated:**",
    "dead": "dead:**",
    "vanishing": "**The gradients vanish",
    "rising": "**The learning rate makes the loss rise:**",
    "symmetric": "hidden neurons are identical:**",
    "divergence": "**The run has diverged:**",
}


def run_of(into, biases, out_of=((0.4,), (0.6,)), target=1.0, **chosen):
    """A run of 2-2-1 with these first weights, over one example (1, 1)."""
    data = Data(torch.ones(1, 2), torch.tensor([[target]]))
    network = Network.of([(into, biases), (out_of, [0.0])])
    return start(replace(LINEAR, **chosen), data=data, network=network)


UNLIKE = [[0.5, -0.3], [0.1, 0.8]]
CASES = {
    "saturated": (
        run_of(UNLIKE, [0.0, 9.0], hidden_activation="sigmoid"),
        run_of(UNLIKE, [0.0, 3.0], hidden_activation="sigmoid"),
    ),
    "dead": (
        run_of(UNLIKE, [-9.0, 0.0], hidden_activation="relu"),
        run_of(UNLIKE, [-0.5, 0.0], hidden_activation="relu"),
    ),
    "vanishing": (
        run_of(UNLIKE, [1.0, 1.0], [[0.001], [0.002]]),
        run_of(UNLIKE, [1.0, 1.0], [[0.1], [0.2]]),
    ),
    "rising": (
        advance(run_of(UNLIKE, [0.0, 0.0], learning_rate=0.9), 3),
        advance(run_of(UNLIKE, [0.0, 0.0], learning_rate=0.1), 3),
    ),
    "symmetric": (
        run_of([[0.5, 0.5], [0.1, 0.1]], [0.2, 0.2], [[0.4], [0.4]]),
        run_of([[0.5, 0.5], [0.1, 0.1]], [0.2, 0.2], [[0.4], [0.401]]),
    ),
    "divergence": (
        advance(run_of(UNLIKE, [0.0, 0.0], learning_rate=50.0), 200),
        advance(run_of(UNLIKE, [0.0, 0.0], learning_rate=0.1), 200),
    ),
}


def opened(**query):
    page = arrive(**query)
    page.segmented_control(key="panel").set_value("Diagnosis").run()
    assert not page.exception
    return page


def show_run(page, run):
    """Replace the run of the page."""
    visitor = page.session_state["visitor"]
    visitor.recorded, visitor.precomputed = visitor.recorded._replace(run=run), {}
    visitor.bound = best_possible_loss(run)
    page.run()
    assert not page.exception


def said(page):
    return [text.value for text in page.container(key="diagnosis").markdown]


@pytest.mark.parametrize("case", CASES)
def test_a_problem_is_named_exactly_when_the_run_has_it(case):
    true, untrue = CASES[case]
    sentences = [about(true, diagnosis) for diagnosis in diagnose(true)]
    assert [OPENINGS[case] in sentence for sentence in sentences].count(True) == 1
    assert all("Try" in sentence for sentence in sentences)
    for diagnosis in diagnose(untrue):
        assert OPENINGS[case] not in about(untrue, diagnosis)


def test_the_page_says_what_the_engine_finds():
    page = opened()
    for true, _ in CASES.values():
        show_run(page, true)
        assert said(page) == [about(true, diagnosis) for diagnosis in diagnose(true)]


def test_no_problem_is_found_until_the_run_has_one():
    page = opened(data="xor", sizes="2-4-1", bias_rule="gradient", learning_rate="1.0")
    (sentence,) = said(page)
    assert sentence.startswith(f"{NOTHING} 0")
    assert "saturated neurons" in page.container(key="diagnosis").caption[0].value
    show_run(page, CASES["dead"][0])
    assert NOTHING not in " ".join(said(page))


def evidence(case, run):
    """Return what the sentence on a case must contain, computed without the diagnosis."""
    losses, network = run.history.loss.tolist(), run.network
    match case:
        case "saturated":
            a = torch.sigmoid(torch.tensor([0.5 + 0.1, 9 - 0.3 + 0.8]))[1].double()
            return [
                "1 of 3 neurons is saturated",
                "`h₂` is where",
                number(4 * (a * (1 - a)).item()),
            ]
        case "dead":
            return ["1 of 2 ReLUs is dead", "`h₁` gives 0 for the only example"]
        case "vanishing":
            a, w = torch.tensor([1 + 0.5 + 0.1, 1 - 0.3 + 0.8]), network.layers[1].weights[:, 0]
            error = (a @ w - 1).abs()
            last, first = (error * a).mean().item(), (error * w).mean().item()
            return [number(last), number(first), f"{number(last / first)} times smaller"]
        case "rising":
            gentler = run_of(UNLIKE, [0.0, 0.0], learning_rate=0.09)
            numbers = losses[0], losses[-1], advance(gentler, run.epoch).loss
            return ["with 0.9 ", "0.09 lowers", *(f"{value:#.6g}" for value in numbers)]
        case "symmetric":
            return ["2 hidden neurons are identical:** `h₁`, `h₂` have the same"]
        case "divergence":
            stop = run.divergence
            return [f"in epoch {stop.epoch} `{stop.tensor}`", f"{losses[-1]:#.6g} at epoch"]
    raise AssertionError(case)


@pytest.mark.parametrize("case", CASES)
def test_the_sentence_contains_the_evidence(case):
    run, _ = CASES[case]
    text = next(
        words for diagnosis in diagnose(run) if OPENINGS[case] in (words := about(run, diagnosis))
    )
    for part in evidence(case, run):
        assert part in text


def test_several_neurons_are_in_the_plural_and_of_many_only_some_are_named():
    run = start(Config(sizes=(2, 9, 1), examples=10))
    many = tuple(Neuron(1, index) for index in range(9))
    saturated = about(run, Saturated(many, 10, 9, 10, 0.01))
    assert "**9 of 10 neurons are saturated:** for at least 9 of 10 examples, `h₁`, " in saturated
    assert f"`{symbol('h', MOST_NAMES - 1)}` and {9 - MOST_NAMES} more are where" in saturated
    dead = about(run, DeadRelus(many[:2], 9, 10))
    assert "2 of 9 ReLUs are dead:** `h₁`, `h₂` give 0 for all 10 examples" in dead
    copies = about(run, Symmetric((many[:2], many[2:5]), 1e-7))
    assert "5 hidden neurons are identical:** `h₁`, `h₂`; `h₃`, `h₄`, `h₅` have" in copies
    assert "up to rounding (1.0000e−07)" in copies
    assert "times smaller" not in about(run, VanishingGradients(0.0, 1.0))


def test_neurons_are_named_as_in_the_diagram():
    run = start(Config(sizes=(4, 3, 2, 3), data="iris"))
    words = about(run, Saturated((Neuron(2, 1), Neuron(3, 0)), 8, 150, 150, 0.01))
    assert "`h²₂`, `ŷ₁ (setosa)` are where" in words


def test_losses_have_as_many_digits_as_on_the_page():
    words = about(CASES["rising"][0], RisingLoss(0, 1.234e-3, 1.236e-3, 0.5, 0.05, 1.23395e-3))
    for text in ("0.00123400", "0.00123600", "0.00123395"):
        assert text in words


def test_while_work_is_pending_nothing_is_diagnosed():
    page = opened()
    begin_to_train(page, 9_000_000)
    assert page.session_state["visitor"].pending
    assert "when training has finished" in " ".join(text.value for text in page.caption)


@pytest.mark.parametrize("sizes", ["1-1-1", "64-64-64-16"])
def test_it_can_be_shown_for_every_size(sizes):
    page = opened(sizes=sizes, hidden_activation="relu")
    assert said(page)


def test_every_epoch_is_diagnosed_again():
    page = opened(seed="3", learning_rate="3.0")
    for _ in range(3):
        run = page.session_state["visitor"].run
        expected = [about(run, diagnosis) for diagnosis in diagnose(run)]
        assert said(page) == (expected or [f"{NOTHING} {run.epoch}.**"])
        page.button(key="step_epoch").click().run()


def test_behind_a_dead_relu_no_ratio_of_rounding_is_said_nor_a_layer_that_is_not_there():
    """This network has one hidden layer, and what reaches it is rounding alone."""
    config = Config((2, 2, 1), "relu", data="xor", bias_rule="gradient", learning_rate=0.5, seed=1)
    run = advance(start(config), 2000)
    words = " ".join(about(run, diagnosis) for diagnosis in diagnose(run))
    assert "dead" in words
    assert "times smaller" not in words
    assert "fewer hidden layers" not in words
