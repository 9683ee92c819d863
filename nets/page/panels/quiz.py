"""The view "Quiz": a learner predicts a number before the page shows it."""

import secrets
from dataclasses import dataclass

import streamlit as st

from nets.explain.arithmetic import format_line
from nets.explain.derivation import Question, ask_about, check_answer
from nets.explain.phases import Phase, Walkthrough
from nets.explain.quantities import Quantities
from nets.page.html.lines import line_to_compute, lines_as_html
from nets.page.html.text import as_markdown
from nets.page.panels.focus import focus_in
from nets.page.visitor.session import Session
from nets.validate import parse_typed_number, quote

KEY = "quiz"
MOST_LETTERS = 100  # in an answer
TITLES = {
    "forward": "forward propagation",
    "loss": "the loss",
    "backward": "backpropagation",
    "update": "the update",
}


@dataclass
class Quiz:
    """What one visitor has been asked.

    Attributes:
        question: that is open, or was answered last.
        verdict: whether the answer was right; None before an answer.
        error: what was wrong with what was typed, if it was no number.
        asked, right: how many answers there were, and how many of them right.
    """

    question: Question | None = None
    verdict: bool | None = None
    error: str = ""
    asked: int = 0
    right: int = 0

    def ask(self, question: Question) -> None:
        """Ask a new question."""
        self.question, self.verdict, self.error = question, None, ""

    def answer(self, text: str, digits: int) -> None:
        """Judge an answer; what is not a number is not counted."""
        if self.question is None or not text.strip():
            return
        number = parse_typed_number(text)
        if isinstance(number, str):
            self.error = f"The answer must be a number, such as −0.84; got {quote(text)}."
            return
        self.verdict, self.error = check_answer(self.question, number, digits), ""
        self.asked += 1
        self.right += self.verdict


def show(session: Session, digits: int) -> None:
    """Draw the question about the next phase, a field for the answer, and the result."""
    quiz: Quiz = st.session_state.setdefault(KEY, Quiz())
    walk = session.ahead("step_phase").walk
    if walk is None or walk.phase is None:
        st.caption("There is no next phase with finite numbers only.")
        return
    place = walk.start.epoch, walk.batch, walk.phase
    question = quiz.question
    if question is None or place != (question.epoch, question.batch, question.phase):
        question = at_random(walk)
        quiz.ask(question)
    wanted = question.answer
    with st.container(key="question"):
        st.markdown(f"Next comes {TITLES[walk.phase.step]}. What will **{wanted.name}** be?")
        st.html(line_to_compute(wanted, digits))
    if quiz.verdict is None:
        _field(quiz, digits)
    else:
        _verdict(quiz, question, digits)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Another question", key="ask_another", on_click=lambda: quiz.ask(at_random(walk)))
        st.button(
            "Ask about the selected part",
            key="ask_chosen",
            disabled=session.selected is None,
            on_click=lambda: quiz.ask(about_selected(session, walk)),
        )
        st.caption(f"{quiz.right} of {quiz.asked} correct")


def _field(quiz: Quiz, digits: int) -> None:
    st.text_input(
        "Your prediction",
        key="prediction",
        max_chars=MOST_LETTERS,
        placeholder=f"Your prediction, with {digits} digits",
        label_visibility="collapsed",
        on_change=lambda: quiz.answer(st.session_state.prediction, digits),
    )
    if quiz.error:
        st.error(as_markdown(quiz.error))


def _verdict(quiz: Quiz, question: Question, digits: int) -> None:
    if quiz.verdict:
        st.success(f"Correct: {format_line(question.answer, digits).result}")
    else:
        st.error("Not correct. This is the calculation:")
        st.html(lines_as_html(list(question.lines), digits))


def at_random(walk: Walkthrough) -> Question:
    """Ask for any number that a phase computes."""
    assert walk.phase is not None
    sizes, phase = walk.start.config.sizes, walk.phase
    layer = phase.layer or len(sizes) - 1
    if phase.step == "update":
        layer = 1 + secrets.randbelow(len(sizes) - 1)
    neuron, source = secrets.randbelow(sizes[layer]), secrets.randbelow(sizes[layer - 1])
    return _question(walk, layer, neuron, source)


def about_selected(session: Session, walk: Walkthrough) -> Question:
    """Ask for what a phase computes of the part that is selected in the diagram."""
    assert walk.phase is not None
    focus = focus_in(session, walk.phase)
    return _question(walk, focus.layer, focus.neuron, focus.source)


def _question(walk: Walkthrough, layer: int, neuron: int, source: int | None) -> Question:
    """The update is asked about one layer, and remembered as what it is a part of."""
    phase = walk.phase
    assert phase is not None
    asked = Phase("update", layer) if phase.step == "update" else phase
    question = ask_about(Quantities(walk.trace), asked, neuron, source)
    lines = question.lines
    if phase.step == "forward" and secrets.randbelow(2):
        lines = lines[:1]  # the weighted sum, without its activation
    return Question(question.epoch, question.batch, phase, lines)
