"""Derivation: how each number of an update is computed, line by line."""

import torch

from nets.engine.activations import Activation
from nets.engine.names import bias_name, weight_name
from nets.explain import cross_entropy, loss_lines
from nets.explain.arithmetic import Factor, Function, Line, Term
from nets.explain.optimizers import ParameterUpdate, changes
from nets.explain.phases import Phase, Walkthrough
from nets.explain.quantities import Quantities, parameter_of

# How an activation is written, then its slope, and whether the slope's formula is of z or of a.
FORMULAS: dict[str, tuple[str, str, str]] = {
    "sigmoid": ("1 / (1 + exp(−{x}))", "{x} · (1 − {x})", "a"),
    "tanh": ("tanh({x})", "1 − {x}²", "a"),
    "relu": ("max(0, {x})", "1 if {x} > 0 else 0", "z"),
    "leaky_relu": ("{x} if {x} > 0 else 0.01 · {x}", "1 if {x} > 0 else 0.01", "z"),
    "linear": ("{x}", "1", "z"),
}


def lines_of(
    factors: Quantities, phase: Phase, neuron: int, source: int | None = None
) -> list[Line]:
    """Return the lines that lead to what a phase computes of one neuron, weight or bias.

    Args:
        factors: the numbers of the update.
        phase: what is computed. For an update the phase may name a layer; otherwise it is the last.
        neuron: of the phase's layer, or of the output.
        source: the neuron that the weight comes from, or None for the bias; only for the gradient
            and the update.
    """
    match phase:
        case Phase("forward", layer):
            return [weighted_sum(factors, layer, neuron), *activation(factors, layer, neuron)]
        case Phase("loss"):
            return loss_lines.losses(factors, neuron)
        case Phase("backward", layer):
            return [*deltas(factors, layer, neuron), gradient(factors, layer, neuron, source)]
        case _:
            return update(factors, phase.layer or factors.last, neuron, source)


def weighted_sum(factors: Quantities, layer: int, neuron: int) -> Line:
    """z = Σ w · a + b."""
    sources = range(factors.step.network.sizes[layer - 1])
    terms = [
        _product(factors.weight(layer, i, neuron), factors.activation(layer - 1, i))
        for i in sources
    ]
    z = factors.sum(layer, neuron)
    return Line(z.symbol, z.value, (*terms, _product(factors.bias(layer, neuron))))


def activation(factors: Quantities, layer: int, neuron: int) -> list[Line]:
    """a = f(z)."""
    f = factors.step.network.activations[layer - 1]
    if f.back is not None:
        return cross_entropy.softmax_output_lines(factors, layer, neuron)
    formula, *_ = FORMULAS.get(f.name, (f"{f.name}({{x}})",))
    z, a = factors.sum(layer, neuron), factors.activation(layer, neuron)
    return [Line(a.symbol, a.value, (_product(z),), Function(formula, lambda x: _value(f, x)))]


def deltas(factors: Quantities, layer: int, neuron: int) -> list[Line]:
    """δ = ∂loss/∂z: what comes back to the neuron, times the slope of its activation."""
    output = layer == factors.last
    if factors.step.network.activations[layer - 1].back is not None:
        slopes = [loss_lines.slopes(factors, k) for k in range(factors.step.targets.shape[1])]
        return cross_entropy.softmax_deltas(factors, layer, neuron, slopes)
    before = loss_lines.slopes(factors, neuron) if output else [passed_back(factors, layer, neuron)]
    bend, delta = slope(factors, layer, neuron), factors.delta(layer, neuron)
    product = [before[-1].as_factor, bend.as_factor]
    if output:
        product = [*cross_entropy.of_examples(factors), *product]
    return [*before, bend, Line(delta.symbol, delta.value, (_product(*product),))]


def slope(factors: Quantities, layer: int, neuron: int) -> Line:
    """f′(z), from z or from a."""
    f = factors.step.network.activations[layer - 1]
    z, a, bend = (part(layer, neuron) for part in (factors.sum, factors.activation, factors.slope))
    _, formula, of = FORMULAS.get(f.name, ("", f"{f.name}′({{x}})", "z"))
    if of == "a":
        function = Function(formula, lambda x: _slope(f, z.value, x))
    else:
        function = Function(formula, lambda x: _slope(f, x, a.value))
    return Line(bend.symbol, bend.value, (_product(a if of == "a" else z),), function)


def passed_back(factors: Quantities, layer: int, neuron: int) -> Line:
    """∂loss/∂a of a hidden neuron: the δ of the next layer, each through its weight."""
    targets = range(factors.step.network.sizes[layer + 1])
    pairs = [(factors.weight(layer + 1, neuron, k), factors.delta(layer + 1, k)) for k in targets]
    total = sum(weight.value * delta.value for weight, delta in pairs)
    terms = tuple(_product(*pair) for pair in pairs)
    return Line(f"∂loss/∂a{layer}[{neuron}]", total, terms)


