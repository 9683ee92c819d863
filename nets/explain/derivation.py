"""Derivation: how each number of an update is computed, line by line."""

from dataclasses import dataclass
from decimal import Decimal

from nets.engine.names import bias_name, symbol, to_symbol, weight_name
from nets.explain import cross_entropy, losses
from nets.explain.arithmetic import (
    Factor,
    Function,
    Line,
    Term,
    format_line,
    last_place,
    to_decimal,
)
from nets.explain.optimizers import derive_update
from nets.explain.phases import Phase, UpdateTrace
from nets.explain.quantities import Quantities

STANDARDISED = "Columns of numbers are standardised: (value − mean) / standard deviation."


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
            gradient = derive_gradient(quantities, layer, neuron, source)
            return [*derive_delta(quantities, layer, neuron), *gradient]
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
    if f.joint:
        return cross_entropy.softmax_output_lines(quantities, layer, neuron)
    z, a = quantities.sum(layer, neuron), quantities.activation(layer, neuron)
    return [Line(a.symbol, a.value, (_product(z),), Function(f.formula))]


def derive_delta(quantities: Quantities, layer: int, neuron: int) -> list[Line]:
    """δ = ∂loss/∂z = ∂loss/∂a times the slope of the activation."""
    output = layer == quantities.last
    if quantities.trace.network.activations[layer - 1].joint:
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
    source = a if f.slope_of == "a" else z
    return Line(bend.symbol, bend.value, (_product(source),), Function(f.slope_formula))


def derive_output_slope(quantities: Quantities, layer: int, neuron: int) -> Line:
    """∂loss/∂a of a hidden neuron: Σ w · δ over the neurons of the next layer."""
    targets = range(quantities.trace.network.sizes[layer + 1])
    pairs = [
        (quantities.weight(layer + 1, neuron, k), quantities.delta(layer + 1, k)) for k in targets
    ]
    total = sum(weight.value * delta.value for weight, delta in pairs)
    terms = tuple(_product(*pair) for pair in pairs)
    return Line(f"∂loss/∂{symbol('a', neuron, layer=layer)}", total, terms)


def derive_gradient(
    quantities: Quantities, layer: int, neuron: int, source: int | None
) -> list[Line]:
    """The gradient of a weight or bias: a sum over the examples of the update.

    Under the notebook's rule a second line has what every bias of the layer follows instead: the
    sum over all neurons of the layer. An update follows the last line.
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
        name = to_symbol(weight_name(layer, source, neuron))
        return [Line(f"gradient of {name}", value, tuple(terms))]
    name, size = to_symbol(bias_name(layer, neuron)), quantities.trace.network.sizes[layer]
    value = quantities.trace.bias_gradients[layer - 1][0, neuron].item()
    terms = tuple(_product(quantities.delta(layer, neuron, n)) for n in rows)
    lines = [Line(f"gradient of {name}", value, terms)]
    if quantities.trace.run.config.bias_rule == "notebook" and size > 1:
        terms = tuple(_product(quantities.delta(layer, k, n)) for n in rows for k in range(size))
        value = gradients.biases[layer - 1][0, neuron].item()
        lines.append(Line(f"sum over the layer, for {name}", value, terms))
    return lines


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


def list_remarks(trace: UpdateTrace, phase: Phase, *, of_bias: bool = False) -> list[str]:
    """List the sentences that explain a phase of an update, or what it computes of a bias."""
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
            "The notebook calls the error loss: loss = y - output. The derivative of ½ · error² by "
            "ŷ is −error, so the notebook’s += with the error makes the loss smaller.",
        ),
        (
            phase.step == "backward",
            "The notebook’s d is −δ: the notebook adds d where we subtract δ.",
        ),
        (
            of_bias and config.bias_rule == "notebook" and max(trace.network.sizes[1:]) > 1,
            "The notebook changes every bias of a layer by the sum over the layer, not by the "
            "bias’s own gradient.",
        ),
        (trace.run.data.is_scaled, STANDARDISED),
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
    if phase.step == "backward":  # the question ends with δ; the gradient follows from it
        lines = derive_delta(quantities, phase.layer, neuron)
    else:
        lines = derive(quantities, phase, neuron, source)
    trace = quantities.trace
    return Question(trace.run.epoch, trace.batch, phase, tuple(lines))


def check_answer(question: Question, answer: float, digits: int) -> bool:
    """Check whether an answer, rounded to these digits, equals the number as it is shown.

    What follows from the numbers that are rounded to these digits elsewhere is right too.
    """
    line = question.answer
    shown = format_line(line, digits).result
    right = [to_decimal(shown)]
    if line.terms:
        right.append(line.compute(line.format_factors(digits)))
    half = last_place(shown) / 2 * Decimal("1.000001")  # a half may be rounded up or down
    return any(abs(Decimal(answer) - each) <= half for each in right if each.is_finite())
