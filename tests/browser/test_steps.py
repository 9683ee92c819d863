"""Stepping: what a teacher does first."""

import pytest
import torch

from nets.presets import PRESETS


def test_five_steps_of_a_network_with_other_sizes(visit):
    visitor = visit()
    for field, value in (("n_input", 4), ("n_hidden", 6), ("n_output", 2), ("learning_rate", 0.5)):
        visitor.type(field, value)
    visitor.wait_for_edges(4 * 6 + 6 * 2)
    edges, neurons = visitor.edges(), visitor.neurons()
    assert (len(edges), len(neurons)) == (4 * 6 + 6 * 2, 4 + 6 + 2)

    visitor.step(5)

    visitor.wait_for_text("epoch", "5")
    assert [epoch for epoch, _ in visitor.loss_line()] == [0, 1, 2, 3, 4, 5]
    assert visitor.loss_line()[-1][1] < visitor.loss_line()[0][1]
    assert (len(visitor.edges()), len(visitor.neurons())) == (len(edges), len(neurons))
    assert [colour for colour, _ in visitor.edges()] != [colour for colour, _ in edges]
    assert visitor.neurons()[:4] == neurons[:4]  # the inputs
    assert visitor.neurons()[4:] != neurons[4:]


LATE = """async () => {
    const readings = document.querySelector(".readings");
    readings.innerHTML = readings.innerHTML.replace(/>2</, ">1<");
    const late = readings.querySelector(".st-key-epoch [data-text]");
    const written = late.textContent;
    await new Promise(requestAnimationFrame);
    return [written, late.textContent];
}"""


def test_a_number_that_the_server_writes_late_is_never_painted(visit):
    visitor = visit()
    visitor.step(2)
    visitor.wait_for_text("epoch", "2")
    visitor.settle()
    assert visitor.page.evaluate(LATE) == ["1", "2"]


@pytest.mark.parametrize("seed", [0, 42])
def test_the_page_shows_the_numbers_of_the_notebook_at_every_epoch(visit, seed):
    visitor = visit(f"?seed={seed}")
    visitor.show_panel("Weights and biases")
    for epoch, (w1, b1, w2, b2, loss) in enumerate(notebook(seed, epochs=4)):
        if epoch:
            visitor.step()
            visitor.settle()
        shown = [*visitor.table(0), *visitor.table(1)]
        assert shown == [
            [f"{v:.4f}".replace("-", "−") for v in row] for row in [*w1, *b1, *w2, *b2]
        ]
        assert visitor.loss == f"{0.5 * loss.item() ** 2:#.6g}"


def notebook(seed, epochs, n_input=5, n_hidden=3, n_output=1, learning_rate=0.1):
    """The notebook's own lines; yields its tensors at every epoch."""
    torch.manual_seed(seed)
    x = torch.randn((1, n_input))
    y = torch.randn((1, n_output))
    w1 = torch.randn(n_input, n_hidden)
    w2 = torch.randn(n_hidden, n_output)
    b1 = torch.randn((1, n_hidden))
    b2 = torch.randn((1, n_output))
    for _ in range(epochs + 1):
        z1 = torch.mm(x, w1) + b1
        a1 = 1 / (1 + torch.exp(-z1))
        z2 = torch.mm(a1, w2) + b2
        output = 1 / (1 + torch.exp(-z2))
        loss = y - output
        yield w1.tolist(), b1.tolist(), w2.tolist(), b2.tolist(), loss
        d_outp = loss * (output * (1 - output))
        d_hidn = torch.mm(d_outp, w2.t()) * (a1 * (1 - a1))
        w2 += torch.mm(a1.t(), d_outp) * learning_rate
        w1 += torch.mm(x.t(), d_hidn) * learning_rate
        b2 += d_outp.sum() * learning_rate
        b1 += d_hidn.sum() * learning_rate


def test_reset_goes_back_to_the_same_first_weights(visit):
    visitor = visit()
    first = visitor.edges(), visitor.neurons(), visitor.loss
    visitor.step(3)
    visitor.click("reset")
    visitor.wait_for_text("epoch", "0")
    assert (visitor.edges(), visitor.neurons(), visitor.loss) == first
    assert len(visitor.loss_line()) == 1


def test_another_learning_rate_continues_the_run(visit):
    visitor = visit()
    visitor.step(2)
    before = visitor.loss_line()
    visitor.type("learning_rate", 0.7)
    assert visitor.loss_line() == before
    visitor.step()
    assert visitor.loss_line()[:3] == before


def test_another_size_starts_a_new_run(visit):
    visitor = visit()
    visitor.step(2)
    visitor.type("n_hidden", 7)
    visitor.wait_for_edges(5 * 7 + 7)
    assert visitor.epoch == 0


def test_iris_has_four_inputs_and_three_outputs_of_its_own(visit):
    visitor = visit()
    visitor.choose("data", "Iris")
    hidden = PRESETS["iris"].sizes[1]
    visitor.wait_for_edges(4 * hidden + hidden * 3)
    for field, size in (("n_input", "4"), ("n_output", "3")):
        assert visitor.element(field, "input").input_value() == size
        assert visitor.element(field, "input").is_disabled()
    visitor.step(3)
    assert visitor.loss_line()[-1][1] < visitor.loss_line()[0][1]


def test_a_hidden_layer_can_be_added_and_removed(visit):
    visitor = visit()
    visitor.click("add_layer")
    visitor.wait_for_edges(5 * 3 + 3 * 3 + 3)
    visitor.type("n_hidden_2", 2)
    visitor.wait_for_edges(5 * 3 + 3 * 2 + 2)
    visitor.click("remove_layer")
    visitor.wait_for_edges(5 * 3 + 3)


def test_two_visitors_have_separate_runs(visit):
    one, other = visit(), visit()
    one.step(3)
    other.step(1)
    assert (one.epoch, other.epoch) == (3, 1)
