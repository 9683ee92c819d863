"""The notebook's own lines, for any sizes, any number of examples and any number of epochs."""

import torch


def sigmoid_activation(z):
    return 1 / (1 + torch.exp(-z))


def sigmoid_delta(x):
    return x * (1 - x)


def the_notebook(seed, sizes, examples, epochs, learning_rate):
    """Run cells 3 to 16, then forward propagation once more."""
    n_input, n_hidden, n_output = sizes
    torch.manual_seed(seed)
    x = torch.randn((examples, n_input))
    y = torch.randn((examples, n_output))
    w1 = torch.randn(n_input, n_hidden)
    w2 = torch.randn(n_hidden, n_output)
    b1 = torch.randn((1, n_hidden))
    b2 = torch.randn((1, n_output))
    for _ in range(epochs):
        z1 = torch.mm(x, w1) + b1
        a1 = sigmoid_activation(z1)
        z2 = torch.mm(a1, w2) + b2
        output = sigmoid_activation(z2)
        loss = y - output
        delta_output = sigmoid_delta(output)
        delta_hidden = sigmoid_delta(a1)
        d_outp = loss * delta_output
        loss_h = torch.mm(d_outp, w2.t())
        d_hidn = loss_h * delta_hidden
        w2 += torch.mm(a1.t(), d_outp) * learning_rate
        w1 += torch.mm(x.t(), d_hidn) * learning_rate
        b2 += d_outp.sum() * learning_rate
        b1 += d_hidn.sum() * learning_rate
    z1 = torch.mm(x, w1) + b1
    a1 = sigmoid_activation(z1)
    z2 = torch.mm(a1, w2) + b2
    return {
        **{"x": x, "y": y, "w1": w1, "w2": w2, "b1": b1, "b2": b2},
        **{"z1": z1, "a1": a1, "z2": z2, "output": sigmoid_activation(z2)},
    }
