"""Writes table.tsv beside it: what every row of the table should give, to 50 digits.

Run as `python3 tests/reference/make.py` with Python 3 and mpmath 1.3.0; it takes some seconds.
Nothing here is taken from src/table.rs: values and derivatives are closed forms in mpmath, at the
exact binary value of each f64 argument.

A line: row, arguments, kind, value, partials, separated by tabs; lists within by spaces.
`near`: to be met within the ulps of the row. `edge`: to be met bit for bit (any NaN is any NaN,
the sign of a zero is ignored but in the value of chain and copysign).
A partial `-` is an edge that is not taken: its gradient is 0. A partial `?` is not judged.
"""

import os
import sys
from math import copysign, fmod, ceil, floor, inf, isinf, isnan, nan, trunc

from mpmath import mp, mpf

sys.dont_write_bytecode = True

import edges
from closed import BINARY, HIGH_UNARY, LOW_BINARY, UNARY, exp, no_pole, polygamma, pow_slope, power
from closed import pow_derivative, sinc_derivative, turn_derivative
from lines import EXTRA, HIGH, LINES, LOW, MAX, PROBES, SOME, TINY, UNJUDGED, UP, DOWN, edge, near


def unary(rows, bits):
    mp.prec = bits
    for row, (value, slope, where, further) in rows.items():
        for x in PROBES + EXTRA + further:
            if where(mpf(x)):
                near(row, [x], value(mpf(x)), slope(mpf(x)))
        edge(row, [nan], nan, -1 if row == "neg" else nan)


def pieces():
    """Piecewise rows: their values are exact, so every line of theirs is an edge."""
    steps = {
        "signum": lambda x: copysign(1, x),
        "floor": lambda x: x if abs(x) > 2**53 or x == 0 else float(floor(x)),
        "ceil": lambda x: x if abs(x) > 2**53 or x == 0 else copysign(ceil(x), x),
        "trunc": lambda x: x if abs(x) > 2**53 else copysign(trunc(x), x),
        "round": lambda x: (
            x if abs(x) > 2**53 else copysign(int(mp.floor(mpf(abs(x)) + mpf(0.5))), x)
        ),
    }
    mp.prec = LOW
    for row, value in steps.items():
        for x in PROBES + EXTRA + [0.5, -0.5, 1.5, -2.5, 0.49999999999999994] + [inf, -inf]:
            edge(row, [x], value(x) if not isinf(x) or row == "signum" else x, None)
        edge(row, [nan], nan, nan)
    for x in PROBES + EXTRA:
        edge("fract", [x], fmod(x, 1.0), 1)
        if x != 0:
            edge("abs", [x], abs(x), copysign(1, x))
            edge("relu", [x], max(x, 0.0), 1 if x > 0 else None)
    for x in [inf, -inf, nan]:
        edge("fract", [x], nan, nan)
    two_pieces()


def sign(x, y):
    return (x > y) - (x < y)


def two_pieces():
    for x in SOME + [inf, -inf, nan]:
        for y in SOME + [inf, -inf, nan]:
            bad = isnan(x) or isnan(y)
            order = nan if bad else sign(x, y)
            edge("compare", [x, y], order, nan if isnan(x) else None, nan if isnan(y) else None)
            for row, s in [("max", 1), ("min", -1)]:
                first = {1: (1, None), -1: (None, 1), 0: (0.5, 0.5)}
                pick = (nan, nan) if bad else first[s * order]
                value = nan if bad else (max(x, y) if s > 0 else min(x, y))
                edge(row, [x, y], value, *pick)
            if not isnan(y):
                slope = nan if isnan(x) else sign(x, 0.0) * copysign(1, y)
                edge("copysign", [x, y], copysign(x, y) if not isnan(x) else nan, slope, None)
            if x == 0 and copysign(1, x) < 0:
                edge("chain", [x, y], -0.0, None, None)
            elif not (bad or isinf(x) or isinf(y)):
                near("chain", [x, y], mpf(x) * mpf(y), mpf(y), mpf(x))
            for t in [-1.0, 0.0, 1.0, nan]:
                nothing = x == 0 and copysign(1, x) < 0
                taken = None if nothing or t <= 0 else nan if isnan(t) else 1
                edge("open", [x, t], 0 if nothing else nan if isnan(t) else sign(t, 0.0), None, None)
                if taken is None:
                    edge("gate", [x, y, t], -0.0, None, None, None)
                elif isnan(t) and not isnan(y):
                    edge("gate", [x, y, t], nan, nan, nan, None)
                elif not (bad or isinf(x) or isinf(y)):
                    near("gate", [x, y, t], mpf(x) * mpf(y), mpf(y), mpf(x), None)
    edge("chain", [nan, 1.0], nan, 1, nan)
    edge("chain", [1.0, nan], nan, nan, 1)
    edge("chain", [0.0, inf], nan, inf, 0)
    edge("chain", [inf, 2.0], inf, 2, inf)


