"""Panel "Gradient check": whether what moves a parameter is its gradient, found in three ways."""

from collections.abc import Sequence

import streamlit as st

from nets.analysis.gradient_check import check_gradients
from nets.analysis.verdict import CheckedGradient, Verdict, verdict_on
from nets.engine.backprop import BIAS_RULES
from nets.page.controls import actions
from nets.page.html.tables import listed, number, table
from nets.page.visitor.session import Session
from nets.training.advance import Run

MOST_ROWS = 60
KEPT = "gradient_check"  # the last check, for as long as the run is the same
COLUMNS = ("parameter", "by hand", "autograd", "finite difference", "difference", "verdict")


def show(session: Session) -> None:
    """Draw the verdict, what there is to say about it, and a row a parameter."""
    if session.pending:
        st.caption("The gradients are checked when the training is done.")
        return
    run, rows = session.run, _checked(session.run)
    verdict = verdict_on(rows)
    with st.container(key="verdict"):
        st.subheader(headline(verdict), anchor=False)
    st.markdown(" ".join(about_ways(run, verdict) + about_findings(verdict)))
    _comparison(session)
    shown = sorted(rows, key=_rank)[:MOST_ROWS]
    left_out = "" if len(shown) == len(rows) else f", {len(shown)} of {len(rows)} parameters"
    caption = f"Gradients at epoch {run.epoch}, worst first{left_out}"
    st.html(table(caption, COLUMNS, [(row.parameter, _cells(row)) for row in shown]))


def _comparison(session: Session) -> None:
    """Offer the other rule, and set the losses of both side by side where they are compared."""
    rule = BIAS_RULES[session.run.config.bias_rule]
    other = next(each for each in BIAS_RULES.values() if each != rule)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            f"Start again with bias update “{other.title}” and compare",
            key="switch_rule",
            on_click=_switch,
            args=(session, other.name),
        )
        if session.twin is not None:
            st.markdown(
                f"Loss at epoch {session.run.epoch}: **{session.run.loss:.6g}** {rule.title}, "
                f"**{session.twin.run.loss:.6g}** {other.title} (dotted)."
            )


def _switch(session: Session, rule: str) -> None:
    """Start again under the other rule, and show the loss of both."""
    st.session_state.bias_rule, st.session_state.compare = rule, True
    actions.changed(session)


def _checked(run: Run) -> list[CheckedGradient]:
    """Check a run, or return what the last check of the very same run found."""
    kept = st.session_state.get(KEPT)
    if kept is None or kept[0] is not run:
        kept = st.session_state[KEPT] = run, check_gradients(run)
    return kept[1]


def headline(verdict: Verdict) -> str:
    """Say in a line what the check comes to."""
    count = verdict.parameters
    if verdict.mistaken:
        return f"✗ {len(verdict.mistaken)} of {count} gradients are wrong"
    if verdict.shared:
        wrong = f"{len(verdict.wrong_way) or 'none'} of them"
        go = "goes" if len(verdict.wrong_way) == 1 else "go"
        do = "does not follow its" if len(verdict.shared) == 1 else "do not follow their"
        biases = f"{len(verdict.shared)} of {len(verdict.biases)} biases"
        return f"✗ {biases} {do} gradient, {wrong} {go} the wrong way"
    return f"✓ All {count} gradients agree"


def about_ways(run: Run, verdict: Verdict) -> list[str]:
    """Say in what three ways the gradients were found, and of what."""
    moved, count = len(verdict.compared), verdict.parameters
    sample = "" if moved == count else f", for {moved} of {count} parameters, chosen at random"
    ways = (
        f"At epoch {run.epoch}, in double precision: by hand, which is what an update follows; by "
        "autograd; and by finite differences (the loss with the parameter a little larger and a "
        f"little smaller){sample}."
    )
    sentences, size = [ways], run.config.batch_size
    if run.config.l1 or run.config.l2:
        sentences.append("They are those of the loss with the penalty on large weights.")
    if size is not None and size < len(run.data):
        sentences.append(
            "They are those of all examples; an update follows those of one mini-batch."
        )
    return sentences


def about_findings(verdict: Verdict) -> list[str]:
    """Say in sentences what came of it."""
    sentences: list[str] = []
    if verdict.agreeing:
        sentences.append(
            f"{len(verdict.agreeing)} of {verdict.parameters} agree: they differ by "
            f"{number(verdict.difference)} at the most, where the largest gradient is "
            f"{number(verdict.gradient)}."
        )
    if verdict.mistaken:
        sentences.append(f"Wrong: {_listed(verdict.mistaken)}.")
    if verdict.shared:
        sentences += _about_biases(verdict)
    if verdict.corners:
        sentences.append(
            f"For {len(verdict.corners)} the finite difference has no say, at a corner of an "
            "activation or of the loss or after an output all but certain: autograd alone decides."
        )
    return sentences


def _about_biases(verdict: Verdict) -> list[str]:
    """Say honestly what the notebook's rule does to the biases at this very epoch."""
    wrong = verdict.wrong_way
    which = f"{len(wrong)} the wrong way: {_listed(wrong)}" if wrong else "none the wrong way"
    return [
        "The notebook adds one number, the sum over the whole layer, to every bias of the layer. "
        f"For {len(verdict.shared)} of {len(verdict.biases)} biases that is not their gradient; at "
        f"this epoch it moves {which}.",
        f"With the bias update “{BIAS_RULES['gradient'].title}” every bias follows its own.",
    ]


def _listed(rows: Sequence[CheckedGradient]) -> str:
    """Name some parameters, and count those that are not named."""
    return listed((f"`{row.parameter}`" for row in rows), len(rows))


def _rank(row: CheckedGradient) -> tuple[bool, bool, bool, bool]:
    """Order rows: mistakes, wrong ways, not the gradient; then those compared in all ways."""
    return not row.mistaken, not row.wrong_way, row.agrees, row.finite_difference is None


def _cells(row: CheckedGradient) -> list[float | str]:
    moved = "–" if row.finite_difference is None else row.finite_difference
    return [row.by_hand, row.autograd, moved, row.difference, _word(row)]


def _word(row: CheckedGradient) -> str:
    if row.mistaken:
        return "✗ wrong"
    if row.shared:
        return "✗ the wrong way" if row.wrong_way else "✗ not its gradient"
    return "✓ agrees, at a corner" if row.corner else "✓ agrees"
