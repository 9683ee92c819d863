"""One network's training with every call of torch written out: what eager PyTorch has to give.

5-3-1 sigmoid, one example, the gradient rule. No layers, no choices, no functions: the fewest lines
that do what `advance` does for this one network, with the same calls and the same numbers.
"""

import torch
from torch import mm, mul, sigmoid, sub

HIDDEN, OUTPUT = slice(0, 18), slice(32, 36)  # where each layer lies among the parameters


def train(network, data, epochs, learning_rate):
    """Return the loss after each epoch, and the parameters."""
    parameters = network.parameters.clone()
    w1, w2 = parameters[HIDDEN].view(6, 3), parameters[OUTPUT].view(4, 1)
    x, y = torch.cat([data.inputs, torch.ones(1, 1)], dim=1), data.targets
    z1, slope1, delta1 = torch.empty(3, 1, 3)
    z2, slope2, a2, delta2 = torch.empty(4, 1, 1)
    fed = torch.ones(1, 4)
    a1 = fed[:, :3]
    gradient = torch.zeros_like(parameters)
    g1, g2 = gradient[HIDDEN].view(6, 3), gradient[OUTPUT].view(4, 1)
    x_turned, fed_turned, w2_turned = x.T, fed.T, w2[:3].T
    one, rate = torch.tensor(1.0), torch.tensor(learning_rate)
    change = torch.empty_like(parameters)
    outputs, rows = torch.empty(epochs + 1, 1, 1), torch.empty(epochs, len(parameters))
    with torch.inference_mode():
        for output, row in zip(outputs.unbind(), rows.unbind(), strict=False):
            mm(x, w1, out=z1)
            sigmoid(z1, out=a1)
            mm(fed, w2, out=z2)
            sigmoid(z2, out=a2)
            sub(a2, y, out=delta2)
            sub(one, a1, out=slope1).mul_(a1)
            sub(one, a2, out=slope2).mul_(a2)
            delta2.mul_(slope2)
            mm(fed_turned, delta2, out=g2)
            mm(delta2, w2_turned, out=delta1)
            delta1.mul_(slope1)
            mm(x_turned, delta1, out=g1)
            parameters.sub_(mul(gradient, rate, out=change))
            output.copy_(a2)
            row.copy_(parameters)
        mm(x, w1, out=z1)
        sigmoid(z1, out=a1)
        mm(fed, w2, out=z2)
        sigmoid(z2, out=outputs[-1])
        losses = 0.5 * (outputs[1:] - y).square().mean((-2, -1))
    return losses, parameters