def finite(rows, pairs, bits):
    """Rows of several arguments at finite ones, where they are closed forms.

    Where 1 / hypot(x, y) is beyond an f64, the partials of unit and turn are 0 x inf: not judged.
    Nor are those of turn where one side is subnormal beside the other.
    """
    mp.prec = bits
    for row, (value, slopes, where, further) in rows.items():
        for args in pairs + further:
            x = [mpf(a) for a in args]
            if where(*x):
                beyond = row in ["unit", "turn"] and mp.hypot(*x) < mpf("1e-307")
                sides = [abs(a) for a in x if a != 0]
                beyond |= row == "turn" and min(sides) < mpf("1e-307") * max(sides)
                near(row, args, value(*x), *[UNJUDGED if beyond else slope(*x) for slope in slopes])
        for k in range(len(slopes)):
            args = [1.3] * len(slopes)
            args[k] = nan
            if row in ALL_NAN:
                edge(row, args, nan, *[nan] * len(slopes))


ALL_NAN = {
    "hypot",
    "unit",
    "turn",
    "atan2",
    "part",
    "share",
    "share_slope",
    "log_add_exp",
    "pow",
    "log",
    "pow_slope",
    "pow_log",
}


def whole_arguments():
    """powi and polygamma, whose whole argument has no slope: NaN, and never asked for."""
    mp.prec = LOW
    for x in SOME + [10.0, -2.5, 0.9999]:
        for n in [-40, -3, -2, -1, 0, 1, 2, 3, 10, 41, 1000, -1074]:
            if x != 0:
                near("powi", [x, n], power(mpf(x), mpf(n)), pow_slope(mpf(x), mpf(n)), nan)
    for args, value, slope in [
        ((0.0, 0), 1, 0),
        ((-0.0, 0), 1, 0),
        ((0.0, 1), 0, 1),
        ((0.0, 2), 0, 0),
        ((0.0, -1), inf, -inf),
        ((-0.0, -1), -inf, -inf),
        ((-0.0, -2), inf, inf),
        ((inf, 2), inf, inf),
        ((-inf, 2), inf, -inf),
        ((-inf, 3), -inf, inf),
        ((inf, -1), 0, 0),
        ((inf, 0), 1, 0),
        ((inf, 1), inf, 1),
        ((nan, 2), nan, nan),
        ((nan, 0), 1, nan),
    ]:
        edge("powi", args, value, slope, nan)
    for n in [0, 1, 2, 3, 4]:
        for x in (
            PROBES
            + EXTRA
            + [1.4616321449683622, 1.4616321449683625, 1.46, 1.9999, 9.99, 12.5, -2.2, -3.7]
        ):
            if no_pole(mpf(x)):
                near("polygamma", [n, x], polygamma(n, mpf(x)), nan, polygamma(n + 1, mpf(x)))
        for x in [0.0, -1.0, -2.0, -20.0, -1e200, -inf, nan]:
            edge("polygamma", [n, x], nan, nan, nan)
    numbered()
    edge("polygamma", [0, inf], inf, nan, 0)
    edge("polygamma", [1, inf], 0, nan, 0)
    edge("polygamma", [2, inf], 0, nan, 0)


