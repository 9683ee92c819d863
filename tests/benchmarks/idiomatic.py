"""The same training as most people write it: nn.Sequential, autograd, torch.optim.SGD."""

import torch
from torch import nn

MODULES = {"sigmoid": nn.Sigmoid, "tanh": nn.Tanh}


def model_of(network):
    """Make the same network from torch's modules, with the same weights and biases."""
    modules = []
    for layer in network.layers:
        linear = nn.Linear(*layer.weights.shape)
        linear.load_state_dict({"weight": layer.weights.t(), "bias": layer.biases[0]})
        modules += [linear, MODULES[layer.activation.name]()]
    return nn.Sequential(*modules)


def train(model, data, epochs, learning_rate, batch_size=None, order_of=None):
    """Train a model and return its loss on all examples, per example, once an epoch.

    With one batch this is the loss of the update itself. With several, the model predicts all
    examples again after the epoch.
    `order_of(epoch)` gives the order of the examples in an epoch, if there are batches.
    """
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    squared_error = nn.MSELoss(reduction="sum")
    losses = []

    def step(x, y):
        optimizer.zero_grad()
        loss = 0.5 * squared_error(model(x), y)
        loss.backward()
        optimizer.step()
        return loss

    for epoch in range(1, epochs + 1):
        if batch_size is None:
            loss = step(data.inputs, data.targets)
        else:
            for rows in order_of(epoch).split(batch_size):
                step(data.inputs[rows], data.targets[rows])
            with torch.no_grad():
                loss = 0.5 * squared_error(model(data.inputs), data.targets)
        losses.append(loss.item() / len(data.inputs))
    return losses
