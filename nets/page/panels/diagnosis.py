"""Panel "Diagnosis": each problem of the run, its evidence, and what to try."""

from collections.abc import Sequence

import streamlit as st

from nets.analysis.diagnosis import (
    Diagnosis,
    Inseparable,
    Plateau,
    RisingLoss,
    best_possible_loss,
    diagnose,
)
from nets.analysis.symptoms import DeadRelus, Neuron, Saturated, Symmetric, VanishingGradients
from nets.page.html.tables import listed, number
from nets.page.html.text import as_code
from nets.page.visitor.session import Session
from nets.page.visitor.snapshot import names_of
from nets.training.run import Divergence, Run

CHECKED_FOR = (
    "saturated neurons, dead ReLUs, vanishing gradients, identical hidden neurons, classes that no "
    "straight line separates, a learning rate that makes the loss rise, numbers that are no longer "
    "finite, outputs that hardly differ"
)


def show(session: Session) -> None:
    """Draw a sentence for each problem, or say that there is none."""
    if session.pending:
        st.caption("The run is diagnosed when training has finished.")
        return
    run = session.run
    with st.container(key="diagnosis"):
        found = diagnose(run)
        for diagnosis in found:
            st.markdown(about(run, diagnosis))
        if not found:
            st.markdown(f"**No problem found at epoch {run.epoch}.**")
            st.caption(f"Checked for: {CHECKED_FOR}.")


def about(run: Run, diagnosis: Diagnosis) -> str:
    """Say a problem, its evidence, and what to try."""
    match diagnosis:
        case Divergence():
            return _about_divergence(run, diagnosis)
        case Inseparable():
            return _about_inseparable(run, diagnosis)
        case RisingLoss():
            return _about_rising_loss(diagnosis)
        case Saturated():
            return _about_saturated(run, diagnosis)
        case DeadRelus():
            return _about_dead_relus(run, diagnosis)
        case VanishingGradients():
            return _about_vanishing_gradients(run, diagnosis)
        case Symmetric():
            return _about_symmetric(run, diagnosis)
        case Plateau():
            return _about_plateau(run, diagnosis)


def _about_divergence(run: Run, found: Divergence) -> str:
    return (
        f"**The run has diverged:** in epoch {found.epoch} `{found.tensor}` stopped being finite. "
        f"The loss was {_loss(run.loss)} at epoch {run.epoch}. "
        f"Try a learning rate smaller than {run.learning_rate:g}, and Reset."
    )


def _about_inseparable(run: Run, found: Inseparable) -> str:
    ones, zeros = (" and ".join(str(at + 1) for at in pair) for pair in (found.ones, found.zeros))
    floor = best_possible_loss(run)
    bound = f" The loss cannot fall below {number(floor)}: ½ for each example." if floor else ""
    return (
        f"**No straight line separates these classes:** examples {ones} have target 1, examples "
        f"{zeros} have target 0, and the inputs of both pairs have the same sum. Without a hidden "
        "layer z is a weighted sum of the inputs, so z has the same sum in both pairs too. No "
        f"weights classify all four correctly.{bound} Try a hidden layer, or the feature "
        "x1·x2."
    )


def _about_rising_loss(found: RisingLoss) -> str:
    return (
        f"**The learning rate makes the loss rise:** with {found.rate:g} it rose from "
        f"{_loss(found.before)} at epoch {found.since} to {_loss(found.now)}. From the same "
        f"weights, {found.smaller_rate:g} lowers it to {_loss(found.smaller_loss)} in the same "
        f"number of epochs. Try a learning rate nearer to {found.smaller_rate:g}."
    )


def _about_saturated(run: Run, found: Saturated) -> str:
    one = len(found.neurons) == 1
    are, its = ("is", "its") if one else ("are", "their")
    return (
        f"**{len(found.neurons)} of {found.of} neurons {are} saturated:** for "
        f"{_examples(found.least, found.examples)}, {_named(run, found.neurons)} {are} where the "
        f"activation is almost flat. There {its} mean slope is {number(found.steepness)} of the "
        "steepest slope, so hardly any error passes back. Try another seed, a smaller learning "
        "rate, or an activation without flat ends: leaky_relu, or linear for an output."
    )


def _about_dead_relus(run: Run, found: DeadRelus) -> str:
    are, give = ("is", "gives") if len(found.neurons) == 1 else ("are", "give")
    return (
        f"**{len(found.neurons)} of {found.of} ReLUs {are} dead:** {_named(run, found.neurons)} "
        f"{give} 0 for {_examples(found.examples, found.examples)}. The slope there is 0, so no "
        "error passes back to earlier weights. Try leaky_relu, another seed, or a smaller learning "
        "rate."
    )


def _about_vanishing_gradients(run: Run, found: VanishingGradients) -> str:
    times = f", {number(found.ratio)} times smaller" if found.first else ""
    fewer = "fewer hidden layers, " if len(run.config.sizes) > 3 else ""
    return (
        "**The gradients vanish on their way back:** the mean size of a weight's gradient is "
        f"{number(found.last)} in the last layer and {number(found.first)} in the first{times}. "
        "So the first layer hardly learns. "
        f"Try {fewer}leaky_relu as hidden activation, or another seed."
    )


def _about_symmetric(run: Run, found: Symmetric) -> str:
    groups = "; ".join(_named(run, group) for group in found.groups)
    but = f", up to rounding ({number(found.difference)})" if found.difference else ""
    return (
        f"**{sum(map(len, found.groups))} hidden neurons are identical:** {groups} have the same "
        f"incoming weights, bias and outgoing weights{but}. Every update keeps them the same, so "
        "they do the work of one neuron. Try first weights that are drawn at random."
    )


def _about_plateau(run: Run, found: Plateau) -> str:
    advice = "Try more epochs, a larger learning rate, or another seed."
    if found.times is not None:
        advice = (
            f"With a learning rate {found.times} times as large, "
            f"{run.learning_rate * found.times:g}, the loss would be {_loss(found.larger_loss)} by "
            "now."
        )
    return (
        f"**The outputs hardly differ:** they are between {number(found.low)} and "
        f"{number(found.high)} for all examples. The loss, {_loss(found.loss)}, is hardly better "
        f"than that of always answering their mean, {_loss(found.constant_loss)}. {advice}"
    )


def _named(run: Run, neurons: Sequence[Neuron]) -> str:
    """Name neurons as the diagram does."""
    names = names_of(run)
    return listed((as_code(names[each.layer][each.index]) for each in neurons), len(neurons))


def _examples(least: int, examples: int) -> str:
    if examples == 1:
        return "the only example"
    return (
        f"all {examples} examples"
        if least == examples
        else f"at least {least} of {examples} examples"
    )


def _loss(value: float) -> str:
    """Write a loss as the page does above the diagram."""
    return f"{value:#.6g}"
