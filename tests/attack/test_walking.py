"""Walking by phases on a real page ends as stepping does, where numbers stop being finite."""

import pytest

PHASES = 70
DIVERGING = (
    "data=sine&learning_rate=1e9&hidden_activation=relu",
    "data=plane&learning_rate=1000",
    "data=hills&learning_rate=100",
    "data=iris&loss=MSELoss&output_activation=linear&learning_rate=1e9",
)


@pytest.mark.parametrize("query", DIVERGING)
def test_walking_by_phases_ends_in_the_same_sentence_as_stepping(visit, query):
    stepping, walking = visit(query), visit(query)
    stepping.click("step_epoch")
    for _ in range(PHASES):
        walking.click("step_phase")
        if about_divergence(walking) or walking.page.exceptions:
            break
    assert walking.page.exceptions == []
    assert about_divergence(walking) == about_divergence(stepping) != ""
    for key in ("step_epoch", "step_back", "step_phase"):
        walking.click(key)
    walking.do(panel=["Weights"])
    assert walking.page.exceptions == []


def about_divergence(visitor):
    """Return what the page says of numbers that stopped being finite, or ""."""
    return " ".join(text for text in visitor.page.texts("alert") if "diverged" in text)
