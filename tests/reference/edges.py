"""The edges: limits, conventions and domain errors, written out as in the conventions."""

from math import inf, nan

from mpmath import mp, mpf

from lines import DOWN, LOW, MAX, TINY, UNJUDGED, UP, edge, near


def unary_edges():
    """What is a limit, a convention or a domain error."""
    for row, x, value, slope in [
        ("neg", inf, -inf, -1),
        ("neg", -inf, inf, -1),
        ("recip", 0.0, inf, -inf),
        ("recip", -0.0, -inf, -inf),
        ("recip", inf, 0, 0),
        ("recip", -inf, 0, 0),
        ("square", inf, inf, inf),
        ("square", -inf, inf, -inf),
        ("sqrt", 0.0, 0, inf),
        ("sqrt", -0.0, 0, inf),
        ("sqrt", inf, inf, 0),
        ("sqrt", -1.0, nan, nan),
        ("sqrt", -inf, nan, nan),
        ("sqrt", -TINY, nan, nan),
        ("cbrt", 0.0, 0, inf),
        ("cbrt", -0.0, 0, inf),
        ("cbrt", inf, inf, 0),
        ("cbrt", -inf, -inf, 0),
        ("exp", inf, inf, inf),
        ("exp", -inf, 0, 0),
        ("exp2", inf, inf, inf),
        ("exp2", -inf, 0, 0),
        ("exp_m1", inf, inf, inf),
        ("exp_m1", -inf, -1, 0),
        ("sin", inf, nan, nan),
        ("sin", -inf, nan, nan),
        ("cos", inf, nan, nan),
        ("tan", inf, nan, nan),
        ("asin", 1.0, None, inf),
        ("asin", -1.0, None, inf),
        ("acos", 1.0, 0, -inf),
        ("acos", -1.0, None, -inf),
        ("atan", inf, None, 0),
        ("atan", -inf, None, 0),
        ("sinh", inf, inf, inf),
        ("sinh", -inf, -inf, inf),
        ("cosh", inf, inf, inf),
        ("cosh", -inf, inf, -inf),
        ("tanh_slope", inf, 0, 0),
        ("tanh_slope", -inf, 0, 0),
        ("sigmoid_slope", inf, 0, 0),
        ("sigmoid_slope", -inf, 0, 0),
        ("one_minus_square", 1.0, 0, -2),
        ("one_minus_square", inf, -inf, -inf),
        ("one_minus_square", -inf, -inf, inf),
        ("tanh", inf, 1, 0),
        ("tanh", -inf, -1, 0),
        ("asinh", inf, inf, 0),
        ("asinh", -inf, -inf, 0),
        ("acosh", 1.0, 0, inf),
        ("acosh", inf, inf, 0),
        ("acosh", 0.5, nan, nan),
        ("acosh", DOWN, nan, nan),
        ("acosh", -2.0, nan, nan),
        ("acosh", -inf, nan, nan),
        ("acosh", -1e200, nan, nan),
        ("atanh", 1.0, inf, inf),
        ("atanh", -1.0, -inf, inf),
        ("ln_1p", -1.0, -inf, inf),
        ("ln_1p", inf, inf, 0),
        ("ln_1p", -2.0, nan, nan),
        ("ln_1p", -inf, nan, nan),
        ("erf", inf, 1, 0),
        ("erf", -inf, -1, 0),
        ("erfc", inf, 0, 0),
        ("erfc", -inf, 2, 0),
        ("gauss", inf, 0, 0),
        ("gauss", -inf, 0, 0),
        ("norm_cdf", inf, 1, 0),
        ("norm_cdf", -inf, 0, 0),
        ("norm_pdf", inf, 0, 0),
        ("norm_pdf", -inf, 0, 0),
        ("ln_gamma", 0.0, inf, nan),
        ("ln_gamma", -0.0, inf, nan),
        ("ln_gamma", -1.0, inf, nan),
        ("ln_gamma", -2.0, inf, nan),
        ("ln_gamma", -1e200, inf, nan),
        ("ln_gamma", inf, inf, inf),
        ("ln_gamma", -inf, inf, nan),
        ("sigmoid", inf, 1, 0),
        ("sigmoid", -inf, 0, 0),
        ("softplus", inf, inf, 1),
        ("softplus", -inf, 0, 0),
        ("silu", inf, inf, 1),
        ("silu", -inf, 0, 0),
        ("silu_slope", inf, 1, 0),
        ("silu_slope", -inf, 0, 0),
        ("sinc", 0.0, 1, 0),
        ("sinc", -0.0, 1, 0),
        ("sinc", inf, 0, 0),
        ("sinc", -inf, 0, 0),
        ("sinc_slope", inf, 0, 0),
        ("sinc_slope", -inf, 0, 0),
        ("abs", 0.0, 0, 0),
        ("abs", -0.0, 0, 0),
        ("abs", inf, inf, 1),
        ("abs", -inf, inf, -1),
        ("abs", nan, nan, nan),
        ("relu", 0.0, 0, 0),
        ("relu", -0.0, 0, 0),
        ("relu", inf, inf, 1),
        ("relu", -inf, 0, None),
        ("relu", nan, nan, nan),
    ]:
        if value is None:
            mp.prec = LOW
            value = {"asin": mp.asin, "acos": mp.acos, "atan": mp.atan}[row](mpf(x))
            value = float(value)
        edge(row, [x], value, slope)
    for row in ["ln", "log2", "log10"]:
        for x in [-1.0, -TINY, -1e200, -inf]:
            edge(row, [x], nan, nan)
        edge(row, [0.0], -inf, inf)
        edge(row, [-0.0], -inf, inf)
        edge(row, [inf], inf, 0)
    for row in ["asin", "acos", "atanh"]:
        for x in [UP, -UP, 1.5, 2.0, -40.0, 1e200, MAX, inf, -inf]:
            edge(row, [x], nan, nan)
    mp.prec = LOW
    near("sinc_slope", [0.0], mpf(0), -mpf(1) / 3)
    near("sinc_slope", [-0.0], mpf(0), -mpf(1) / 3)


