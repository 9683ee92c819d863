"""Independent: one update by torch's own functions and autograd, and how exact that can be.

Each number comes with a bound on what rounding may do to it: the usual one of a sum of n products,
n · eps · Σ|x·y|, plus the effect of the errors of its factors.
"""

import functools
from dataclasses import dataclass

import torch
from hypothesis import strategies as st
from torch.nn import functional

from nets import ACTIVATIONS, Config
from nets.config import REDUCTIONS
from nets.engine.backprop import BIAS_RULES

DOUBLE, SINGLE = 2.0**-52, 2.0**-23
STEEPEST = 1.2  # of any activation, and of any slope between its kinks
FEW = 4  # roundings in an activation, a slope, an error or a change

# What torch.nn.functional has under another name, or with a threshold that float64 sees.
OTHERS = {
    "linear": torch.clone,
    "softplus": functools.partial(functional.softplus, threshold=100),
}


def function(row):
    """Find an activation in torch; if torch has none, use its notebook line."""
    found = OTHERS.get(row.name) or getattr(functional, row.name, None)
    return found or (lambda z: eval(row.notebook, {"torch": torch, "z": z}))


FUNCTIONS = {name: function(row) for name, row in ACTIVATIONS.items()}

networks = st.builds(
    Config,
    sizes=st.lists(st.integers(1, 6), min_size=2, max_size=5).map(tuple),
    hidden_activation=st.sampled_from(list(ACTIVATIONS)),
    output_activation=st.sampled_from(list(ACTIVATIONS)),
    bias_rule=st.sampled_from(list(BIAS_RULES)),
    reduction=st.sampled_from(REDUCTIONS),
    learning_rate=st.floats(1e-3, 0.1),
    l1=st.sampled_from([0.0, 0.01]),
    l2=st.sampled_from([0.0, 0.1]),
    examples=st.integers(1, 7),
    batch_size=st.none() | st.integers(1, 7),
    seed=st.integers(0, 2**32 - 1),
)


@dataclass(frozen=True)
class About:
    """Numbers, and by how much another way of computing them may differ."""

    value: torch.Tensor
    error: torch.Tensor

    @classmethod
    def exactly(cls, value):
        return cls(value, torch.zeros_like(value))

    def __getitem__(self, place):
        return About(self.value[place], self.error[place])

    def misses(self, other):
        """Say by how much the other numbers are further off than rounding explains."""
        return ((other - self.value).abs() - self.error).max().item()


def error_of_product(x, y, multiply, roundings):
    size, other = x.value.abs(), y.value.abs()
    parts = (size, y.error), (x.error, other), (x.error, y.error), (size, other * roundings)
    return sum(multiply(*part) for part in parts)