def numbered():
    """Rows whose first argument says how often a function is differentiated."""
    mp.prec = 2 * HIGH
    for n in [2, 3, 4]:
        for x in PROBES + EXTRA + [2.5, 4.4, 7.7]:
            if x != 0:
                values = [sinc_derivative(k, mpf(x)) for k in (n, n + 1)]
                near("sinc_derivative", [n, x], values[0], nan, values[1])
        for x in [inf, -inf]:
            edge("sinc_derivative", [n, x], 0, nan, 0)
        edge("sinc_derivative", [n, nan], nan, nan, nan)
    edge("sinc_derivative", [2, 0.0], -1 / 3, nan, 0)
    edge("sinc_derivative", [4, 0.0], 1 / 5, nan, 0)
    mp.prec = HIGH
    few = [0.0, 1e-8, -0.49, 1.0, UP, -1.3, 40.0, -1e200]
    for i, j in [(1, 0), (0, 1), (1, 2)]:
        for x in few:
            for y in few:
                if x != 0 or y != 0:
                    orders = [(i, j), (i + 1, j), (i, j + 1)]
                    value, *slopes = [turn_derivative(*k, mpf(x), mpf(y)) for k in orders]
                    near("turn_derivative", [i + 1000 * j, x, y], value, nan, *slopes)
        edge("turn_derivative", [i + 1000 * j, 0.0, 0.0], nan, nan, nan, nan)
        edge("turn_derivative", [i + 1000 * j, inf, 1.0], 0, nan, 0, 0)
        edge("turn_derivative", [i + 1000 * j, nan, 1.0], nan, nan, nan, nan)
    mp.prec = LOW
    for i, j in [(2, 0), (1, 1), (0, 2), (3, 0), (2, 1)]:
        for x in [1e-8, 0.1, 0.49, 1.0, UP, 3.0, 40.0, 1e200]:
            for y in few[:-1] + [2.0, 3.5, -2.5]:
                orders = [(i, j), (i + 1, j), (i, j + 1)]
                value, *slopes = [pow_derivative(*k, mpf(x), mpf(y)) for k in orders]
                if value is not UNJUDGED:
                    near("pow_derivative", [i + 1000 * j, x, y], value, nan, *slopes)
        edge("pow_derivative", [i + 1000 * j, nan, 1.0], nan, nan, nan, nan)
        edge("pow_derivative", [i + 1000 * j, 2.0, nan], nan, nan, nan, nan)
    for n, x, y, value, by_x, by_y in [
        (2, 0.0, 2.0, 2, 0, -inf),
        (2, -0.0, 3.0, 0, 6, 0),
        (2, -2.0, 3.0, -12, 6, nan),
        (2, -2.0, 2.5, nan, nan, nan),
        (2, inf, 2.0, 2, 0, inf),
        (2, inf, 3.0, inf, 6, inf),
        (1001, 0.0, 1.0, -inf, inf, inf),
        (1001, 0.0, 2.0, 0, -inf, 0),
        (1001, -1.0, 2.0, nan, nan, nan),
        (2000, 0.0, 0.0, 0, -inf, 0),
        (2000, 0.0, -1.0, inf, -inf, -inf),
    ]:
        edge("pow_derivative", [n, x, y], value, nan, by_x, by_y)


def three():
    mp.prec = HIGH
    few = [0.0, TINY, 1e-8, -0.49, 1.0, -1.3, 710.0, -1e154, 1e200]
    for x in few:
        for y in [-0.49, 1.0, UP, 1e-8, -710.0, 1e200, TINY]:
            for z in [0.0, 1.0, -1.3, 1e-310, -1e200]:
                near("mul_add", [x, y, z], mpf(x) * mpf(y) + mpf(z), mpf(y), mpf(x), mpf(1))
    edge("mul_add", [inf, 0.0, 1.0], nan, 0, inf, 1)
    edge("mul_add", [nan, 2.0, 1.0], nan, 2, nan, 1)
    for x in SOME + [inf, -inf]:
        for lo, hi in [(-1.0, 1.3), (0.0, 1e200), (1.3, 1.3), (-inf, inf), (-40.0, -0.49)]:
            for row in ["clamp", "clip"]:
                if lo < x < hi:
                    edge(row, [x, lo, hi], x, 1, None, None)
                elif x < lo:
                    edge(row, [x, lo, hi], lo, None, 1, None)
                elif x > hi:
                    edge(row, [x, lo, hi], hi, None, None, 1)
    edge("clamp", [1.0, 1.0, 2.0], 1, 0.5, 0.5, None)
    edge("clamp", [2.0, 1.0, 2.0], 2, 0.5, None, 0.5)
    edge("clamp", [2.0, 2.0, 2.0], 2, 0, 0.5, 0.5)
    edge("clip", [1.0, 1.0, 2.0], 1, 0, 0, None)
    edge("clip", [2.0, 1.0, 2.0], 2, 0, None, 0)
    for row in ["clamp", "clip"]:
        edge(row, [nan, 1.0, 2.0], nan, nan, nan, nan)
    ties()
    for x, y in [(1.3, -20.0), (inf, 2.0), (nan, 2.0), (1e200, nan)]:
        for s in [1.0, TINY, MAX, inf]:
            edge("select", [s, x, y], x, None, 1, None)
        for s in [0.0, -0.0, -TINY, -40.0, -inf]:
            edge("select", [s, x, y], y, None, None, 1)
        edge("select", [nan, x, y], nan, nan, nan, nan)


