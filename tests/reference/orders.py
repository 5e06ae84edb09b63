"""Writes orders.tsv beside it: derivatives of every smooth row, to the fourth order, and of the
activations to the sixth.

Run as `python3 tests/reference/orders.py` with Python 3 and mpmath 1.3.0; it takes some minutes.
Nothing here is taken from src/table.rs: a row is its value in mpmath, at the exact binary value of
each f64 argument, and a derivative is a difference quotient of it with 100 digits and more. Limits at the
end of a domain are taken where x is e^(-10^80) from it.

A line: row, arguments, derivatives, separated by tabs; lists within by spaces. A whole argument (`n`)
has no derivative. The others are listed by order, and among those of an order by how often each
argument is differentiated by, the first argument most often first.
"""

import os
import random
import sys

from mpmath import mp, mpf

sys.dont_write_bytecode = True

import closed

LINES = []
NEAR = [0.0, 1e-9, -1e-9, 1e-5, -1e-5]
SOME = [0.3, -0.3, 1.0, -1.0, 2.7, -2.7]


def text(x):
    if mp.isinf(x):
        return "inf" if x > 0 else "-inf"
    x = mpf(x)
    if abs(x) < mpf(10) ** (10 - mp.dps):
        return "0"
    return mp.nstr(x, 25, min_fixed=1, max_fixed=0)


def indices(count, order):
    """How often each of so many arguments is differentiated by, in all of this order."""
    if count == 1:
        return [(order,)]
    return [(k,) + rest for k in range(order, -1, -1) for rest in indices(count - 1, order - k)]


def line(row, args, derivatives):
    args = " ".join(repr(float(a)) for a in args)
    LINES.append("\t".join([row, args, " ".join(map(text, derivatives))]))


def of(row, f, args, most=4, whole=0):
    """A line by difference quotients; the first `whole` arguments are not differentiated by."""
    x = [mpf(a) for a in args]
    fixed, free = x[:whole], x[whole:]
    g = lambda *free: f(*fixed, *free)
    all_of = [i for order in range(1, most + 1) for i in indices(len(free), order)]
    if len(free) == 1:
        # One list of differences, rather than one for each order.
        derivatives = list(mp.diffs(g, free[0], most))[1:]
    else:
        derivatives = [mp.diff(g, tuple(free), i) for i in all_of]
    line(row, args, derivatives)


def randoms(seed, count, low, high):
    source = random.Random(seed)
    return [source.uniform(low, high) for _ in range(count)]


def sinc(x):
    return mp.sin(x) / x if x != 0 else mpf(1)


def sigmoid(x):
    return 1 / (1 + mp.exp(-x))


def sech2(x):
    return 1 / mp.cosh(x) ** 2


ACTIVATIONS = {
    "tanh": mp.tanh,
    "sigmoid": sigmoid,
    "softplus": lambda x: mp.log1p(mp.exp(x)),
    "silu": lambda x: x * sigmoid(x),
    "sinc": sinc,
    "tanh_slope": sech2,
    "sigmoid_slope": lambda x: sigmoid(x) * sigmoid(-x),
    "silu_slope": lambda x: sigmoid(x) + x * sigmoid(x) * sigmoid(-x),
    "sinc_slope": lambda x: (mp.cos(x) - mp.sin(x) / x) / x if x != 0 else mpf(0),
}

EVERYWHERE = {
    "neg": lambda x: -x,
    "square": lambda x: x * x,
    "exp": mp.exp,
    "exp2": lambda x: mp.mpf(2) ** x,
    "exp_m1": mp.expm1,
    "sin": mp.sin,
    "cos": mp.cos,
    "atan": mp.atan,
    "sinh": mp.sinh,
    "cosh": mp.cosh,
    "asinh": mp.asinh,
    "erf": mp.erf,
    "erfc": mp.erfc,
    "gauss": lambda x: mp.exp(-x * x),
    "norm_cdf": lambda x: mp.erfc(-x / mp.sqrt(2)) / 2,
    "norm_pdf": lambda x: mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi),
    "one_minus_square": lambda x: 1 - x * x,
}

