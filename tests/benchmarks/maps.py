"""What the pictures of predictions cost, compared with an epoch of idiomatic PyTorch.

    python tests/benchmarks/maps.py

2-4-2-1 with 250 examples in tens. The full picture is the loss over the examples, over as many more
that were held out, and a map of 100×100 points for every neuron; it may cost a tenth of the epoch.
With an epoch of our own it is a full iteration of TensorFlow Playground, which took 6.0 ms there.
"""

import torch
from engine import WORKS, continued, idiomatic, medians, with_rule

from nets import forward, start
from nets.analysis.decision_map import Grid
from nets.engine.losses import LOSSES
from nets.figures.colours import LIGHT
from nets.page.stage.predictions import FINE, PredictionPlot
from nets.page.visitor.view_options import ViewOptions

GOAL = 0.1


def main():
    """Print the medians and their ratios to the epoch."""
    work = WORKS[1]
    run = start(work.config)
    model, value = idiomatic.model_of(run.network), LOSSES[run.config.loss].value
    plane = Grid.over(run, FINE)
    all_pictures = ViewOptions(map=True, in_neurons=True)
    learned = PredictionPlot(run, LIGHT, all_pictures, None)
    own_epoch = continued(with_rule(run, "gradient"), 1)

    def epoch():
        rows = torch.randperm(work.config.examples)
        idiomatic.train(model, run.data, 1, 0.01, 10, lambda _: rows)

    def full_picture():
        for _ in range(2):
            value(forward(run.network, run.data.inputs).output, run.data.targets)
        with plane.maps(run.network):
            pass

    def full_iteration():
        own_epoch()
        full_picture()

    def as_images(*, fine):
        learned.known.clear()
        learned.seen(run.network, fine=fine)

    times = medians(
        {
            "an epoch of idiomatic PyTorch": epoch,
            "two losses and a map of every neuron": full_picture,
            "the same, and an epoch of our own": full_iteration,
            "all maps as images, at rest": lambda: as_images(fine=True),
            "all maps as images, while playing": lambda: as_images(fine=False),
        },
        1,
    )
    whole, *_ = times.values()
    for name, micros in times.items():
        print(f"{name:40} {micros:8.0f} µs {micros / whole:7.3f}×")
    print(f"goal: the second at most {GOAL:g}×")


if __name__ == "__main__":
    main()