def ties():
    """A maximum behind which m and n arguments stand: each of those that attain it has the same share."""
    for x in SOME + [inf, -inf]:
        for y in SOME + [inf, -inf]:
            for m, n in [(1.0, 1.0), (2.0, 1.0), (3.0, 4.0)]:
                first = {1: (1, None), -1: (None, 1), 0: (m / (m + n), n / (m + n))}
                count = {1: m, -1: n, 0: m + n}
                s = sign(x, y)
                edge("max_tied", [x, y, m, n], max(x, y), *first[s], None, None)
                edge("min_tied", [x, y, m, n], min(x, y), *first[-s], None, None)
                flows = (1 if s >= 0 else None, 1 if s <= 0 else None)
                edge("tally", [x, y, m, n], count[s], None, None, *flows)
    for row in ["max_tied", "min_tied"]:
        edge(row, [nan, 1.0, 1.0, 1.0], nan, nan, nan, None, None)
        edge(row, [1.0, nan, 1.0, 1.0], nan, nan, nan, None, None)
    edge("tally", [nan, 1.0, 1.0, 1.0], nan, nan, None, nan, nan)


LISTS = [
    [1.3],
    [0.0],
    [-0.49, 20.0],
    [1.0, 2.0, 3.0],
    [1e-8, -1e-8, 1.3, 40.0],
    [0.1, 0.2, 0.3, 0.4, 0.5, 0.6],
    [710.0, 709.0, -40.0],
    [-710.0, -711.5],
    [1e154, -1e154, 1.0],
    [1e200, 2e200, -3e200],
    [MAX, 1.0],
    [1e-310, 2e-310],
    [TINY, TINY, TINY],
    [1e-200, 3e-200, -2e-200],
    [1e10, 1e10, 1e10 + 1],
    [UP, DOWN],
    [0.0, 0.0, 3.0],
    [-20.0, -40.0, -1.3, -0.49, -0.1],
    [5e307, 5e307],
]


def lists():
    """A norm that is subnormal has not the digits to divide by: its partials are not judged."""
    mp.prec = HIGH
    for xs in LISTS:
        x = [mpf(a) for a in xs]
        edge("lone", xs, 1, *[None for _ in x])
        near("sum", xs, mp.fsum(x), *[mpf(1) for _ in x])
        near("product", xs, mp.fprod(x), *[mp.fprod(x[:k] + x[k + 1 :]) for k in range(len(x))])
        top = max(x)
        shares = [exp(a - top) for a in x]
        total = mp.fsum(shares)
        near("logsumexp", xs, top + mp.log(total), *[s / total for s in shares])
        length = mp.sqrt(mp.fsum(a * a for a in x))
        if length > 0:
            near(
                "norm", xs, length, *[UNJUDGED if length < mpf("1e-307") else a / length for a in x]
            )
        if len(x) % 2 == 0:
            half = len(x) // 2
            near("dot", xs, mp.fdot(zip(x[:half], x[half:])), *(x[half:] + x[:half]))
    edges.list_edges()


def main():
    unary(UNARY, LOW)
    unary(HIGH_UNARY, HIGH)
    edges.unary_edges()
    pieces()
    pairs = [(x, y) for x in SOME for y in SOME]
    finite(BINARY, pairs, HIGH)
    finite(LOW_BINARY, pairs, LOW)
    edges.binary_edges()
    whole_arguments()
    three()
    lists()
    lines = list(dict.fromkeys(LINES))
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "table.tsv")
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write("\n".join(lines) + "\n")
    print(f"{len(lines)} lines")


if __name__ == "__main__":
    main()