INSIDE = [0.0, 1e-9, -1e-9, 1e-5, -1e-5, 0.3, -0.3, 0.9, -0.9, 0.999999, -0.999999, 1 - 1e-9, 1e-9 - 1]
ABOVE = [1e-30, 1e-9, 1e-5, 0.3, 1.0, 1 - 1e-9, 1 + 1e-9, 2.7, 1e5, 1e15]

ELSEWHERE = {
    "tan": (mp.tan, NEAR + SOME + [1.57, -1.5707]),
    "recip": (lambda x: 1 / x, ABOVE + [-x for x in ABOVE]),
    "cbrt": (lambda x: mp.sign(x) * mp.cbrt(abs(x)), ABOVE + [-x for x in ABOVE]),
    "sqrt": (mp.sqrt, ABOVE),
    "ln": (mp.log, ABOVE),
    "log2": (lambda x: mp.log(x) / mp.ln2, ABOVE),
    "log10": (lambda x: mp.log(x) / mp.ln10, ABOVE),
    "ln_1p": (mp.log1p, NEAR + [0.3, -0.3, 2.7, -0.999999, 1e-9 - 1, 1e5]),
    "asin": (mp.asin, INSIDE),
    "acos": (mp.acos, INSIDE),
    "atanh": (mp.atanh, INSIDE),
    "acosh": (mp.acosh, [1 + 1e-9, 1 + 1e-5, 1.3, 2.7, 40.0, 1e5]),
    "ln_gamma": (
        lambda x: mp.loggamma(x) if x > 0 else mp.log(abs(mp.gamma(x))),
        [1e-5, 0.3, 1.0, 1.5, 2.0, 2.7, 10.1, 1e3, -0.3, -2.7],
    ),
}

TIES = [(0.0, 0.0), (1.0, 1.0), (-2.0, -2.0), (1e-9, 0.0), (0.0, 1e-9), (0.3, 0.3 + 1e-9), (1e-5, -1e-5)]
AXES = [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -2.0), (1.0, 1e-9), (1e-9, 1.0), (-1.0, 1e-5), (1e-5, 2.0)]
DIAGONAL = [(1.0, 1.0), (-0.7, 0.7), (1.0, 1.0 + 1e-9)]
PAIRS = [(0.3, -1.7), (2.5, 0.4), (-1.2, -0.9), (1.9, 3.1)]
POWERS = [
    (1.0, 0.0),
    (1.0, 1.0),
    (1.0, 2.0),
    (1.0, 3.5),
    (2.0, 0.0),
    (2.0, 1.0),
    (0.5, 2.0),
    (0.5, 3.0),
    (1.7, 0.5),
    (1.7, -2.0),
    (1.7, 1e-9),
    (1e-5, 0.5),
    (1e-5, 4.0),
    (1 + 1e-9, 3.0),
    (3.0, 7.3),
]


def power(x, y):
    return mp.exp(y * mp.log(x))


def pow_slope(x, y):
    return y * power(x, y - 1)


def pow_log(x, y):
    return power(x, y) * mp.log(x)


def share(x, y):
    return sigmoid(x - y)


