"""Calculations as they are written on the page, computed by mpmath as a person would."""

import re
from decimal import Decimal

import mpmath

CALLS = {
    "exp": mpmath.exp,
    "log": mpmath.log,
    "sqrt": mpmath.sqrt,
    "tanh": mpmath.tanh,
    "sign": mpmath.sign,
    "max": max,
    "min": min,
    "abs": abs,
    "σ": lambda x: 1 / (1 + mpmath.exp(-x)),
    "Φ": mpmath.ncdf,
    "φ": mpmath.npdf,
    "mpf": mpmath.mpf,
}


def compute(text):
    """Compute what is written, exactly."""
    python = re.sub(r"\|([^|]*)\|", r"abs(\1)", text)
    python = re.sub(r"√(\([^)]*\)|[\d.e+−]+)", r"sqrt(\1)", python)
    for sign, written in {"·": "*", "−": "-", "²": "**2", "½": "0.5"}.items():
        python = python.replace(sign, written)
    return eval(re.sub(r"(?<!\*)\b\d+\.?\d*(e[+-]?\d+)?", r"mpf('\g<0>')", python), dict(CALLS))


def rounds_to(number, result):
    """Whether a number is the written result, rounded to its digits."""
    shown = Decimal(result.replace("−", "-"))
    unit = mpmath.mpf(f"1e{shown.as_tuple().exponent}")
    return abs(number - mpmath.mpf(str(shown))) < unit / 2
