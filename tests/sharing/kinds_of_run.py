"""Recipes of every kind that leaves the page: small ones, so that they train in a moment."""

from dataclasses import replace

from written_files import workbook

from nets import Config, Epochs, LearningRate, Parameter, Recipe, read_data
from nets.presets import PRESETS, preset_for

BY_HAND, BIAS_BY_HAND = Parameter("w1[0, 1]", 0.5), Parameter("b1[2]", -0.1)
TRAINED = (Epochs(3), LearningRate(0.02), Epochs(4))
FEW = [[n * n % 17, n % 7 + 0.5, "ab"[n % 2]] for n in range(12)]
EXCEL = workbook(Other=[["x", "y"], [1, 2], [3, 4]], Chosen=FEW)
OF_EXCEL = {"sheet": "Chosen", "header": False, "standardise": ["column 2"]}
MANY = "\n".join(["a,b,c", *(f"{n % 83},{n * n % 71},{n % 5}" for n in range(900))]).encode()


def own(content, chosen=None, **settings):
    """A recipe with own data, read with the choices of a person or as proposed."""
    data = read_data(content, **(chosen or {}))
    config = replace(preset_for(data), learning_rate=0.01, **settings)
    return Recipe(config, TRAINED, data)


KINDS = {
    "the notebook": Recipe(Config(seed=42), (Epochs(7),)),
    "epoch 0": Recipe(Config()),
    "the notebook's rule, deeper, in batches": Recipe(
        Config(sizes=(4, 6, 3, 2), hidden_activation="tanh", examples=23, batch_size=5, l2=0.01),
        TRAINED,
    ),
    "the notebook's rule, softmax": Recipe(
        Config(sizes=(4, 5, 3), output_activation="softmax", examples=7, reduction="mean"), TRAINED
    ),
    "momentum, no hidden layer": Recipe(
        Config(sizes=(3, 2), optimizer="Momentum", momentum=0.5), TRAINED
    ),
    "xor": Recipe(
        PRESETS["xor"], (BY_HAND, Epochs(20), LearningRate(0.5), BIAS_BY_HAND, Epochs(20))
    ),
    "moons with test data": Recipe(
        replace(PRESETS["moons"], examples=40, noise=0.2, data_seed=3), TRAINED
    ),
    "derived inputs, l1": Recipe(
        Config(
            sizes=(4, 3, 1),
            data="circle",
            examples=20,
            derived=("x1_squared", "x2_squared"),
            l1=0.01,
            first_weights="he",
            bias_rule="gradient",
        ),
        TRAINED,
    ),
    "measured, Adam, cross entropy": Recipe(
        replace(
            PRESETS["iris"],
            optimizer="Adam",
            beta2=0.99,
            loss="CrossEntropyLoss",
            output_activation="linear",
        ),
        TRAINED,
    ),
    "own data": own(EXCEL, OF_EXCEL, test_fraction=0.25),
    "own data, many numbers": own(MANY, optimizer="RMSprop"),
    "many weights": Recipe(
        Config(sizes=(40, 60, 2), examples=9, learning_rate=0.01, bias_rule="gradient"), TRAINED
    ),
}