class Update:
    """One update of a network, from these examples; everything layer by layer, from layer 1.

    Attributes:
        sums, outputs, slopes: z, a and f′(z), (batch, fan_out).
        back, deltas: ∂loss/∂a and ∂loss/∂z, (batch, fan_out).
        weights, biases: what each parameter is moved by for a learning rate of 1.
        new_weights, new_biases: after the update.
    """

    def __init__(self, config, network, inputs, targets, rate, eps=DOUBLE):
        self.config, self.eps, self.rate, self.count = config, eps, rate, len(inputs)
        self.pairs = [(la.weights.double(), la.biases.double()) for la in network.layers]
        self.inputs, self.targets = inputs.double(), targets.double()
        self.names = [config.hidden_activation] * (len(self.pairs) - 1) + [config.output_activation]
        parameters = [p.clone().requires_grad_() for pair in self.pairs for p in pair]
        self._differentiate(parameters)
        self._move(parameters)
        self._bound()

    def _differentiate(self, parameters):
        """Compute the network and its loss, and differentiate with autograd."""
        a, self._z, self._a = self.inputs, [], []
        for name, w, b in zip(self.names, parameters[::2], parameters[1::2], strict=True):
            z = a @ w + b
            a = FUNCTIONS[name](z)
            z.retain_grad(), a.retain_grad()
            self._z.append(z)
            self._a.append(a)
        total = functional.mse_loss(a, self.targets, reduction="sum") / 2
        total = total / self.count if self.config.reduction == "mean" else total
        (total + sum(map(self._penalty, parameters[::2]))).backward()
        self.loss = (self.targets - a.detach()).square().sum(1) / 2

    def _penalty(self, weights):
        return self.config.l1 * weights.abs().sum() + self.config.l2 / 2 * weights.square().sum()

    def _move(self, parameters):
        """Make the update with torch's SGD; the notebook's rule sums the gradients of biases."""
        if self.config.bias_rule == "notebook":
            for bias, z in zip(parameters[1::2], self._z, strict=True):
                bias.grad = z.grad.sum().expand_as(bias).clone()
        self._gradients = [parameter.grad.clone() for parameter in parameters]
        torch.optim.SGD(parameters, lr=self.rate).step()
        self._after = [parameter.detach() for parameter in parameters]

    def _bound(self):
        a = About.exactly(self.inputs)
        self.fed, self.sums, self.outputs, self.slopes = [a], [], [], []
        for number, (w, b) in enumerate(self.pairs):
            z = self._z[number].detach()
            error = self._product(a, About.exactly(w)) + FEW * self.eps * (z.abs() + b.abs())
            a_value = self._a[number].detach()
            a = About(a_value, STEEPEST * error + FEW * self.eps * a_value.abs())
            self.sums.append(About(z, error))
            self.outputs.append(a)
            self.slopes.append(About(self._slope(number), STEEPEST * error + FEW * self.eps))
            self.fed.append(a)
        self._bound_back()
        self._bound_update()

    def _bound_back(self):
        output = self.outputs[-1]
        missed = (output.value - self.targets).abs()
        share = self.count if self.config.reduction == "mean" else 1
        error = (output.error + FEW * self.eps * missed) / share
        self.back, self.deltas = [], []
        for number in reversed(range(len(self.pairs))):
            back = About(self._a[number].grad, error)
            bend, value = self.slopes[number], self._z[number].grad
            delta = About(value, error_of_product(back, bend, torch.mul, FEW * self.eps))
            self.back.insert(0, back)
            self.deltas.insert(0, delta)
            error = self._product(delta, About.exactly(self.pairs[number][0].mT))

    def _bound_update(self):
        every = About(torch.ones(1, self.count).double(), torch.zeros(1, self.count).double())
        self.weights, self.biases, self.new_weights, self.new_biases = [], [], [], []
        for number, (a, delta) in enumerate(zip(self.fed, self.deltas, strict=False)):
            turned = About(a.value.mT, a.error.mT)
            error = self._product(every, delta)
            if self.config.bias_rule == "notebook":
                roundings = delta.value.shape[1] * self.eps * delta.value.abs().sum()
                error = (error.sum() + roundings).expand_as(error)
            places = 2 * number, 2 * number + 1
            pulled = self.config.l1 + self.config.l2 * self.pairs[number][0].abs()
            pulled = FEW * self.eps * (pulled + self._gradients[places[0]].abs())
            errors = self._product(turned, delta) + pulled, error
            kinds = (self.weights, self.new_weights), (self.biases, self.new_biases)
            for place, error, (moved, new) in zip(places, errors, kinds, strict=True):
                g, after = self._gradients[place], self._after[place]
                moved.append(About(g, error))
                roundings = FEW * self.eps * (self.rate * g.abs() + after.abs())
                new.append(About(after, self.rate * error + roundings))

    def _product(self, x, y):
        return error_of_product(x, y, torch.matmul, x.value.shape[-1] * self.eps)

    def _slope(self, number):
        z = self._z[number].detach().requires_grad_()
        return torch.autograd.grad(FUNCTIONS[self.names[number]](z).sum(), z)[0]
