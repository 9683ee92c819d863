"""Results on training data and on test data, as a class sees them."""

from dataclasses import replace

import pytest
from sklearn.metrics import accuracy_score, confusion_matrix

from nets import advance, forward, start
from nets.presets import PRESETS

EPOCHS = 20
TEST_LOSS = """() => {
    const plot = document.querySelector('.st-key-loss_chart');
    const lines = [...plot.querySelectorAll('.scatterlayer .js-line')];
    const test = plot.data.find(trace => trace.name === 'test');
    return [test.y, lines.map(line => getComputedStyle(line).strokeDasharray)];
}"""


@pytest.fixture
def visitor(visit):
    """Open iris, with a fifth of the examples as test data."""
    visitor = visit("?data=iris")
    visitor.click("data_more")
    visitor.type("test_fraction", 0.2)
    return visitor


@pytest.fixture(scope="module")
def run():
    """The same training without a page."""
    return advance(start(replace(PRESETS["iris"], test_fraction=0.2)), EPOCHS)


def answered(run, data):
    """Return the true and the predicted classes of some examples."""
    return data.targets.argmax(dim=1), forward(run.network, data.inputs).output.argmax(dim=1)


def trained(visitor):
    visitor.train(EPOCHS)
    visitor.wait_for_epoch(EPOCHS)
    visitor.settle()


def test_results_are_those_of_scikit_learn_on_both_parts(visitor, run):
    assert visitor.element("data_more", "button p").inner_text() == "Train/test split: 120 / 30"
    trained(visitor)
    visitor.show_panel("Results")
    scores, *counts = (visitor.table(number) for number in range(3))
    for data, row, table in zip((run.data, run.test), scores, reversed(counts), strict=True):
        true, said = answered(run, data)
        assert row[0] == str(len(data))
        assert row[2] == f"{accuracy_score(true, said):.4f}"
        assert [list(map(int, cells)) for cells in table] == confusion_matrix(true, said).tolist()


def test_the_test_loss_is_a_dashed_line_of_the_chart(visitor, run):
    trained(visitor)
    losses, dashes = visitor.page.evaluate(TEST_LOSS)
    errors = run.test.targets - forward(run.network, run.test.inputs).output
    assert len(losses) == EPOCHS + 1
    assert losses[-1] == pytest.approx(errors.square().sum(dim=1).mean().item() / 2)
    assert dashes == ["none", "6px, 3px"]


def test_a_new_sample_keeps_the_first_weights(visitor):
    visitor.show_panel("Weights and biases")
    weights, loss = [visitor.table(0), visitor.table(1)], visitor.loss
    visitor.step(2)
    visitor.click("data_more")
    visitor.click("new_sample")
    visitor.wait_for_text("epoch", "0")
    assert [visitor.table(0), visitor.table(1)] == weights
    assert visitor.loss != loss