TWO = {
    "direction": (lambda x, r: x / r, PAIRS + [(0.0, 2.0), (1e-9, 1.0), (1.0, 1.0)]),
    "add": (lambda x, y: x + y, PAIRS),
    "sub": (lambda x, y: x - y, PAIRS),
    "mul": (lambda x, y: x * y, PAIRS + [(0.0, 0.0), (0.0, 2.0)]),
    "div": (lambda x, y: x / y, PAIRS + [(0.0, 2.0), (1e-9, 1.0), (1.0, 1e-5)]),
    "hypot": (lambda x, y: mp.sqrt(x * x + y * y), AXES + DIAGONAL + PAIRS),
    "unit": (lambda x, y: x / mp.sqrt(x * x + y * y), AXES + DIAGONAL + PAIRS),
    "turn": (lambda x, y: x / (x * x + y * y), AXES + DIAGONAL + PAIRS),
    "atan2": (mp.atan2, [p for p in AXES + DIAGONAL + PAIRS if p[0] != 0 or p[1] > 0]),
    "log_add_exp": (
        lambda x, y: x + mp.log1p(mp.exp(y - x)),
        TIES + PAIRS + [(40.0, 0.0), (0.0, 40.0), (1e5, 1e5 + 1)],
    ),
    "share": (share, TIES + PAIRS + [(40.0, 0.0), (0.0, 40.0)]),
    "share_slope": (lambda x, y: share(x, y) * share(y, x), TIES + PAIRS + [(40.0, 0.0)]),
    "part": (lambda x, y: x / (x + y), [(1.0, 0.0), (0.0, 1.0), (1.0, 1e-9), (1e-9, 1.0), (0.7, 0.8), (2.0, 3.0)]),
    "log": (
        lambda x, y: mp.log(x) / mp.log(y),
        [(2.0, 2.0), (8.0, 3.0), (1.0, 2.0), (1 + 1e-9, 0.5), (1e-5, 10.0), (2.7, 1.01)],
    ),
    "pow": (power, POWERS),
    "pow_slope": (pow_slope, POWERS),
    "pow_log": (pow_log, POWERS),
}


def lists():
    few = [(1.0, 1.0, 1.0), (0.0, 0.0, 0.0), (2.0, 2.0, 0.3), (0.3, -1.2, 0.9), (1.0, 1.0 + 1e-9, -2.0)]
    for xs in few:
        of("sum", lambda *x: mp.fsum(x), xs)
        of("product", lambda *x: mp.fprod(x), xs)
        of("mul_add", lambda x, y, z: x * y + z, xs)
    for xs in few + [(40.0, 0.0, 1.0), (0.0, 40.0, 40.0), (0.0, 1e-9, -1e-9)]:
        of("logsumexp", lambda *x: mp.log(mp.fsum(mp.exp(x) for x in x)), xs)
    for xs in few[:1] + few[2:] + [(1.0, 0.0, 0.0), (0.0, -2.0, 0.0), (1.0, 1e-9, 0.0), (0.0, 0.3, 1e-5)]:
        of("norm", lambda *x: mp.sqrt(mp.fsum(x * x for x in x)), xs)
    of("dot", lambda a, b, x, y: a * x + b * y, (0.3, -1.2, 0.9, 0.0))


def whole():
    for n in [-3, -1, 0, 1, 2, 3, 5]:
        for x in [1e-5, 0.3, 1.0, -1.0, -2.7] + ([0.0, 1e-9, -1e-9] if n >= 0 else []):
            # The exponent comes second, so it is not among the arguments that are differentiated by.
            derivatives = list(mp.diffs(lambda x: x ** mpf(n), mpf(x), 4))[1:]
            line("powi", [x, n], derivatives)
    for n in [0, 1, 2]:
        for x in [1e-5, 0.3, 1.0, 2.7, 10.1, 1e3, -0.3, -2.7]:
            of("polygamma", lambda n, x: closed.polygamma(int(n), x), [n, x], whole=1)
    for n in [2, 3]:
        for x in NEAR + SOME + [5.5, -12.3]:
            # n times the slope of n - 1 and so on is what an integral gives at once.
            row = lambda n, x: mp.quad(lambda t: t**n * mp.cos(x * t + n * mp.pi / 2), [0, 1])
            with mp.workdps(30):
                of("sinc_derivative", row, [n, x], whole=1)
    for i, j in [(1, 0), (0, 1), (2, 1)]:
        f = lambda n, x, y: mp.diff(TWO["turn"][0], (x, y), (i, j))
        for args in AXES[:2] + AXES[4:] + DIAGONAL + PAIRS[:2]:
            of("turn_derivative", f, [i + 1000 * j, *args], most=2, whole=1)
    for i, j in [(2, 0), (1, 1), (0, 2)]:
        f = lambda n, x, y: mp.diff(power, (x, y), (i, j))
        for args in POWERS[:2] + POWERS[5:9]:
            of("pow_derivative", f, [i + 1000 * j, *args], most=2, whole=1)