def binary_edges():
    for args, value, *slopes in [
        ((0.0, 0.0), 1, 0, 0),
        ((0.0, 2.0), 0, 0, 0),
        ((0.0, 1.0), 0, 1, 0),
        ((0.0, 0.5), 0, inf, 0),
        ((0.0, -1.0), inf, -inf, -inf),
        ((-1.0, 2.0), 1, -2, nan),
        ((-2.0, 3.0), -8, 12, nan),
        ((-8.0, 0.5), nan, nan, nan),
        ((0.0, 40.0), 0, 0, 0),
        ((-0.0, 2.0), 0, 0, 0),
        ((-0.0, 1.0), 0, 1, 0),
        ((1.0, 0.0), 1, 0, 0),
        ((-1.0, 0.0), 1, 0, nan),
        ((inf, 2.0), inf, inf, inf),
        ((inf, 1.0), inf, 1, inf),
        ((inf, 0.5), inf, 0, inf),
        ((inf, -1.0), 0, 0, 0),
        ((2.0, inf), inf, inf, inf),
        ((2.0, -inf), 0, 0, 0),
        ((0.5, inf), 0, 0, 0),
        ((0.5, -inf), inf, -inf, -inf),
        ((0.0, inf), 0, 0, 0),
        ((nan, 0.0), 1, nan, nan),
        ((0.0, 0.49), 0, inf, 0),
        ((0.0, -2.0), inf, -inf, -inf),
        ((-0.0, -1.0), -inf, -inf, UNJUDGED),
    ]:
        edge("pow", args, value, *slopes)
    for args, value in [
        ((0.0, 0.0), 0),
        ((0.0, 2.0), 0),
        ((0.0, 1.0), 1),
        ((0.0, 0.5), inf),
        ((0.0, -1.0), -inf),
        ((-0.0, -2.0), inf),
        ((-0.0, 2.0), 0),
        ((-0.0, 0.5), inf),
        ((-0.0, 1.0), 1),
        ((inf, 0.5), 0),
        ((inf, 2.0), inf),
    ]:
        edge("pow_slope", args, value, UNJUDGED, UNJUDGED)
    for args, value in [
        ((0.0, 0.0), 0),
        ((0.0, 2.0), 0),
        ((0.0, -1.0), -inf),
        ((inf, -1.0), 0),
        ((inf, 1.0), inf),
        ((-1.0, 2.0), nan),
        ((2.0, -inf), 0),
        ((0.5, inf), 0),
    ]:
        edge("pow_log", args, value, UNJUDGED, UNJUDGED)
    for args, value, *slopes in [
        ((0.0, 0.0), nan, nan, nan),
        ((1.0, 0.0), inf, inf, -inf),
        ((-1.0, 0.0), -inf, inf, inf),
        ((1.0, -0.0), -inf, -inf, -inf),
        ((1.0, inf), 0, 0, 0),
        ((inf, 2.0), inf, 0.5, -inf),
        ((inf, inf), nan, nan, nan),
        ((nan, 1.0), nan, nan, nan),
        ((1.0, nan), nan, nan, nan),
    ]:
        edge("div", args, value, *slopes)
    edge("add", (inf, -inf), nan, 1, 1)
    edge("add", (nan, 1.0), nan, 1, 1)
    edge("add", (inf, 1.0), inf, 1, 1)
    edge("sub", (inf, inf), nan, 1, -1)
    edge("sub", (1.0, nan), nan, 1, -1)
    edge("mul", (inf, 0.0), nan, 0, inf)
    edge("mul", (inf, -2.0), -inf, -2, inf)
    edge("mul", (nan, 2.0), nan, 2, nan)
    for args, value, *slopes in [
        ((0.0, 0.0), 0, 0, 0),
        ((-0.0, 0.0), 0, 0, 0),
        ((inf, 1.0), inf, 1, 0),
        ((-inf, 1.0), inf, -1, 0),
    ]:
        edge("hypot", args, value, *slopes)
    mp.prec = LOW
    pi = float(mp.pi)
    for args, value, *slopes in [
        ((0.0, 0.0), 0, nan, nan),
        ((0.0, -0.0), pi, nan, nan),
        ((-0.0, 0.0), 0, nan, nan),
        ((0.0, 1.0), 0, 1, 0),
        ((0.0, -2.0), pi, -0.5, 0),
        ((-0.0, -2.0), -pi, -0.5, 0),
        ((-0.0, 2.0), 0, 0.5, 0),
        ((1.0, inf), 0, 0, 0),
        ((inf, 1.0), pi / 2, 0, 0),
        ((inf, inf), pi / 4, 0, 0),
    ]:
        edge("atan2", args, value, *slopes)
    for args, value, *slopes in [
        ((1.0, 0.0), nan, nan, nan),
        ((inf, 2.0), nan, nan, nan),
        ((1.3, inf), 1.3, 1, 0),
        ((nan, 1.0), nan, nan, nan),
        ((1.0, nan), nan, nan, nan),
        ((6.0, 3.0), 0, 1, -2),
        ((0.0, 3.0), 0, 1, 0),
    ]:
        edge("rem", args, value, *slopes)
    for args, value, *slopes in [
        ((-inf, 0.0), 0, 0, 1),
        ((0.0, -inf), 0, 1, 0),
        ((-inf, -inf), -inf, nan, nan),
        ((inf, 1.0), inf, 1, 0),
        ((1e200, 1e200), 1e200, 0.5, 0.5),
        ((inf, inf), inf, nan, nan),
        ((1.0, inf), inf, 0, 1),
    ]:
        edge("log_add_exp", args, value, *slopes)
    edge("share", (inf, inf), nan, nan, nan)
    edge("share", (inf, 1.0), 1, 0, 0)
    edge("share_slope", (inf, inf), nan, nan, nan)
    edge("share_slope", (inf, 1.0), 0, 0, 0)
    edge("share_slope", (1.0, inf), 0, 0, 0)
    edge("part", (0.0, 1.0), 0, 1, 0)
    edge("part", (1.0, 0.0), 1, 0, -1)
    edge("share", (1.0, inf), 0, 0, 0)
    edge("log", (0.0, 2.0), -inf, inf, inf)
    edge("log", (-1.0, 2.0), nan, nan, nan)
    edge("log", (2.0, -1.0), nan, nan, nan)
    edge("log", (1.0, 1.0), nan, nan, nan)
    edge("copysign", (nan, 1.0), nan, nan, None)
    edge("copysign", (1.3, nan), 1.3, 1, nan)


