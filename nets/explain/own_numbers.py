"""Own numbers: which numbers of a calculation on paper agree with those of an update."""

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from nets.config import Config
from nets.data.datasets import ALL_DATASETS
from nets.engine.names import bias_name, neuron_name, symbol, to_symbol, weight_name
from nets.explain.phases import UpdateTrace
from nets.explain.quantities import bias_of, weight_of
from nets.validate import parse_typed_number, quote

MOST_LETTERS = 20_000
MOST_NUMBERS = 300
FLOAT32 = 3e-7  # relative; nobody can ask for more digits than float32 has
NAME = r"[^\W\d_]+\d*(?:\[\s*\d+\s*(?:,\s*\d+\s*)?\])?(?:,[₀-₉]+)?"
UNSIGNED = r"(?:(?:\d{1,3}(?: \d{3})+|\d+)(?:[.,]\d+)?|[.,]\d+)(?:[eE][-+]?\d+)?"
NUMBER = rf"[-+−]?\s?{UNSIGNED}(?: ?/ ?{UNSIGNED})?"
PAIR = re.compile(rf"({NAME})\s*[=:≈]?\s*({NUMBER})(?! ?/|\w|[.,]\d)")
DECIMALS_OF_A_FRACTION = 6
IN_PLACE_OF_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


@dataclass(frozen=True)
class Right:
    """A number of an update: its name, its value, and the value before, if an update changes it."""

    name: str
    value: float
    before: float | None = None


@dataclass(frozen=True)
class Checked:
    """A number that somebody computed, and what the page says of it.

    Attributes:
        name: as the page writes it, or as it was typed if it is not known.
        given: as it was typed.
        right: the page's number, with as many digits; empty where the name is not known.
        agrees: whether the number is right, to the digits that are given.
        remark: what may have been meant, if anything is known.
    """

    name: str
    given: str
    right: str
    agrees: bool
    remark: str = ""


def check_numbers(
    text: str, trace: UpdateTrace, names: list[list[str]], row: int = 0
) -> list[Checked]:
    """Compare numbers, by name, with those of an update.

    Args:
        text: names and numbers, such as "w1[0, 0] = 0.192" or "h₁ 0.332".
        trace: the update; weights and biases are those after it.
        names: of every neuron, layer by layer, as in the diagram.
        row: which example of the update the activations belong to.

    Raises:
        ValueError: if there is no name with a number, or too much text.
    """
    if len(text) > MOST_LETTERS:
        raise ValueError(f"The text must have at most {MOST_LETTERS} letters; got {len(text)}.")
    pairs = PAIR.findall(unicodedata.normalize("NFC", text))
    if not 0 < len(pairs) <= MOST_NUMBERS:
        raise ValueError(
            f"The text must be 1 to {MOST_NUMBERS} names with their numbers, such as "
            f"w1[0, 0] = 0.192 or h₁ 0.332; got {len(pairs)} in {quote(text)}."
        )
    known = _by_name(trace, names, row)
    return [_checked(name, given.strip(), _find(known, _plain(name))) for name, given in pairs]


def _checked(name: str, given: str, right: Right | None) -> Checked:
    if right is None:
        return Checked(name, given, "", False, "The page has no number of this name.")
    number, digits = parse_typed_number(given), _decimals(given)
    if isinstance(number, str):
        return Checked(name, given, "", False, "This is not a number.")
    if agree(number, right.value, digits):
        return Checked(right.name, given, _written(right.value, digits), True)
    remark = ""
    if right.before is not None and agree(number, right.before, digits):
        remark = "This is the value before the update."
    elif agree(-number, right.value, digits):
        remark = "Only the sign differs."
    elif agree(number, right.value, digits - 1):
        remark = "Only the last digit differs."
    return Checked(right.name, given, _written(right.value, digits), False, remark)


def agree(number: float, right: float, digits: int) -> bool:
    """Whether a number is another one, rounded to this many decimals, as far as float32 goes."""
    return abs(number - right) <= 0.5 * 10.0**-digits + FLOAT32 * abs(right)


