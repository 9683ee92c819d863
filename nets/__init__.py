"""A neural network that can be taken apart: four steps, one file each."""

import torch

from nets.activations import ACTIVATIONS
from nets.activity import Activity, Gradients
from nets.backprop import backward
from nets.checking.gradients import check_gradients
from nets.config import Config
from nets.datasets import DATASETS, Data
from nets.first_weights import FIRST_WEIGHTS
from nets.forward import forward
from nets.losses import LOSSES
from nets.many import advance_many
from nets.network import Layer, Network
from nets.recipe import Epochs, LearningRate, Recipe, apply, replay
from nets.results.diagnosis import diagnose
from nets.training import Run, advance, rewind, start, with_learning_rate
from nets.update import OPTIMIZERS, update

# Small tensors gain nothing from more threads, and many people train in one process.
torch.set_num_threads(1)

__all__ = [
    "ACTIVATIONS",
    "DATASETS",
    "FIRST_WEIGHTS",
    "LOSSES",
    "OPTIMIZERS",
    "Activity",
    "Config",
    "Data",
    "Epochs",
    "Gradients",
    "Layer",
    "LearningRate",
    "Network",
    "Recipe",
    "Run",
    "advance",
    "advance_many",
    "apply",
    "backward",
    "check_gradients",
    "diagnose",
    "forward",
    "replay",
    "rewind",
    "start",
    "update",
    "with_learning_rate",
]
