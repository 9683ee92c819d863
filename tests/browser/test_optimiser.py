"""The box of optimiser, penalty and first weights, and the numbers that follow from it."""

import pytest
import torch

RATE, L2, EPOCHS = 0.01, 0.5, 3
IN_THE_BOX = "[data-testid=stPopoverBody] [data-testid=stAlert]"


@pytest.fixture
def visitor(visit):
    """The notebook's network, with every bias's own gradient, and the box open."""
    visitor = visit(f"?bias_rule=gradient&learning_rate={RATE}")
    visitor.show_panel("Weights and biases")
    visitor.click("training_controls")
    return visitor


def label(visitor):
    """Return the text of the button of the box."""
    return visitor.element("training_controls", "button p").inner_text()


def shown(visitor):
    """The numbers of the panel: w1 and b1, then w2 and b2, row by row."""
    rows = [*visitor.table(0), *visitor.table(1)]
    return [float(cell.replace("−", "-")) for row in rows for cell in row]


def trained_in_torch(epochs):
    """The same network trained by autograd and Adam: its numbers, and the loss without penalty."""
    torch.manual_seed(0)
    x, y, w1, w2, b1, b2 = map(torch.randn, [(1, 5), (1, 1), (5, 3), (3, 1), (1, 3), (1, 1)])
    parameters = [values.requires_grad_() for values in (w1, b1, w2, b2)]
    adam = torch.optim.Adam(parameters, lr=RATE)

    def loss():
        return 0.5 * ((x @ w1 + b1).sigmoid() @ w2 + b2).sigmoid().sub(y).square().sum()

    for _ in range(epochs):
        adam.zero_grad()
        (loss() + L2 / 2 * (w1.square().sum() + w2.square().sum())).backward()
        adam.step()
    return torch.cat([values.detach().flatten() for values in parameters]).tolist(), loss().item()


def test_adam_with_l2_gives_the_numbers_of_autograd_and_torch_optim(visitor):
    assert label(visitor) == "Optimiser and more"
    visitor.choose("optimizer", "Adam")
    visitor.type("l2", L2)
    assert label(visitor) == f"Adam, L2 {L2}"
    for epochs in range(EPOCHS + 1):
        if epochs:
            visitor.step()
            visitor.settle()
        numbers, loss = trained_in_torch(epochs)
        assert shown(visitor) == pytest.approx(numbers, abs=0.51e-4)
        assert float(visitor.loss) == pytest.approx(loss, rel=1e-5)


def test_nonsense_gets_a_sentence_next_to_the_field_and_the_run_stays(visitor):
    visitor.choose("optimizer", "Adam")
    visitor.step(2)
    visitor.settle()
    numbers = shown(visitor)
    visitor.click("training_controls")  # the steps have closed it
    visitor.type("l2", 99)
    sentence = visitor.page.locator(IN_THE_BOX).inner_text()
    assert sentence.startswith("L2 must be a number from 0 to 10; got 99")
    assert (visitor.epoch, shown(visitor), label(visitor)) == (2, numbers, "Adam")
    visitor.type("l2", L2)
    assert visitor.sentences == ""
    assert (visitor.epoch, label(visitor)) == (0, f"Adam, L2 {L2}")


def test_a_box_that_opens_later_shows_the_values_that_are_used(visit):
    visitor = visit("?data=xor&l2=0.01")
    visitor.type("learning_rate", "abc")
    visitor.element("training_controls", "button").click()
    visitor.settle()
    assert visitor.element("l1", "input").input_value() == "0"
    assert visitor.element("l2", "input").input_value() == "0.01"
