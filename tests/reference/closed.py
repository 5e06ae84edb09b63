"""Values and derivatives of the rows as closed forms in mpmath, at finite arguments."""

from mpmath import mp, mpf

from lines import UNJUDGED


def exp(x):
    """e^x, for any x: beyond 1e5 nothing of it is left in an f64."""
    return mp.exp(max(min(mpf(x), mpf(10**5)), mpf(-(10**5))))


def sigmoid(x):
    return exp(x) / (1 + exp(x)) if x < 0 else 1 / (1 + exp(-x))


def gauss(x):
    return exp(-x * x)


def norm_pdf(x):
    return exp(-x * x / 2) / mp.sqrt(2 * mp.pi)


def erfc(x):
    return mp.erfc(min(max(x, mpf(-100)), mpf(100)))


def ln_gamma(x):
    return mp.loggamma(x) if x > 0 else mp.log(abs(mp.gamma(x)))


def polygamma(n, x):
    """Negative x by recurrence to the right of 0, which mpmath's psi does not always take."""
    steps = 0 if x > 0 else int(mp.ceil(-x)) + 1
    terms = mp.fsum(1 / (x + k) ** (n + 1) for k in range(steps))
    return mp.psi(n, x + steps) - (-1) ** n * mp.factorial(n) * terms


def softplus(x):
    return max(x, mpf(0)) + mp.log1p(exp(-abs(x)))


def log_add_exp(x, y):
    return max(x, y) + mp.log1p(exp(-abs(x - y)))


def sinc(x):
    return mp.sin(x) / x


def sinc_slope(x):
    return (mp.cos(x) - mp.sin(x) / x) / x


def sinc_second(x):
    return -mp.sin(x) / x - 2 * mp.cos(x) / x**2 + 2 * mp.sin(x) / x**3


def sinc_derivative(n, x):
    """By x sinc x = sin x and Leibniz, from sinc on: as many digits as x is small are lost at each step."""
    of_sin = [mp.sin(x), mp.cos(x), -mp.sin(x), -mp.cos(x)]
    value = mp.sin(x) / x
    for k in range(1, n + 1):
        value = (of_sin[k % 4] - k * value) / x
    return value


def turn_derivative(i, j, x, y):
    k = i + j
    return mp.re(mp.mpc(0, 1) ** j * (-1) ** k * mp.factorial(k) / mp.mpc(x, y) ** (k + 1))


def cosh(x):
    return (exp(x) + exp(-x)) / 2


def sinh(x):
    return mp.sinh(x) if abs(x) < 1000 else (exp(x) - exp(-x)) / 2


def tanh(x):
    return mp.tanh(x) if abs(x) < 1000 else mp.sign(x)


def asinh(x):
    return mp.sign(x) * mp.log1p(abs(x) + x**2 / (1 + mp.sqrt(1 + x**2)))


def anywhere(x):
    return True


def but_zero(x):
    return x != 0


def positive(x):
    return x > 0


def inside(x):
    return abs(x) < 1


def no_pole(x):
    return x > 0 or x != mp.floor(x)


# Row: value, slope, where both are closed forms, and further points. Digits: HIGH or LOW.


def power(x, y):
    """x^y for finite x and y, within reach of an f64 or surely beyond it."""
    if x == 0:
        return mpf(1) if y == 0 else mpf(0)
    size = exp(y * mp.log(abs(x)))
    return -size if x < 0 and y % 2 == 1 else size


def pow_slope(x, y):
    if x == 0:
        return mpf(1) if y == 1 else mpf(0)
    return y * power(x, y - 1) if y != 0 else mpf(0)


def pow_derivative(i, j, x, y):
    """By Leibniz, or nothing where more than two digits of the sum are lost."""
    falling = [mpf(1)]  # the polynomial y (y - 1) .. (y - i + 1) at y + e, by powers of e
    for k in range(i):
        falling = [a * (y - k) + b for a, b in zip(falling + [0], [0] + falling)]
    ln = mp.log(x)
    terms = [mp.binomial(j, m) * mp.factorial(m) * a * ln ** (j - m) for m, a in enumerate(falling) if m <= j]
    if abs(mp.fsum(terms)) * 100 < mp.fsum(map(abs, terms)):
        return UNJUDGED
    return mp.fsum(terms) * power(x, y - i)


