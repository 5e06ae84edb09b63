"""The lines of table.tsv, how they are written, and the points where rows are probed."""

import sys
from math import copysign, isinf, isnan, nextafter

from mpmath import mp, mpf

HIGH, LOW = 5000, 1200  # bits: where 1e-324 and 1e308 are added, and elsewhere
MAX, TINY = sys.float_info.max, 5e-324
UP, DOWN = nextafter(1.0, 2.0), nextafter(1.0, 0.0)

SIZES = [0.0, TINY, 1e-310, 1e-8, 0.49, DOWN, 1.0, UP, 1.3, 20.0, 40.0, 710.0, 1e154, 1e200, MAX]
PROBES = [s * x for x in SIZES for s in (1, -1)]
EXTRA = [s * x for x in [0.1, 0.5, 1.5, 2.0, 3.0, 5.5, 10.0, 30.0, 100.7, 800.0] for s in (1, -1)]
SOME = [
    s * x for x in [0.0, TINY, 1e-8, 0.49, 1.0, UP, 1.3, 40.0, 710.0, 1e200, MAX] for s in (1, -1)
]

LINES = []
UNJUDGED = "?"


def text(x):
    """A result as 50 digits, or as the name of what is not finite."""
    if x is None:
        return "-"
    if x is UNJUDGED:
        return x
    if isinstance(x, (int, float)) and not isinstance(x, bool):
        if isnan(x) or isinf(x):
            return str(x)
        if x == 0.0:
            return "-0" if copysign(1, x) < 0 else "0"
        x = mpf(x)
    if mp.isinf(x) or mp.isnan(x):
        raise ValueError("a closed form gave no finite number")
    if x == 0:
        return "0"
    if abs(x) > mpf("1e400"):
        return "inf" if x > 0 else "-inf"
    if abs(x) < mpf("1e-400"):
        return "0" if x > 0 else "-0"
    return mp.nstr(x, 50, min_fixed=1, max_fixed=0)


def line(row, args, kind, value, partials):
    args = " ".join(repr(float(a)) for a in args)
    LINES.append("\t".join([row, args, kind, text(value), " ".join(map(text, partials))]))


def edge(row, args, value, *partials):
    line(row, args, "edge", value, partials)


def near(row, args, value, *partials):
    line(row, args, "near", value, partials)