def gradient(factors: Quantities, layer: int, neuron: int, source: int | None) -> Line:
    """The gradient of a weight or bias: a sum over the examples of the update.

    Under the notebook's rule a bias moves by the sum over all neurons of its layer instead.
    """
    rows, gradients = range(factors.count), factors.step.gradients
    if source is not None:
        terms = [
            _product(factors.activation(layer - 1, source, n), factors.delta(layer, neuron, n))
            for n in rows
        ]
        terms += penalties(factors, layer, neuron, source)
        value = gradients.weights[layer - 1][source, neuron].item()
        return Line(f"gradient of {weight_name(layer, source, neuron)}", value, tuple(terms))
    size = factors.step.network.sizes[layer]
    shared = factors.step.run.config.bias_rule == "notebook" and size > 1
    neurons = range(size) if shared else [neuron]
    terms = [_product(factors.delta(layer, k, n)) for n in rows for k in neurons]
    name = f"{'sum over the layer, for' if shared else 'gradient of'} {bias_name(layer, neuron)}"
    return Line(name, gradients.biases[layer - 1][0, neuron].item(), tuple(terms))


def update(factors: Quantities, layer: int, neuron: int, source: int | None) -> list[Line]:
    """The change of a weight or bias, against its gradient, and what it then is."""
    slope, step = gradient(factors, layer, neuron, source), factors.step
    old = factors.parameter(layer, neuron, source)
    new = parameter_of(step.after, layer, neuron, source)
    by_hand = step.run.config.optimizer == "GradientDescent"
    alone = by_hand and len(slope.terms) == 1
    rest = slope.terms[0].factors if alone else (slope.as_factor,)
    remembered = [
        tuple(parameter_of(network, layer, neuron, source) for network in before_and_after)
        for before_and_after in step.optimizer_state
    ]
    change = -step.run.learning_rate * slope.value if by_hand else new - old.value
    moved = ParameterUpdate(
        old.symbol, rest, change, step.run.learning_rate, remembered, step.number
    )
    *before, last = changes(step.run.config.optimizer, moved)
    after = Line(f"new {old.symbol}", new, (_product(old), _product(last.as_factor)))
    return [*([] if alone else [slope]), *before, last, after]


def penalties(factors: Quantities, layer: int, neuron: int, source: int) -> list[Term]:
    """What L2 and L1 add to the gradient of a weight, where they are on."""
    config, weight = factors.step.run.config, factors.weight(layer, source, neuron)
    sign = float((weight.value > 0) - (weight.value < 0))
    terms: list[Term] = []
    if config.l2:
        terms.append(_product(Factor("L2", config.l2, exact=True), weight))
    if config.l1:
        of_weight = Factor(f"sign({weight.symbol})", sign, weight.part, exact=True)
        terms.append(_product(Factor("L1", config.l1, exact=True), of_weight))
    return terms


def _product(*factors: Factor) -> Term:
    return Term(factors)


def _value(f: Activation, x: float) -> float:
    z = torch.tensor([x], dtype=torch.float64)
    return f.value(z, torch.empty_like(z)).item()


def _slope(f: Activation, z: float, a: float) -> float:
    both = torch.tensor([[z], [a]], dtype=torch.float64)
    return f.slope(both[0], both[1], torch.empty_like(both[0])).item()


def remarks_on(walk: Walkthrough, phase: Phase) -> list[str]:
    """Return the sentences that hold for a phase of the update that is walked through."""
    config, count = walk.start.config, len(walk.trace.rows)
    gradients = phase.step in ("backward", "update")
    output = phase == Phase("forward", len(walk.trace.network.layers))
    remarks = (
        (
            gradients and count > 1,
            f"A gradient is a {config.reduction} over the {count} examples of this update.",
        ),
        (
            gradients and (config.l1 or config.l2),
            "L1 and L2 add to the gradient of a weight, once an update.",
        ),
        (
            output and config.output_activation == "softmax",
            "softmax is exp(z) / Σ exp(z); with exp(z) divided out above and below, no number "
            "becomes too large.",
        ),
        (
            phase.step == "loss" and config.loss == "SquaredError",
            "The derivative of ½ · error² by the output is −error, so the notebook’s += with the "
            "error goes downhill.",
        ),
        (
            phase.step == "backward",
            "The notebook’s d is −δ: it adds where a gradient is subtracted.",
        ),
    )
    return [sentence for holds, sentence in remarks if holds]
