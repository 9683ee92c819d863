"""Panel "Gradient check": every gradient, computed in three ways."""

import time
from collections.abc import Sequence
from typing import NamedTuple, Self

import streamlit as st

from nets.analysis.autograd import EXAMPLES_AT_ONCE
from nets.analysis.finite_differences import NUMBERS_AT_ONCE
from nets.analysis.gradient_check import LARGEST_SAMPLE, check_gradients
from nets.analysis.verdict import CheckedGradient, Verdict, summarize
from nets.engine.backprop import BIAS_RULES
from nets.engine.names import to_symbol
from nets.page.controls import actions
from nets.page.html.tables import listed, number, table
from nets.page.html.words import help_on_notebook
from nets.page.visitor.kept import NotYet, forget, kept, report, store
from nets.page.visitor.session import Session
from nets.training.run import Run

MOST_ROWS = 60
KEPT = "gradient_check"  # the last check
LONG = 0.3  # seconds
QUICK = 2**28  # parameters · examples · sample size: about 0.1 s
BYTES_OF_ROW = 500  # with its name
COLUMNS = ("parameter", "by hand", "autograd", "finite difference", "difference", "verdict")


class Check(NamedTuple):
    """The rows of a check, the run they are of, its number in the visit, and how long it took."""

    rows: list[CheckedGradient]
    run: Run
    run_number: int
    seconds: float

    @classmethod
    def of(cls, run: Run, run_number: int) -> Self:
        """Check every gradient of a run as it is now."""
        begun = time.perf_counter()
        rows = check_gradients(run, report)
        return cls(rows, run, run_number, time.perf_counter() - begun)


def show(session: Session) -> None:
    """Draw the verdict, sentences about it, and a row for each parameter."""
    if session.pending:
        st.caption("The gradients are checked when training has finished.")
        return
    try:
        check = _check(session)
    except NotYet as wait:
        wait.show()
        return
    run, rows = check.run, check.rows
    if run is not session.run:
        _offer_check(check)
    verdict = summarize(rows)
    with st.container(key="verdict"):
        st.subheader(headline(verdict), anchor=False)
    words = " ".join(about_ways(run, verdict) + about_findings(verdict))
    st.markdown(words, help=help_on_notebook(words))
    _comparison(session)
    shown = sorted(rows, key=_rank)[:MOST_ROWS]
    left_out = "" if len(shown) == len(rows) else f", {len(shown)} of {len(rows)} parameters"
    caption = f"Gradients at epoch {run.epoch}, worst first{left_out}"
    st.html(table(caption, COLUMNS, [(to_symbol(row.parameter), _cells(row)) for row in shown]))


def _comparison(session: Session) -> None:
    """Draw the button for the other bias update, and both losses if they are compared."""
    rule = BIAS_RULES[session.run.config.bias_rule]
    other = next(each for each in BIAS_RULES.values() if each != rule)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            f"Start again with bias update “{other.title}” and compare",
            key="switch_rule",
            on_click=_switch,
            args=(session, other.name),
        )
        if session.comparison is not None:
            st.markdown(
                f"Loss at epoch {session.run.epoch}: **{session.run.loss:.6g}** {rule.title}, "
                f"**{session.comparison.run.loss:.6g}** {other.title} (dotted)."
            )


def _switch(session: Session, rule: str) -> None:
    """Start again with the other bias update, and show the loss of both."""
    st.session_state.bias_rule, st.session_state.compare = rule, True
    actions.changed(session)


def _check(session: Session) -> Check:
    """Check the run, or return the last check if it is of this run, or took long.

    A check that took long is kept while the run continues, so that stepping stays quick.

    Raises:
        NotYet: while a check that takes long is under way.
    """
    run, number = session.run, session.run_number
    for last in store().get(KEPT, []):
        check: Check = last.result
        if check.seconds > LONG and check.run_number == number:
            return check
    parameters = len(run.network.parameters)
    quick = parameters * len(run.data) * min(parameters, LARGEST_SAMPLE) <= QUICK
    of, words = (run, "") if quick else ((KEPT, number), "Checking the gradients")
    return kept(KEPT, of, lambda: Check.of(run, number), bytes_of_check(run), words)


def bytes_of_check(run: Run) -> int:
    """Estimate how many bytes a check takes at the most, its rows included."""
    parameters, neurons = len(run.network.parameters), sum(run.config.sizes)
    part = min(len(run.data), EXAMPLES_AT_ONCE) * neurons
    sample = 2 * min(parameters, LARGEST_SAMPLE) * max(parameters, part)
    numbers = run.data.inputs.numel() + run.data.targets.numel() + 20 * parameters + 6 * part
    return 8 * (numbers + 4 * min(NUMBERS_AT_ONCE, sample)) + BYTES_OF_ROW * parameters


