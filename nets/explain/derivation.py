"""Derivation: how each number of an update is computed, line by line."""

from dataclasses import dataclass

import torch

from nets.engine.activations import Activation
from nets.engine.names import bias_name, weight_name
from nets.explain import cross_entropy, losses
from nets.explain.arithmetic import (
    Factor,
    Function,
    Line,
    Term,
    format_number,
    last_digit_unit,
    parse_number,
)
from nets.explain.optimizers import derive_update
from nets.explain.phases import Phase, UpdateTrace
from nets.explain.quantities import Quantities


def derive(
    quantities: Quantities, phase: Phase, neuron: int, source: int | None = None
) -> list[Line]:
    """Derive what a phase computes for one neuron, weight or bias, line by line.

    Args:
        quantities: the numbers of the update.
        phase: what is computed. The phase "update" may name a layer; otherwise it is the last.
        neuron: its index in the phase's layer, or among the outputs.
        source: the neuron that the weight comes from, or None for the bias. Only the gradient and
            the update use it.
    """
    match phase:
        case Phase("forward", layer):
            return [
                derive_weighted_sum(quantities, layer, neuron),
                *derive_activation(quantities, layer, neuron),
            ]
        case Phase("loss"):
            return losses.derive_loss(quantities, neuron)
        case Phase("backward", layer):
            return [
                *derive_delta(quantities, layer, neuron),
                derive_gradient(quantities, layer, neuron, source),
            ]
        case _:
            layer = phase.layer or quantities.last
            gradient = derive_gradient(quantities, layer, neuron, source)
            return derive_update(quantities, gradient, layer, neuron, source)


def derive_weighted_sum(quantities: Quantities, layer: int, neuron: int) -> Line:
    """z = Σ w · a + b."""
    sources = range(quantities.trace.network.sizes[layer - 1])
    terms = [
        _product(quantities.weight(layer, i, neuron), quantities.activation(layer - 1, i))
        for i in sources
    ]
    z = quantities.sum(layer, neuron)
    return Line(z.symbol, z.value, (*terms, _product(quantities.bias(layer, neuron))))


def derive_activation(quantities: Quantities, layer: int, neuron: int) -> list[Line]:
    """a = f(z)."""
    f = quantities.trace.network.activations[layer - 1]
    if f.back is not None:
        return cross_entropy.softmax_output_lines(quantities, layer, neuron)
    z, a = quantities.sum(layer, neuron), quantities.activation(layer, neuron)
    return [Line(a.symbol, a.value, (_product(z),), Function(f.formula, lambda x: _value(f, x)))]


def derive_delta(quantities: Quantities, layer: int, neuron: int) -> list[Line]:
    """δ = ∂loss/∂z = ∂loss/∂a times the slope of the activation."""
    output = layer == quantities.last
    if quantities.trace.network.activations[layer - 1].back is not None:
        count = quantities.trace.targets.shape[1]
        slopes = [losses.derive_loss_slope(quantities, k) for k in range(count)]
        return cross_entropy.softmax_deltas(quantities, layer, neuron, slopes)
    before = (
        losses.derive_loss_slope(quantities, neuron)
        if output
        else [derive_output_slope(quantities, layer, neuron)]
    )
    bend, delta = derive_slope(quantities, layer, neuron), quantities.delta(layer, neuron)
    product = [before[-1].to_factor(), bend.to_factor()]
    if output:
        product = [*cross_entropy.mean_factor(quantities), *product]
    return [*before, bend, Line(delta.symbol, delta.value, (_product(*product),))]


def derive_slope(quantities: Quantities, layer: int, neuron: int) -> Line:
    """f′(z), as a formula of z or of a."""
    f = quantities.trace.network.activations[layer - 1]
    z, a, bend = (
        part(layer, neuron) for part in (quantities.sum, quantities.activation, quantities.slope)
    )
    if f.slope_of == "a":
        source, function = a, Function(f.slope_formula, lambda x: _slope(f, z.value, x))
    else:
        source, function = z, Function(f.slope_formula, lambda x: _slope(f, x, a.value))
    return Line(bend.symbol, bend.value, (_product(source),), function)


def derive_output_slope(quantities: Quantities, layer: int, neuron: int) -> Line:
    """∂loss/∂a of a hidden neuron: Σ w · δ over the neurons of the next layer."""
    targets = range(quantities.trace.network.sizes[layer + 1])
    pairs = [
        (quantities.weight(layer + 1, neuron, k), quantities.delta(layer + 1, k)) for k in targets
    ]
    total = sum(weight.value * delta.value for weight, delta in pairs)
    terms = tuple(_product(*pair) for pair in pairs)
    return Line(f"∂loss/∂a{layer}[{neuron}]", total, terms)


