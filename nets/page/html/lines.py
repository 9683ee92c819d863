"""Lines: a derivation as HTML: formula, the same with numbers, result."""

from html import escape

from nets.explain.arithmetic import Factor, FormattedLine, Line, Term, format_line
from nets.figures.colours import plain

MOST_TERMS = 10  # of a line; the others are put together, and can be opened


def lines_as_html(lines: list[Line], digits: int, *, opened: bool = True) -> str:
    """Write lines one below the other; what a number belongs to lights up in the diagram.

    With `opened`, all terms of a long sum can be opened.
    """
    parts = [_line(each, digits) + (_opened(each, digits) if opened else "") for each in lines]
    return f'<div class="lines">{"".join(parts)}</div>'


def _line(line: Line, digits: int) -> str:
    short = line.shorten(MOST_TERMS)
    return (
        f'<div class="line" data-line="{escape(line.name)}">'
        f"<b>{plain(line.name)}</b>{formula(short)}"
        f"{_numbers(short, format_line(short, digits))}</div>"
    )


def line_to_compute(line: Line, digits: int) -> str:
    """Write a line with its numbers, but with a question mark in place of its result."""
    short = line.shorten(MOST_TERMS)
    numbers = format_line(short, digits)
    shown = f"<span>= {_computation(short, numbers)}</span>" if line.terms else ""
    return (
        f'<div class="lines"><div class="line"><b>{plain(line.name)}</b>{formula(short)}'
        f"{shown}<span>= ?</span></div></div>"
    )


def formula(line: Line) -> str:
    """Write what a line computes, in symbols."""
    if not line.terms:
        return ""
    symbols = [[_symbol(factor) for factor in term.factors] for term in line.terms]
    return f"<span>= {_in_function(line, _sum(line.terms, symbols))}</span>"


def _numbers(line: Line, numbers: FormattedLine) -> str:
    result = f'<output class="{_sign(numbers.result)}">{numbers.result}</output>'
    if not line.terms:
        return f"<span>= {result}</span>"
    return f"<span>= {_computation(line, numbers)}</span><span>= {result}</span>"


def _computation(line: Line, numbers: FormattedLine) -> str:
    texts = [
        [_number(factor, text) for factor, text in zip(term.factors, factors, strict=True)]
        for term, factors in zip(line.terms, numbers.factors, strict=True)
    ]
    return _in_function(line, _sum(line.terms, texts))


def _in_function(line: Line, argument: str) -> str:
    if line.function is None:
        return argument
    return escape(line.function.formula).replace("{x}", argument)


def _sum(terms: tuple[Term, ...], factors: list[list[str]]) -> str:
    """Join products by plus and minus."""
    text = ""
    for term, parts in zip(terms, factors, strict=True):
        sign = "−" if term.negative else "+" if text else ""
        text += (f" {sign} " if text else sign) + " · ".join(parts)
    return text


def _symbol(factor: Factor) -> str:
    power = "²" if factor.power == 2 else ""
    return f"<span{_lights(factor)}>{plain(factor.symbol)}{power}</span>"


def _number(factor: Factor, text: str) -> str:
    shown = f"({text})" if text.startswith("−") else text
    power = "²" if factor.power == 2 else ""
    return f'<span class="{_sign(text)}"{_lights(factor)}>{shown}{power}</span>'


def _lights(factor: Factor) -> str:
    return f' data-lights="{escape(factor.part)}"' if factor.part else ""


def _sign(text: str) -> str:
    """Name the colour of a number: none for 0, which is neither above nor below."""
    if not text.strip("−0."):
        return "zero"
    return "below" if text.startswith("−") else "above"


def _opened(line: Line, digits: int) -> str:
    """All terms of a long sum, to be opened."""
    if len(line.terms) <= MOST_TERMS:
        return ""
    written = format_line(line, digits)
    rows = "".join(
        f"<li>{_sum((term,), [[_symbol(f) for f in term.factors]])}"
        f" = {_sum((term,), [list(texts)])}</li>"
        for term, texts in zip(line.terms, written.factors, strict=True)
    )
    return f"<details><summary>All {len(line.terms)} terms</summary><ol>{rows}</ol></details>"
