"""Panel "Diagnosis": what is conspicuous in the run, on what evidence, and what one may try."""

from collections.abc import Sequence

import streamlit as st

from nets.analysis.diagnosis import Diagnosis, diagnose
from nets.analysis.separability import best_possible_loss
from nets.analysis.symptoms import (
    DeadRelus,
    Inseparable,
    Neuron,
    RisingLoss,
    Saturated,
    Symmetric,
    VanishingGradients,
)
from nets.page.html.tables import listed, number
from nets.page.visitor.session import Session
from nets.page.visitor.snapshot import names_of
from nets.training.advance import Run
from nets.training.divergence import Divergence

LOOKED_FOR = (
    "saturated neurons, dead ReLUs, vanishing gradients, hidden neurons that are copies of each "
    "other, examples that no straight line divides, a learning rate that makes the loss "
    "rise, numbers that stopped being finite"
)


def show(session: Session) -> None:
    """Draw a sentence for each diagnosis, and one where there is none."""
    if session.pending:
        st.caption("The diagnosis is made when the training is done.")
        return
    run = session.run
    with st.container(key="diagnosis"):
        found = diagnose(run)
        for diagnosis in found:
            st.markdown(about(run, diagnosis))
        if not found:
            st.markdown(f"**Nothing is conspicuous at epoch {run.epoch}.**")
            st.caption(f"Looked for: {LOOKED_FOR}.")


def about(run: Run, diagnosis: Diagnosis) -> str:
    """Say a diagnosis and its evidence in a sentence, and what one may try."""
    match diagnosis:
        case Divergence():
            return _about_divergence(run, diagnosis)
        case Inseparable():
            return _about_undivided(run, diagnosis)
        case RisingLoss():
            return _about_rising_loss(diagnosis)
        case Saturated():
            return _about_saturated(run, diagnosis)
        case DeadRelus():
            return _about_dead_relus(run, diagnosis)
        case VanishingGradients():
            return _about_vanishing_gradients(diagnosis)
        case Symmetric():
            return _about_symmetric(run, diagnosis)


def _about_divergence(run: Run, found: Divergence) -> str:
    return (
        f"**The run has diverged:** in epoch {found.epoch} `{found.tensor}` stopped being finite, "
        f"after a loss of {_loss(run.loss)} at epoch {run.epoch}. "
        f"Try a learning rate smaller than {run.learning_rate:g}, and Reset."
    )


def _about_undivided(run: Run, found: Inseparable) -> str:
    ones, zeros = (" and ".join(str(at + 1) for at in pair) for pair in (found.ones, found.zeros))
    floor = best_possible_loss(run)
    bound = f" No training goes below a loss of {number(floor)}: ½ everywhere." if floor else ""
    return (
        f"**No straight line divides these examples:** the inputs of {ones}, whose targets are 1, "
        f"add up to the same as those of {zeros}, whose targets are 0. Without a hidden layer z is "
        "one weighted sum, so it adds up to the same too, whatever the weights, and never are all "
        f"four right.{bound} Try a hidden layer, or x1·x2 as a derived input."
    )


def _about_rising_loss(found: RisingLoss) -> str:
    return (
        f"**The learning rate makes the loss rise:** with {found.rate:g} it went from "
        f"{_loss(found.before)} at epoch {found.since} up to {_loss(found.now)}; from the same "
        f"weights, {found.gentler_rate:g} takes it down to {_loss(found.gentler)} in as many "
        f"epochs. Try a learning rate nearer to {found.gentler_rate:g}."
    )


def _about_saturated(run: Run, found: Saturated) -> str:
    count = len(found.neurons)
    are, stand = ("is", "stands") if count == 1 else ("are", "stand")
    return (
        f"**{count} of {found.of} neurons {are} saturated:** {_named(run, found.neurons)} {stand} "
        f"on a flat end of the activation for {_examples(found.least, found.examples)}, with a "
        f"mean slope of {number(found.steepness)} of the steepest, so that hardly any error comes "
        "through. Try another seed, a smaller learning rate, or an activation without flat ends: "
        "leaky_relu, or linear for an output."
    )


def _about_dead_relus(run: Run, found: DeadRelus) -> str:
    count = len(found.neurons)
    are, give = ("is", "gives") if count == 1 else ("are", "give")
    return (
        f"**{count} of {found.of} ReLUs {are} dead:** {_named(run, found.neurons)} {give} 0 for "
        f"{_examples(found.examples, found.examples)}; the slope there is 0, so that no error "
        "reaches the weights before. Try leaky_relu, another seed, or a smaller learning rate."
    )


def _about_vanishing_gradients(found: VanishingGradients) -> str:
    less = f"{number(found.ratio)} times less" if found.first else "nothing at all"
    return (
        f"**The gradients vanish on their way back:** a weight's gradient has a mean size of "
        f"{number(found.last)} in the last layer and of {number(found.first)} in the first, "
        f"{less}, so that the first layer hardly learns. "
        "Try fewer hidden layers, leaky_relu in them, or another seed."
    )


def _about_symmetric(run: Run, found: Symmetric) -> str:
    groups = "; ".join(_named(run, group) for group in found.groups)
    apart = f"but for rounding by {number(found.difference)}" if found.difference else "exactly"
    return (
        f"**{sum(map(len, found.groups))} hidden neurons are copies:** {groups} have {apart} the "
        "same weights in, bias and weights out, so that every update keeps them the same and they "
        "do the work of one. Try first weights drawn at random."
    )


def _named(run: Run, neurons: Sequence[Neuron]) -> str:
    """Name neurons as the diagram does."""
    names = names_of(run)
    return listed((f"`{names[each.layer][each.index]}`" for each in neurons), len(neurons))


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
