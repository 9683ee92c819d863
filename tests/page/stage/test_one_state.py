"""In every phase all that the stage shows belongs to one state of the network."""

import random

import pytest
import torch
from following import apply_change

from nets import Config, forward
from nets.figures.diagram import skeleton
from nets.page.stage.frames import BadgeCache, frame_of
from nets.page.stage.messages import style_of
from nets.page.visitor.session import Session
from nets.page.visitor.snapshot import DisplayOptions


def config_of(seed):
    draw = random.Random(seed)
    return Config(
        sizes=tuple(draw.randint(1, 4) for _ in range(draw.randint(2, 4))),
        bias_rule=draw.choice(["notebook", "gradient"]),
        examples=4,
        batch_size=draw.choice([None, 2]),
        seed=seed,
    )


def as_number(text):
    return float(text.rpartition(" = ")[2].replace("−", "-"))


def read(picture, name):
    return next(trace["customdata"] for trace in picture["data"] if trace["name"] == name)


@pytest.mark.parametrize("seed", range(12))
def test_weights_neurons_epoch_and_loss_of_every_phase_are_of_one_network(seed):
    session = Session.of(config_of(seed))
    x, y, sizes = session.run.data.inputs, session.run.data.targets, session.run.config.sizes
    updates, epochs = 1 if session.run.config.batch_size is None else 2, []
    for _ in range(2 * updates * (2 * (len(sizes) - 1) + 2)):
        session.step_phase()
        now, style = session.now, style_of(session)
        frame = frame_of(now, style, DisplayOptions(), after=0, most=None, badges=BadgeCache())
        picture = apply_change(skeleton(style), frame["changes"]["diagram"])
        network = network_read_from(picture, now.run.network)
        activity = forward(network, x)
        loss = ((y - activity.output) ** 2).sum().item() / 2 / len(x)
        assert float(frame["texts"]["loss"]) == pytest.approx(loss, rel=1e-4, abs=1e-6)
        row = int(frame["texts"]["shown_example"].split()[1]) - 1
        every = torch.cat([x[row], *(a[row] for a in activity.outputs)]).tolist()
        for text, value in zip(read(picture, "neurons"), every, strict=True):
            if not text.startswith("δ") and text != "not computed yet":
                assert as_number(text) == pytest.approx(value, rel=1e-4, abs=1e-5)
        assert torch.allclose(now.network.parameters, network.parameters, rtol=1e-4, atol=1e-5)
        epochs.append(int(frame["texts"]["epoch"]))
    half = len(epochs) // 2
    assert epochs == [0] * (half - 1) + [1] * half + [2]


def network_read_from(picture, like):
    """Read the weights and biases that hover labels show: new ones after an update."""
    weights = iter([as_number(value) for value, _ in read(picture, "edges")])
    biases = iter([as_number(value) for value, _ in read(picture, "biases")])
    network = like.copy()
    for layer in network.layers:
        for tensor, numbers in ((layer.weights, weights), (layer.biases, biases)):
            values = [next(numbers) for _ in range(tensor.numel())]
            tensor.copy_(torch.tensor(values).view_as(tensor))
    return network