def list_edges():
    edge("sum", [], 0)
    edge("sum", [nan, 1.0], nan, 1, 1)
    edge("product", [], 1)
    edge("product", [0.0, 2.0, 3.0], 0, 6, 0, 0)
    edge("product", [0.0, 0.0, 3.0], 0, 0, 0, 0)
    edge("product", [nan, 2.0], nan, 2, nan)
    edge("dot", [], 0)
    edge("dot", [nan, 2.0], nan, 2, nan)
    edge("dot", [1.0, 0.0, 3.0, inf], nan, 3, inf, 1, 0)
    edge("logsumexp", [], -inf)
    edge("logsumexp", [-inf, 0.0], 0, 0, 1)
    edge("logsumexp", [1e200, 1e200], 1e200, 0.5, 0.5)
    edge("logsumexp", [1e200, 1e200, 1e200, 1e200], 1e200, 0.25, 0.25, 0.25, 0.25)
    edge("logsumexp", [-inf, -inf], -inf, nan, nan)
    edge("logsumexp", [nan, 1.0], nan, nan, nan)
    edge("logsumexp", [inf, 1.0], inf, 1, 0)
    edge("logsumexp", [-inf, inf, 2.0], inf, 0, 1, 0)
    edge("logsumexp", [inf, inf], inf, nan, nan)
    edge("norm", [], 0)
    edge("norm", [0.0, 0.0], 0, 0, 0)
    edge("norm", [-0.0], 0, 0)
    edge("norm", [inf, 1.0], inf, 1, 0)
    edge("norm", [0.0, -inf, 3.0], inf, 0, -1, 0)
    edge("norm", [inf, -inf], inf, nan, nan)
    edge("lone", [], 1)
    edge("lone", [inf, 1.0], 1, None, None)
    edge("lone", [inf, -inf, 1.0], nan, None, None, None)
    edge("direction", [0.0, 0.0], 0, inf, UNJUDGED)
    edge("direction", [inf, inf], 1, 0, UNJUDGED)
    edge("direction", [-inf, inf], -1, 0, UNJUDGED)
    edge("direction", [2.0, inf], 0, 0, 0)
    edge("norm", [nan, 1.0], nan, nan, nan)
    edge("norm", [0.0, nan], nan, nan, nan)