def derive_gradient(quantities: Quantities, layer: int, neuron: int, source: int | None) -> Line:
    """The gradient of a weight or bias: a sum over the examples of the update.

    Under the notebook's rule a bias gets the sum over all neurons of its layer instead.
    """
    rows, gradients = range(quantities.count), quantities.trace.gradients
    if source is not None:
        terms = [
            _product(
                quantities.activation(layer - 1, source, n), quantities.delta(layer, neuron, n)
            )
            for n in rows
        ]
        terms += list_penalties(quantities, layer, neuron, source)
        value = gradients.weights[layer - 1][source, neuron].item()
        return Line(f"gradient of {weight_name(layer, source, neuron)}", value, tuple(terms))
    size = quantities.trace.network.sizes[layer]
    shared = quantities.trace.run.config.bias_rule == "notebook" and size > 1
    neurons = range(size) if shared else [neuron]
    terms = [_product(quantities.delta(layer, k, n)) for n in rows for k in neurons]
    name = f"{'sum over the layer, for' if shared else 'gradient of'} {bias_name(layer, neuron)}"
    return Line(name, gradients.biases[layer - 1][0, neuron].item(), tuple(terms))


def list_penalties(quantities: Quantities, layer: int, neuron: int, source: int) -> list[Term]:
    """List the terms that L2 and L1 add to the gradient of a weight."""
    config, weight = quantities.trace.run.config, quantities.weight(layer, source, neuron)
    sign = float((weight.value > 0) - (weight.value < 0))
    terms: list[Term] = []
    if config.l2:
        terms.append(_product(Factor("L2", config.l2, exact=True), weight))
    if config.l1:
        of_weight = Factor(f"sign({weight.symbol})", sign, weight.part, exact=True)
        terms.append(_product(Factor("L1", config.l1, exact=True), of_weight))
    return terms


def _product(*quantities: Factor) -> Term:
    return Term(quantities)


def _value(f: Activation, x: float) -> float:
    z = torch.tensor([x], dtype=torch.float64)
    return f.value(z, torch.empty_like(z)).item()


def _slope(f: Activation, z: float, a: float) -> float:
    both = torch.tensor([[z], [a]], dtype=torch.float64)
    return f.slope(both[0], both[1], torch.empty_like(both[0])).item()


def list_remarks(trace: UpdateTrace, phase: Phase) -> list[str]:
    """List the sentences that explain a phase of an update."""
    config, count = trace.run.config, len(trace.rows)
    gradients = phase.step in ("backward", "update")
    output = phase == Phase("forward", len(trace.network.layers))
    remarks = (
        (
            gradients and count > 1,
            f"A gradient is a {config.reduction} over the {count} examples of this update.",
        ),
        (
            gradients and (config.l1 or config.l2),
            "L1 and L2 add to the gradient of a weight once per update.",
        ),
        (
            output and config.output_activation == "softmax",
            "softmax is exp(z) / Σ exp(z). Here both are divided by exp(z), so that no number "
            "becomes too large.",
        ),
        (
            phase.step == "loss" and config.loss == "SquaredError",
            "The derivative of ½ · error² by the output is −error, so the notebook’s += with the "
            "error makes the loss smaller.",
        ),
        (
            phase.step == "backward",
            "The notebook’s d is −δ: the notebook adds d where we subtract δ.",
        ),
    )
    return [sentence for holds, sentence in remarks if holds]


@dataclass(frozen=True)
class Question:
    """One number of a phase, asked for before the phase is shown.

    Attributes:
        epoch, batch: of which update.
        phase: in which the number is computed.
        lines: its derivation; the number itself is the last line.
    """

    epoch: int
    batch: int
    phase: Phase
    lines: tuple[Line, ...]

    @property
    def answer(self) -> Line:
        """The line of the number that is asked for."""
        return self.lines[-1]


def ask_about(
    quantities: Quantities, phase: Phase, neuron: int, source: int | None = None
) -> Question:
    """Ask for what a phase computes for a neuron, or for a new weight or bias."""
    lines = derive(quantities, phase, neuron, source)
    if phase.step == "backward":
        lines = lines[:-1]  # the question ends with δ; the gradient follows from it
    trace = quantities.trace
    return Question(trace.run.epoch, trace.batch, phase, tuple(lines))


def check_answer(question: Question, answer: float, digits: int) -> bool:
    """Check whether an answer, rounded to these digits, equals the number as it is shown."""
    shown = format_number(question.answer.value, digits)
    return abs(answer - parse_number(shown)) <= last_digit_unit(shown) / 2 * (1 + 1e-9)
