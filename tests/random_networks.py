"""Random configurations of every kind, and data for them."""

import torch

from nets import ACTIVATIONS, LOSSES, Config
from nets.config import REDUCTIONS
from nets.data.examples import Data
from nets.engine.backprop import BIAS_RULES
from nets.engine.optimizers import OPTIMIZERS


def config_of(seed, draw):
    sizes = [draw.randint(1, 12), *(draw.randint(1, 4) for _ in range(draw.randint(1, 3)))]
    loss, output = draw.choice(["SquaredError", *LOSSES]), draw.choice([*ACTIVATIONS, "softmax"])
    if loss == "CrossEntropyLoss" or output == "softmax":
        sizes[-1] = 3
    return Config(
        sizes=tuple(sizes),
        hidden_activation=list(ACTIVATIONS)[seed % len(ACTIVATIONS)],
        output_activation="sigmoid" if loss == "BCELoss" else output,
        loss=loss,
        reduction=draw.choice(REDUCTIONS),
        bias_rule=draw.choice(list(BIAS_RULES)),
        optimizer=draw.choice(list(OPTIMIZERS)),
        l1=draw.choice([0.0, 0.01]),
        l2=draw.choice([0.0, 0.1]),
        learning_rate=draw.choice([0.1, 1 / 3, draw.uniform(0.001, 1)]),
        examples=draw.choice([1, 1, 12]),
        seed=seed,
    )


def data_of(config):
    """Random inputs, and targets that every loss can take."""
    generator = torch.Generator().manual_seed(config.seed)
    inputs = torch.randn(config.examples, config.sizes[0], generator=generator)
    targets = torch.rand(config.examples, config.sizes[-1], generator=generator)
    if config.loss == "CrossEntropyLoss":
        targets = torch.eye(3)[targets.argmax(dim=1)]
    return Data(inputs, targets)
