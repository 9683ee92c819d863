"""A neural network that can be taken apart: four steps, one file each."""

import torch

from nets.analysis.diagnosis import diagnose
from nets.analysis.gradient_check import check_gradients
from nets.config import Config
from nets.data.datasets import DATASETS
from nets.data.examples import Data
from nets.data.own_data import read_data
from nets.engine.activations import ACTIVATIONS
from nets.engine.activity import Activity, Gradients
from nets.engine.backprop import backward
from nets.engine.forward import forward
from nets.engine.initializers import FIRST_WEIGHTS
from nets.engine.losses import LOSSES
from nets.engine.network import Layer, Network
from nets.engine.optimizers import OPTIMIZERS
from nets.engine.update import update
from nets.sharing.cell import add_tables, draw
from nets.sharing.history_csv import history_as_csv
from nets.sharing.link import from_query, to_query
from nets.sharing.notebook import to_notebook
from nets.sharing.observer import Observer
from nets.sharing.script import to_script
from nets.sharing.session_file import to_session_file
from nets.sharing.torch_model import from_torch, to_torch
from nets.sharing.weights import read_weights, to_safetensors, weights_as_csv
from nets.training.advance import advance, rewind
from nets.training.many import advance_many
from nets.training.recipe import Epochs, LearningRate, Parameter, Recipe, apply, replay
from nets.training.run import Run, start, with_learning_rate

# Small tensors gain nothing from more threads, and many people train in one process.
torch.set_num_threads(1)

# The engine knows nothing of the parts above it, so they add their methods to its classes here.
Network.from_torch = staticmethod(from_torch)
add_tables()

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
    "Observer",
    "Parameter",
    "Recipe",
    "Run",
    "advance",
    "advance_many",
    "apply",
    "backward",
    "check_gradients",
    "diagnose",
    "draw",
    "forward",
    "from_query",
    "history_as_csv",
    "read_data",
    "read_weights",
    "replay",
    "rewind",
    "start",
    "to_notebook",
    "to_query",
    "to_safetensors",
    "to_script",
    "to_session_file",
    "to_torch",
    "update",
    "weights_as_csv",
    "with_learning_rate",
]