FAR = mp.exp(-(mpf(10) ** 80))


def at_once(x):
    """A number so near to 0, to infinity or to neither that its limit can be told."""
    if abs(x) > mpf("1e60"):
        return mp.inf if x > 0 else -mp.inf
    return mpf(0) if abs(x) < mpf("1e-60") else x


def limits():
    """Derivatives at the end of a domain: x moves from the end by FAR (1 + t)."""
    for row, f, end, side in [
        ("ln", mp.log, 0, 1),
        ("log2", lambda x: mp.log(x) / mp.ln2, 0, 1),
        ("log10", lambda x: mp.log(x) / mp.ln10, 0, 1),
        ("sqrt", mp.sqrt, 0, 1),
        ("cbrt", mp.cbrt, 0, 1),
        ("recip", lambda x: 1 / x, 0, 1),
        ("ln_1p", mp.log, -1, 1),
        # With d the distance from the end: 1 - x^2 is d (2 - d), x^2 - 1 is d (2 + d).
        ("asin", lambda d: -2 * mp.asin(mp.sqrt(d / 2)), 1, -1),
        ("asin", lambda d: 2 * mp.asin(mp.sqrt(d / 2)), -1, 1),
        ("acos", lambda d: 2 * mp.asin(mp.sqrt(d / 2)), 1, -1),
        ("acos", lambda d: -2 * mp.asin(mp.sqrt(d / 2)), -1, 1),
        ("acosh", lambda d: 2 * mp.asinh(mp.sqrt(d / 2)), 1, 1),
        ("atanh", lambda d: (mp.log(2 - d) - mp.log(d)) / 2, 1, -1),
        ("atanh", lambda d: (mp.log(d) - mp.log(2 - d)) / 2, -1, 1),
    ]:
        moved = list(mp.diffs(lambda t: f(FAR * (1 + t)), 0, 4))[1:]
        slopes = [d / (side * FAR) ** (k + 1) for k, d in enumerate(moved)]
        line(row, [float(end)], [at_once(d) for d in slopes])
    for y in [0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 7.0, -1.0, -0.5]:
        slopes = []
        for i, j in [i for order in range(1, 5) for i in indices(2, order)]:
            # 0^y is flat, but for its step at y = 0: a convention, where the limit is not 0.
            if y == 0 and i == 0:
                slopes.append(mpf(0))
                continue
            # By x it is y (y - 1) .. (y - i + 1) x^(y - i), which may be exactly 0.
            by_x = lambda y: mp.fprod(y - k for k in range(i)) * power(FAR, y - i)
            slopes.append(at_once(mp.diff(by_x, mpf(y), j)))
        line("pow", [0.0, y], slopes)


def main():
    mp.dps = 100
    for k, (row, f) in enumerate(ACTIVATIONS.items()):
        points = NEAR + SOME + [8.0, -8.0, 30.0, -30.0] + randoms(k, 3, -6, 6)
        for x in points:
            of(row, f, [x], most=6)
    for k, (row, f) in enumerate(EVERYWHERE.items()):
        for x in NEAR + SOME + randoms(100 + k, 3, -4, 4):
            of(row, f, [x])
    for row, (f, points) in ELSEWHERE.items():
        for x in points:
            of(row, f, [x])
    mp.dps = 60
    for row, (f, points) in TWO.items():
        for args in points:
            of(row, f, args)
    lists()
    whole()
    mp.dps = 120
    limits()
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "orders.tsv")
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write("\n".join(LINES) + "\n")
    print(f"{len(LINES)} lines")


if __name__ == "__main__":
    main()