def _decimals(given: str) -> int:
    """Count the decimals of a number as it was typed."""
    if "/" in given:
        return DECIMALS_OF_A_FRACTION
    exponent = (
        Decimal(given.replace(",", ".").replace("−", "-").replace(" ", "")).as_tuple().exponent
    )
    return -exponent if isinstance(exponent, int) else 0


def _written(value: float, digits: int) -> str:
    """Write a number with some decimals, and with two more where these would be 0."""
    needed = 0 if not value else 2 - math.floor(math.log10(abs(value)))
    digits = min(12, max(digits, 0 if not value else min(needed, digits + 2)))
    return f"{value:.{digits}f}".replace("-", "−")


def _plain(name: str) -> str:
    """Write a name without spaces, its subscripts as digits."""
    return re.sub(r"\s", "", name)


def _find(known: Mapping[str, Right], name: str) -> Right | None:
    """Find a number by its name, also if that is written without subscripts."""
    return known.get(name) or known.get(_ascii(name))


def _by_name(trace: UpdateTrace, names: list[list[str]], row: int) -> dict[str, Right]:
    """Collect the numbers of an update, by every name under which they are known."""
    known: dict[str, Right] = {}
    for layer, (fan_in, fan_out) in enumerate(pairwise(trace.network.sizes), start=1):
        for neuron in range(fan_out):
            z, a = trace.activity.sums, trace.activity.outputs
            delta = trace.gradients.deltas
            shown = names[layer][neuron]
            of_neuron = {
                "z": z[layer - 1][row, neuron].item(),
                "a": a[layer - 1][row, neuron].item(),
                "delta": delta[layer - 1][row, neuron].item(),
            }
            for letter, value in of_neuron.items():
                code = neuron_name(layer, neuron).replace("a", letter, 1)
                written = symbol("δ" if letter == "delta" else letter, neuron, layer=layer)
                right = Right(shown if letter == "a" else written, value)
                others = [shown, _ascii(shown)] if letter == "a" else []
                known |= dict.fromkeys([code, written, *others], right)
            known |= _parameters(trace, layer, neuron, fan_in)
    loss = trace.run.loss if trace.batch == 0 else None
    known |= {"loss": Right("loss", loss)} if loss is not None else {}
    return known | _of_book(trace.run.config, known)


def _of_book(config: Config, known: Mapping[str, Right]) -> dict[str, Right]:
    """Collect the numbers that a textbook names, by its names, if the network is the book's."""
    book = ALL_DATASETS[config.data].textbook
    if book is None or book.sizes != config.sizes:
        return {}
    return {name: _of_sign(name, codes, known) for name, codes in book.names.items()}


def _of_sign(name: str, codes: str, known: Mapping[str, Right]) -> Right:
    """Return a number under a book's name, with the sign that it has there."""
    right, sign = known[codes.split()[0].lstrip("-")], -1 if codes.startswith("-") else 1
    before = None if right.before is None else sign * right.before
    return Right(f"{name} ({right.name})", sign * right.value, before)


def _ascii(name: str) -> str:
    """Write h₁ as h1."""
    return name.translate(IN_PLACE_OF_SUBSCRIPTS)


def _parameters(trace: UpdateTrace, layer: int, neuron: int, fan_in: int) -> dict[str, Right]:
    """Collect the weights and the bias of a neuron, after the update and before it."""
    known: dict[str, Right] = {}
    before, after = trace.network, trace.after
    for source in range(fan_in):
        code = weight_name(layer, source, neuron)
        place = layer, source, neuron
        right = Right(to_symbol(code), weight_of(after, *place), weight_of(before, *place))
        known |= dict.fromkeys([code.replace(" ", ""), right.name], right)
    code = bias_name(layer, neuron)
    right = Right(to_symbol(code), bias_of(after, layer, neuron), bias_of(before, layer, neuron))
    return known | dict.fromkeys([code, code.replace("[", "[0,"), right.name], right)