def pow_where(x, y):
    """The edges at 0 are written out, and a negative base has no slope in y."""
    return x > 0


def wedge(x, y):
    return (y - x) * (y + x) / (x * x + y * y) ** 2


UNARY = {
    "neg": (lambda x: -x, lambda x: mpf(-1), anywhere, []),
    "recip": (lambda x: 1 / x, lambda x: -1 / x**2, but_zero, []),
    "square": (lambda x: x * x, lambda x: 2 * x, anywhere, []),
    "sqrt": (mp.sqrt, lambda x: 1 / (2 * mp.sqrt(x)), positive, []),
    "cbrt": (
        lambda x: mp.sign(x) * mp.cbrt(abs(x)),
        lambda x: 1 / (3 * mp.cbrt(abs(x)) ** 2),
        but_zero,
        [],
    ),
    "exp": (exp, exp, anywhere, [-740.0, -700.0]),
    "exp2": (
        lambda x: exp(x * mp.ln2),
        lambda x: exp(x * mp.ln2) * mp.ln2,
        anywhere,
        [-1074.0, 1023.9],
    ),
    "exp_m1": (lambda x: mp.expm1(x) if abs(x) < 1 else exp(x) - 1, exp, anywhere, []),
    "ln": (mp.log, lambda x: 1 / x, positive, []),
    "log2": (lambda x: mp.log(x) / mp.ln2, lambda x: 1 / (x * mp.ln2), positive, [8.0, 1024.0]),
    "log10": (lambda x: mp.log(x) / mp.ln10, lambda x: 1 / (x * mp.ln10), positive, [1000.0]),
    "ln_1p": (mp.log1p, lambda x: 1 / (1 + x), lambda x: x > -1, [-0.9999]),
    "sin": (mp.sin, mp.cos, anywhere, [3.141592653589793]),
    "cos": (mp.cos, lambda x: -mp.sin(x), anywhere, [1.5707963267948966]),
    "tan": (
        mp.tan,
        lambda x: 1 / mp.cos(x) ** 2,
        anywhere,
        [1.5707963267948966, 3.141592653589793],
    ),
    "asin": (mp.asin, lambda x: 1 / mp.sqrt((1 - x) * (1 + x)), inside, [0.999999]),
    "acos": (mp.acos, lambda x: -1 / mp.sqrt((1 - x) * (1 + x)), inside, [0.999999]),
    "atan": (mp.atan, lambda x: 1 / (1 + x**2), anywhere, []),
    "sinh": (sinh, cosh, anywhere, []),
    "cosh": (cosh, sinh, anywhere, []),
    "tanh": (tanh, lambda x: 1 / cosh(x) ** 2, anywhere, [400.0, -400.0]),
    "tanh_slope": (
        lambda x: 1 / cosh(x) ** 2,
        lambda x: -2 * tanh(x) / cosh(x) ** 2,
        anywhere,
        [360.0, -371.5],
    ),
    "asinh": (asinh, lambda x: 1 / mp.sqrt(1 + x**2), anywhere, [1e8, 3e8, -1e9]),
    "acosh": (
        lambda x: mp.log1p(x - 1 + mp.sqrt((x - 1) * (x + 1))),
        lambda x: 1 / mp.sqrt((x - 1) * (x + 1)),
        lambda x: x > 1,
        [1.0001, 1e8, 3e8],
    ),
    "atanh": (
        lambda x: (mp.log1p(x) - mp.log1p(-x)) / 2,
        lambda x: 1 / ((1 - x) * (1 + x)),
        inside,
        [0.9999],
    ),
    "erf": (
        lambda x: mp.erf(min(max(x, mpf(-100)), mpf(100))),
        lambda x: 2 / mp.sqrt(mp.pi) * gauss(x),
        anywhere,
        [],
    ),
    "erfc": (erfc, lambda x: -2 / mp.sqrt(mp.pi) * gauss(x), anywhere, [26.0, 26.9, -6.0]),
    "gauss": (gauss, lambda x: -2 * x * gauss(x), anywhere, [5.3, 26.0, -26.3]),
    "norm_cdf": (
        lambda x: erfc(-x / mp.sqrt(2)) / 2,
        norm_pdf,
        anywhere,
        [-38.0, -37.3, -8.1, -30.01],
    ),
    "norm_pdf": (norm_pdf, lambda x: -x * norm_pdf(x), anywhere, [5.3, -37.1, 37.3]),
    "ln_gamma": (
        ln_gamma,
        lambda x: polygamma(0, x),
        no_pole,
        [1.0001, 1.9999, 2.0001, 1.4616, 1e5, -2.8, -3.3, -100.7],
    ),
    "sigmoid": (sigmoid, lambda x: sigmoid(x) * sigmoid(-x), anywhere, [-740.0, 36.0]),
    "sigmoid_slope": (
        lambda x: sigmoid(x) * sigmoid(-x),
        lambda x: -sigmoid(x) * sigmoid(-x) * tanh(x / 2),
        anywhere,
        [-740.0, 36.0],
    ),
    "softplus": (softplus, sigmoid, anywhere, [-740.0]),
    "silu": (
        lambda x: x * sigmoid(x),
        lambda x: sigmoid(x) + x * sigmoid(x) * sigmoid(-x),
        anywhere,
        [-740.0, -745.0, -36.0, -1.2784645427610737, -1.2784645427610735, -1.2784, -1.3],
    ),
    "silu_slope": (
        lambda x: sigmoid(x) + x * sigmoid(x) * sigmoid(-x),
        lambda x: sigmoid(x) * sigmoid(-x) * (2 - x * tanh(x / 2)),
        anywhere,
        [-740.0, -745.0, -36.0, -1.2784645427610737, -1.2784645427610735, -1.2784],
    ),
}
HIGH_UNARY = {
    "one_minus_square": (lambda x: (1 - x) * (1 + x), lambda x: -2 * x, anywhere, [0.999999]),
    "sinc": (sinc, sinc_slope, but_zero, [1e-4, 0.9, 2.1, 3.141592653589793, 6.283185307179586]),
    "sinc_slope": (
        sinc_slope,
        sinc_second,
        but_zero,
        [1e-4, 0.9, 1.99, 2.01, 3.141592653589793, 4.4, 4.5],
    ),
}

