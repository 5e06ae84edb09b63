"""W6 in JAX: the gradient of the Black-Scholes price at many points, on one thread.

pip install jax; taskset --cpu-list 0 python crates/bench/jax/w6.py
"""

import os
import time

os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"

import jax
import jax.numpy as jnp
from jax.scipy.special import erfc

jax.config.update("jax_enable_x64", True)


def price(x):
    s, k, t, r, v = x
    spread = v * jnp.sqrt(t)
    d1 = (jnp.log(s / k) + (v * v * 0.5 + r) * t) / spread
    cdf = lambda d: erfc(d * -(0.5**0.5)) * 0.5
    return s * cdf(d1) - k * jnp.exp(-(r * t)) * cdf(d1 - spread)


def points(count):
    u = (jnp.arange(count) % 1000) / 1000.0
    return jnp.stack([100 + 10 * u, 95 + 5 * u, 0.5 + u, 0.01 + 0.02 * u, 0.2 + 0.1 * u], axis=1)


print(f"JAX {jax.__version__}")
gradient = jax.jit(jax.vmap(jax.value_and_grad(price)))
for count in (1_000, 100_000, 1_000_000):
    x, turns, best = points(count), max(1, 200_000 // count), float("inf")
    gradient(x)[1].block_until_ready()
    for _ in range(15):
        start = time.process_time()
        for _ in range(turns):
            gradient(x)[1].block_until_ready()
        best = min(best, (time.process_time() - start) / turns / count)
    print(f"{count} points: {best * 1e9:.1f} ns of CPU time a point")