def _offer_check(check: Check) -> None:
    """Say which epoch was checked, and draw the button that checks the present epoch."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            f"This check is of epoch {check.run.epoch}. It took {check.seconds:.1f} s, so it is "
            "not repeated at every step."
        )
        st.button("Check now", key="check_now", on_click=forget, args=(KEPT,))


def headline(verdict: Verdict) -> str:
    """Say the result of the check in one line."""
    count = verdict.parameters
    if verdict.wrong:
        return f"✗ {len(verdict.wrong)} of {count} gradients are wrong"
    if verdict.layer_sums:
        move = "moves" if len(verdict.uphill) <= 1 else "move"
        wrong = f"{len(verdict.uphill) or 'none'} {move} in the wrong direction"
        do = "does not follow its" if len(verdict.layer_sums) == 1 else "do not follow their"
        biases = f"{len(verdict.layer_sums)} of {len(verdict.biases)} biases"
        return f"✗ {biases} {do} gradient; {wrong}"
    return f"✓ All {count} gradients agree"


def about_ways(run: Run, verdict: Verdict) -> list[str]:
    """Say in which three ways the gradients were computed, and of which loss."""
    moved, count = len(verdict.compared), verdict.parameters
    sample = "" if moved == count else f", for {moved} of {count} parameters, chosen at random"
    ways = (
        f"The gradients at epoch {run.epoch} are computed in three ways, in double precision: by "
        "hand, as an update uses them; by autograd; and by finite differences (the loss with the "
        f"parameter a little larger and a little smaller){sample}."
    )
    sentences, size = [ways], run.config.batch_size
    if run.config.l1 or run.config.l2:
        sentences.append("The loss includes the L1 and L2 penalties here.")
    if size is not None and size < len(run.data):
        sentences.append(
            "They are gradients over all examples; an update uses those of one mini-batch."
        )
    return sentences


def about_findings(verdict: Verdict) -> list[str]:
    """Say in sentences what the check found."""
    sentences: list[str] = []
    if verdict.agreeing:
        sentences.append(
            f"{len(verdict.agreeing)} of {verdict.parameters} agree. The largest difference is "
            f"{number(verdict.largest_difference)}; the largest gradient is "
            f"{number(verdict.largest_gradient)}."
        )
    if verdict.wrong:
        sentences.append(f"Wrong: {_listed(verdict.wrong)}.")
    if verdict.layer_sums:
        sentences += _about_biases(verdict)
    if corners := len(verdict.unreliable):
        sentences.append(
            f"For {corners} parameter{'s' * (corners > 1)} the finite difference is unreliable "
            "(a kink, or an output very near 0 or 1); autograd alone decides."
        )
    return sentences


def _about_biases(verdict: Verdict) -> list[str]:
    """Say what the notebook's rule does to the biases at this epoch."""
    wrong = verdict.uphill
    which = (
        f"{len(wrong)} in the wrong direction: {_listed(wrong)}"
        if wrong
        else "none in the wrong direction"
    )
    return [
        "The notebook adds one number, the sum over the whole layer, to every bias of the layer. "
        f"For {len(verdict.layer_sums)} of {len(verdict.biases)} biases this is not their "
        f"gradient. At this epoch it moves {which}.",
        f"With the bias update “{BIAS_RULES['gradient'].title}” every bias follows its own "
        "gradient.",
    ]


def _listed(rows: Sequence[CheckedGradient]) -> str:
    """Name some parameters, and count those that are not named."""
    return listed((to_symbol(row.parameter) for row in rows), len(rows))


def _rank(row: CheckedGradient) -> tuple[bool, bool, bool, bool]:
    """Order rows: wrong, wrong direction, not the gradient; then those compared in all ways."""
    return not row.wrong, not row.uphill, row.agrees, row.finite_difference is None


def _cells(row: CheckedGradient) -> list[float | str]:
    moved = "–" if row.finite_difference is None else row.finite_difference
    return [row.by_hand, row.autograd, moved, row.difference, _word(row)]


def _word(row: CheckedGradient) -> str:
    if row.wrong:
        return "✗ wrong"
    if row.is_layer_sum:
        return "✗ wrong direction" if row.uphill else "✗ not its gradient"
    return "✓ agrees with autograd" if row.unreliable else "✓ agrees"