BINARY = {
    "add": (lambda x, y: x + y, [lambda x, y: mpf(1), lambda x, y: mpf(1)], lambda x, y: True, []),
    "sub": (lambda x, y: x - y, [lambda x, y: mpf(1), lambda x, y: mpf(-1)], lambda x, y: True, []),
    "mul": (lambda x, y: x * y, [lambda x, y: y, lambda x, y: x], lambda x, y: True, []),
    "div": (
        lambda x, y: x / y,
        [lambda x, y: 1 / y, lambda x, y: -x / y**2],
        lambda x, y: y != 0,
        [(1.0, 1e-200), (1e200, 1e200)],
    ),
    "hypot": (
        lambda x, y: mp.sqrt(x * x + y * y),
        [lambda x, y: x / mp.sqrt(x * x + y * y), lambda x, y: y / mp.sqrt(x * x + y * y)],
        lambda x, y: x != 0 or y != 0,
        [(3e200, 4e200), (3e-200, 4e-200)],
    ),
    "unit": (
        lambda x, y: x / mp.sqrt(x * x + y * y),
        [
            lambda x, y: y * y / mp.sqrt(x * x + y * y) ** 3,
            lambda x, y: -x * y / mp.sqrt(x * x + y * y) ** 3,
        ],
        lambda x, y: x != 0 or y != 0,
        [(3e200, 4e200), (3e-200, 4e-200)],
    ),
    "direction": (
        lambda x, r: x / r,
        [lambda x, r: 1 / r, lambda x, r: -x / r**2],
        lambda x, r: r != 0,
        [(1.0, 1e-200), (1e200, 1e200)],
    ),
    "turn": (
        lambda x, y: x / (x * x + y * y),
        [wedge, lambda x, y: -2 * x * y / (x * x + y * y) ** 2],
        lambda x, y: x != 0 or y != 0,
        [(3e150, 4e150), (3e-150, 4e-150)],
    ),
    "part": (
        lambda x, y: x / (x + y),
        [lambda x, y: y / (x + y) ** 2, lambda x, y: -x / (x + y) ** 2],
        lambda x, y: x * y >= 0 and x + y != 0 and all(a == 0 or 1e-50 < abs(a) < 1e250 for a in (x, y)),
        [(1.0, 3.0), (3e100, 4e100), (3e-30, 4e-30)],
    ),
    "atan2": (
        lambda y, x: mp.atan2(y, x),
        [lambda y, x: x / (x * x + y * y), lambda y, x: -y / (x * x + y * y)],
        lambda y, x: y != 0,
        [(3e200, 4e200), (3e-200, -4e-200)],
    ),
    "rem": (
        lambda x, y: x - y * mp.sign(x * y) * mp.floor(abs(x / y)),
        [lambda x, y: mpf(1), lambda x, y: -mp.sign(x * y) * mp.floor(abs(x / y))],
        lambda x, y: y != 0,
        [(1.0, 0.1), (7.0, -3.0), (-7.5, 2.0), (5.3, 1.1), (1e10, 3.7)],
    ),
}
LOW_BINARY = {
    "pow": (
        power,
        [pow_slope, lambda x, y: power(x, y) * mp.log(x)],
        pow_where,
        [
            (2.0, 10.0),
            (2.5, -3.3),
            (1e-8, 39.9),
            (1e-310, 0.5),
            (1e200, 1.6),
            (1e-200, 1.6),
            (0.3, 600.0),
            (7.0, 0.1),
            (1e5, -61.3),
            (3.0, 0.30000000000000004),
            (1e200, -0.3),
            (1e-300, 1.07),
        ],
    ),
    "pow_slope": (
        pow_slope,
        [
            lambda x, y: y * (y - 1) * power(x, y - 2),
            lambda x, y: (y * mp.log(x) + 1) * power(x, y - 1),
        ],
        pow_where,
        [
            (2.0, 10.0),
            (2.5, -3.3),
            (1e-310, 0.5),
            (1e200, 1.6),
            (1e-200, 1.6),
            (7.0, 0.1),
            (1e5, -61.3),
            (1e200, -0.3),
            (1e-300, 1.07),
            (1e-310, 0.3),
        ],
    ),
    "pow_log": (
        lambda x, y: power(x, y) * mp.log(x),
        [
            lambda x, y: (y * mp.log(x) + 1) * power(x, y - 1),
            lambda x, y: power(x, y) * mp.log(x) ** 2,
        ],
        pow_where,
        [(2.0, 10.0), (2.5, -3.3), (1e-8, 39.9), (1e-200, 1.6), (1e-300, 1.07), (7.0, 0.1)],
    ),
    "log": (
        lambda x, y: mp.log(x) / mp.log(y),
        [lambda x, y: 1 / (x * mp.log(y)), lambda x, y: -mp.log(x) / (y * mp.log(y) ** 2)],
        lambda x, y: x > 0 and y > 0 and y != 1,
        [(8.0, 2.0), (1000.0, 10.0), (81.0, 3.0), (0.1, 7.0)],
    ),
    "log_add_exp": (
        log_add_exp,
        [lambda x, y: sigmoid(x - y), lambda x, y: sigmoid(y - x)],
        lambda x, y: True,
        [
            (-0.6931471805599453, -0.6931471805599453),
            (-0.1, -2.3521684610440907),
            (-1e-8, -18.420680748952368),
            (-0.5, -0.93275),
            (-0.7, -0.6863),
            (-1.99, -0.1469),
            (1e10, 1e10),
            (1e10, 9999999990.3),
            (0.1, 700.3),
            (0.1, -30.7),
        ],
    ),
    "share": (
        lambda x, y: sigmoid(x - y),
        [
            lambda x, y: sigmoid(x - y) * sigmoid(y - x),
            lambda x, y: -sigmoid(x - y) * sigmoid(y - x),
        ],
        lambda x, y: True,
        [(1e10, 1e10), (0.1, 700.3), (0.1, 30.7), (0.123, -9.87)],
    ),
    "share_slope": (
        lambda x, y: sigmoid(x - y) * sigmoid(y - x),
        [
            lambda x, y: -sigmoid(x - y) * sigmoid(y - x) * tanh((x - y) / 2),
            lambda x, y: sigmoid(x - y) * sigmoid(y - x) * tanh((x - y) / 2),
        ],
        lambda x, y: True,
        [(1e10, 1e10), (0.1, 700.3), (0.1, 30.7), (0.123, -9.87), (710.1, 0.3)],
    ),
}
