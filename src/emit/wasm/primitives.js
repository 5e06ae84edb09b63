// What rows of the table compute, for modules that import them by name, in JavaScript and to the same
// bounds. `numbers()` is the module's memory as f64: a row over a list is told where its list begins there,
// in bytes, and how long it is. It must not know slopes, nor what a module does with a value.
const primitives = (numbers) => {
  const { abs, exp, expm1, log, log1p, max, min, sqrt, trunc } = Math;
  const negative = (x) => x < 0 || Object.is(x, -0);
  const withSign = (x, y) => (negative(y) ? -abs(x) : abs(x));
  const isNormal = (x) => abs(x) >= 2.2250738585072014e-308 && Number.isFinite(x);
  const clamp = (x, low, high) => (low <= high ? (x < low ? low : x > high ? high : x) : NaN);
  const list = (f) => (at, length) => f(numbers().subarray(at / 8, at / 8 + length));

  // ---- Numbers of twice the precision, as the sum of two (Dekker 1971; JavaScript has no fused product).
  const twoSum = (x, y) => {
    const high = x + y, part = high - x;
    return [high, (x - (high - part)) + (y - part)];
  };
  const split = (x) => {
    const wide = 134217729 * x, high = wide - (wide - x);
    return [high, x - high];
  };
  const twoProduct = (x, y) => {
    const high = x * y, [a, b] = split(x), [c, d] = split(y);
    return [high, ((a * c - high) + a * d + b * c) + b * d];
  };
  const add = ([a, b], [c, d]) => {
    const high = twoSum(a, c), low = twoSum(b, d), near = twoSum(high[0], high[1] + low[0]);
    return twoSum(near[0], near[1] + low[1]);
  };
  const times = ([a, b], [c, d]) => {
    const high = twoProduct(a, c);
    return twoSum(high[0], high[1] + (a * d + b * c));
  };
  const scaled = ([a, b], by) => [a * by, b * by];
  const inverse = ([a, b]) => {
    const high = 1 / a, [product, rest] = twoProduct(high, a);
    return twoSum(high, ((1 - product) - rest - high * b) * high);
  };
  const LN_2 = [0.6931471803691238, 1.9082149292705877e-10, 1.1612227229362532e-26];
  const twoExpm1 = (x) => {
    const small = scaled(x, 1 / 256);
    let u = [1, 0];
    for (let k = 13; k >= 2; k--) u = add(times(times(u, small), inverse([k, 0])), [1, 0]);
    u = times(u, small);
    for (let k = 0; k < 8; k++) u = times(u, add(u, [2, 0]));
    return u;
  };
  const twoExp = (x) => {
    const power = Math.round(x * Math.LOG2E), half = trunc(power / 2);
    const rest = LN_2.reduce((sum, part) => add(sum, twoProduct(-power, part)), [x, 0]);
    return scaled(scaled(add(twoExpm1(rest), [1, 0]), 2 ** half), 2 ** (power - half));
  };

  // x y + z with a single rounding, by whole numbers: a finite number is one of them times a power of two.
  const view = new DataView(new ArrayBuffer(8));
  const whole = (x) => {
    view.setFloat64(0, x);
    const bits = view.getBigUint64(0), power = Number((bits >> 52n) & 2047n);
    const size = (bits & (2n ** 52n - 1n)) + (power ? 2n ** 52n : 0n);
    return [x < 0 ? -size : size, (power || 1) - 1075];
  };
  const mulAdd = (x, y, z) => {
    if (![x, y, z].every(Number.isFinite)) return x * y + z;
    const [[a, i], [b, j], [c, k]] = [x, y, z].map(whole), power = min(i + j, k);
    const sum = ((a * b) << BigInt(i + j - power)) + (c << BigInt(k - power));
    if (sum === 0n) return x * y + z;
    let size = sum < 0n ? -sum : sum;
    const least = max(size.toString(2).length + power - 53, -1074);
    if (least > power) {
      const lost = BigInt(least - power), twice = (size & ((1n << lost) - 1n)) << 1n;
      size >>= lost;
      if (twice > 1n << lost || (twice === 1n << lost && size & 1n)) size += 1n;
    }
    const value = Number(size) * 2 ** max(least, power);
    return sum < 0n ? -value : value;
  };

  // How often a function is differentiated: a whole number; of two arguments, by the first and by the second.
  const isOrder = (n) => Number.isInteger(n) && n >= 0 && n <= 65535;
  const ordersOf = (n) => [n % 1000, trunc(n / 1000)];

  // ---- Powers and logarithms.
  const pow = (x, y) => (x === 1 || y === 0 || (x === -1 && abs(y) === Infinity) ? 1 : Math.pow(x, y));
  const slopeOfSize = (x, y) => {
    const [high, low] = twoSum(y, -1), power = pow(x, high);
    if (y === 0 || (power === 0 && abs(y) === Infinity)) return 0;
    const root = isNormal(power) ? 0 : pow(x, high / 2);
    const size = isNormal(power) ? y * power : y * root * root;
    return low === 0 || size === 0 || abs(size) === Infinity || low !== low ? size : size + size * low * log(x);
  };
  const powSlope = (x, y) => {
    if (x !== x || y !== y || (x < 0 && Number.isFinite(y) && y % 1 !== 0)) return NaN;
    const even = y % 2 === 0 || abs(y) === Infinity;
    return (negative(x) && even ? -1 : 1) * slopeOfSize(abs(x), y);
  };
  const powLog = (x, y) => {
    if (x !== x || y !== y || x < 0) return NaN;
    const power = pow(x, y);
    if ((x === 0 && y >= 0) || (x === Infinity && power === 0)) return 0;
    if (isNormal(power) || abs(power) === Infinity) return power * log(x);
    const root = pow(x, y / 2);
    return root * log(x) * root;
  };
  const powDerivative = (n, x, y) => {
    if (x !== x || y !== y || !isOrder(n)) return NaN;
    const [i, j] = ordersOf(n), isWhole = abs(y) === Infinity || y % 1 === 0;
    if (x < 0 && (j > 0 || !isWhole)) return NaN;
    const terms = Array(j + 1).fill(0), known = min(i, j);
    terms[0] = 1;
    for (let k = 0; k < i; k++) {
      for (let m = known; m >= 0; m--) terms[m] = terms[m] * (y - k) + (m > 0 ? terms[m - 1] : 0);
    }
    for (let m = 0, falling = 1; m <= known; falling *= j - m, m++) terms[m] *= falling;
    const atAnEnd = x === 0 || abs(x) === Infinity;
    const size = atAnEnd ? powLimit(terms, abs(x), y, i) : powBetween(terms, abs(x), y, i);
    return negative(x) && isWhole && j === 0 && (abs(y) % 2 === 1) !== (i % 2 === 1) ? -size : size;
  };
  const powBetween = (terms, x, y, i) => {
    const [high, low] = twoSum(y, -i), root = pow(x, high / 2), ln = log(x);
    const sum = root === 0 ? 0 : terms.reduce((sum, term) => sum * ln + term, 0);
    if (sum === 0) return 0;
    const power = pow(x, high), size = isNormal(power) ? sum * power : root * sum * root;
    return low === 0 || low !== low || abs(size) === Infinity ? size : size + size * (low * ln);
  };
  const powLimit = (terms, x, y, i) => {
    const power = y - i, j = terms.length - 1, m = terms.findIndex((term) => term !== 0);
    if (m < 0 || (power !== 0 && power > 0 === (x === 0))) return 0;
    if (power === 0 && m === j) return terms[m];
    if (x === 0 && y === 0 && i === 0) return 0;
    return Math.sign(terms[m]) * (x === 0 && (j - m) % 2 === 1 ? -Infinity : Infinity);
  };
  const logTo = (x, y) => (y === 2 ? Math.log2(x) : y === 10 ? Math.log10(x) : log(x) / log(y));

  // ---- Points of the plane and of space, at any scale.
  const powerNear = (size) => -min(max(Math.floor(Math.log2(size)), -1000), 1000);
  const hypot = (x, y) => {
    const large = max(abs(x), abs(y));
    if (abs(x) === Infinity || abs(y) === Infinity) return Infinity;
    if (!(large > 0)) return large;
    const scale = 2 ** powerNear(large), [a, b] = [x * scale, y * scale];
    const [p, q] = twoProduct(a, a), [r, s] = twoProduct(b, b), [sum, rest] = twoSum(p, r);
    return sqrt(sum + (rest + q + s)) / scale;
  };
  const unit = (x, y) => {
    const large = max(abs(x), abs(y));
    if (x !== x || y !== y || (abs(x) === Infinity && abs(y) === Infinity)) return NaN;
    if (large === 0) return 0;
    if (abs(x) === Infinity) return Math.sign(x);
    const scale = 2 ** powerNear(large);
    return (x * scale) / hypot(x * scale, y * scale);
  };
  const turn = (x, y) => {
    if (x !== x || y !== y || (x === 0 && y === 0)) return NaN;
    if (abs(x) === Infinity || abs(y) === Infinity) return withSign(0, x);
    const scale = 2 ** powerNear(max(abs(x), abs(y))), [a, b] = [x * scale, y * scale];
    const square = a * a + b * b;
    return scale < 1 ? (a / square) * scale : (a * scale) / square;
  };
  const turnDerivative = (n, x, y) => {
    if (x !== x || y !== y || (x === 0 && y === 0) || !isOrder(n)) return NaN;
    if (abs(x) === Infinity || abs(y) === Infinity) return 0;
    const scale = 2 ** powerNear(max(abs(x), abs(y))), [a, b] = [x * scale, y * scale];
    const [i, j] = ordersOf(n), [re, im] = complexPower(a, -b, i + j + 1), square = a * a + b * b;
    let v = [re, -im, -re, im][j % 4];
    for (let m = 0; m <= i + j; m++) v = (v / square) * scale * max(m, 1);
    return (i + j) % 2 === 0 ? v : -v;
  };
  const complexPower = (x, y, n) => {
    if (n === 1) return [x, y];
    const [re, im] = complexPower((x - y) * (x + y), 2 * x * y, trunc(n / 2));
    return n % 2 === 0 ? [re, im] : [x * re - y * im, x * im + y * re];
  };
  const norm = list((xs) => {
    const large = xs.reduce((most, x) => max(most, abs(x)), 0);
    if (!(large > 0 && large < Infinity)) return large;
    const power = -1 - Math.floor(Math.log2(large)), half = 2 ** trunc(power / 2), rest = 2 ** (power - trunc(power / 2));
    return sqrt(xs.reduce((sum, x) => sum + (x * half * rest) ** 2, 0)) / half / rest;
  });

  // ---- Exponentials and their kin.
  const sigmoid = (x) => {
    const e = exp(-abs(x));
    return x < 0 ? e / (1 + e) : 1 / (1 + e);
  };
  const timesExp = (x, y) => {
    const root = exp(y / 2);
    return root === 0 ? withSign(0, x) : x * root * root;
  };
  const siluSlope = (x) => {
    if (x > 50) return 1;
    if (x > 0) return sigmoid(x) * (x * sigmoid(-x) + 1);
    const t = x + 1.2784645427610737 + 1.0946994183093437e-16, g = t + 0.2784645427610738 * expm1(t);
    if (x < -40) return timesExp(g, x);
    const e = exp(x);
    return (g * e) / ((1 + e) * (1 + e));
  };
  const logAddExp = (x, y) => {
    if (x !== x || y !== y) return NaN;
    const [large, small] = x > y ? [x, y] : [y, x];
    if (large === small && abs(large) === Infinity) return large;
    if (-2 < large && large < 0 && small > -740) {
      const [high, low] = add(twoExpm1([large, 0]), twoExp(small));
      return log1p(high) + low / (1 + high);
    }
    const [high, low] = twoSum(small, -large), e = exp(high);
    return large + log1p(e + (e === 0 ? 0 : e * low));
  };
  const share = (x, y) => {
    const [high, low] = twoSum(x, -y), v = sigmoid(high);
    return v === 0 || v === 1 ? v : v + v * (low * sigmoid(-high));
  };
  const shareSlope = (x, y) => {
    const [high, low] = twoSum(x, -y), e = exp(-abs(high)), v = e / ((1 + e) * (1 + e));
    return v === 0 ? v : v - v * (low * Math.tanh(high / 2));
  };
  const logSumExp = list((xs) => {
    const large = xs.reduce((most, x) => max(most, x), -Infinity);
    return Number.isFinite(large) ? large + log(xs.reduce((sum, x) => sum + exp(x - large), 0)) : large;
  });
  const sincSlope = (x) => {
    if (abs(x) === Infinity) return withSign(0, -x);
    if (abs(x) > 2) return (Math.cos(x) - Math.sin(x) / x) / x;
    let sum = 1;
    for (let k = 13; k >= 1; k--) sum = 1 - (sum * x * x) / (2 * k * (2 * k + 3));
    return (-x / 3) * sum;
  };
  const sinc = (x) => (x === 0 ? 1 : abs(x) === Infinity ? 0 : Math.sin(x) / x);
  const sincDerivative = (n, x) => {
    if (x !== x || !isOrder(n)) return NaN;
    if (n < 2) return n === 0 ? sinc(x) : sincSlope(x);
    if (abs(x) === Infinity) return 0;
    const sin = Math.sin(x), cos = Math.cos(x), ofSin = (k) => [sin, cos, -sin, -cos][k % 4];
    if (abs(x) > n) {
      let below = sinc(x);
      for (let k = 1; k <= n; k++) below = (ofSin(k) - k * below) / x;
      return below;
    }
    let last = n;
    for (let influence = 1; influence > 1e-20; influence *= abs(x) / last) last++;
    let above = ofSin(last + 1) / (last + 1);
    for (let k = last; k > n; k--) above = (ofSin(k) - x * above) / k;
    return above;
  };

  // ---- The bell curve: near 0 by the power series, in the tail by the continued fraction (DLMF 7.6.1, 7.9.1).
  const gauss = (x) => {
    if (abs(x) > 28) return 0;
    const [high, low] = twoProduct(x, x), v = exp(-high);
    return v - v * low;
  };
  const erf = (x) => {
    if (abs(x) > 0.8) return withSign(1 - erfc(abs(x)), x);
    let sum = 0;
    for (let k = 18; k >= 1; k--) sum = (sum + 1 / (2 * k + 1)) * ((-x * x) / k);
    return x * 1.1283791670955126 + x * (sum * 1.1283791670955126 + 1.533545961316588e-17);
  };
  const erfc = (x) => {
    if (abs(x) <= 0.8) return 1 - erf(x);
    if (x < 0) return 2 - erfc(-x);
    let t = x;
    for (let k = Math.ceil(20 + 220 / (x * x)); k >= 1; k--) t = x + k / 2 / t;
    return gauss(x) / t * 0.5641895835477563;
  };
  const normPdf = (x) => {
    if (abs(x) > 40) return 0;
    const [high, low] = twoProduct(x, x), v = exp(-high / 2) * 0.3989422804014327;
    return v - v * (low / 2);
  };
  const normCdf = (x) => {
    const near = min(max(x, -40), 40), [high, low] = twoProduct(-near, Math.SQRT1_2);
    const step = low + near * 4.833646656726457e-17;
    return 0.5 * erfc(high) - 0.5641895835477563 * step * gauss(high);
  };

  // ---- The gamma function and its derivatives.
  const BERNOULLI = [1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510, 43867 / 798, -174611 / 330];
  const polynomial = (coefficients, x) => coefficients.reduceRight((sum, c) => sum * x + c, 0);
  // ln gamma above 10, without (x - 1/2) ln x - x (DLMF 5.11.1).
  const stirling = (x) => {
    const square = 1 / (x * x);
    return 0.9189385332046728 + BERNOULLI.reduceRight((sum, b, k) => sum * square + b / ((2 * k + 1) * (2 * k + 2)), 0) / x;
  };
  const lnFactorial = (n) => (n < 10 ? log(factorial(n)) : (n + 0.5) * log(n + 1) - (n + 1) + stirling(n + 1));
  const factorial = (n) => {
    let product = 1;
    for (let k = 2; k <= min(n, 171); k++) product *= k;
    return product;
  };
  const zetaTerm = (n, x, scale) => {
    const whole = factorial(n), power = pow(x, -n - 1);
    if (whole === Infinity) return exp(lnFactorial(n) - (n + 1) * log(x)) * scale;
    if (isNormal(power)) return whole * scale * power;
    const root = pow(x, (-n - 1) / 2);
    return whole * root * (scale * root);
  };
  const zeta = (n, x) => {
    const steps = max(Math.ceil(13 + n - x), 0), far = x + steps;
    if (far === Infinity) return 0;
    let factor = (n + 1) / (2 * far), tail = 0;
    BERNOULLI.forEach((b, j) => {
      const k = 2 * j + 2;
      tail += b * factor;
      factor *= ((n + k) * (n + 1 + k)) / ((k + 1) * (k + 2) * far * far);
    });
    let sum = zetaTerm(n, far, far / n + (0.5 + tail));
    for (let k = steps - 1; k >= 0; k--) sum += zetaTerm(n, x + k, 1);
    return sum;
  };
  const zetaStepped = (n, x) => {
    const steps = Math.ceil(12 - x);
    let sum = [0, 0];
    for (let k = 0; k < steps; k++) {
      const one = inverse(twoSum(x, k));
      let power = one;
      for (let j = 0; j < n; j++) power = times(power, one);
      sum = add(sum, power);
    }
    return factorial(n) * sum[0] + (factorial(n) * sum[1] + zeta(n, x + steps));
  };
  const beyondWhole = (x) => x - (abs(x - trunc(x)) >= 0.5 ? trunc(x) + Math.sign(x) : trunc(x));
  const zetaReflected = (n, x) => {
    const beyond = beyondWhole(x);
    const [after, before] = beyond > 0 ? [beyond, 1 - beyond] : [1 + beyond, -beyond];
    const left = zeta(n, before) - zeta(n, 1 - x);
    return n % 2 === 0 ? zeta(n, after) - left : zeta(n, after) + left;
  };
  const digammaFrom1To2 = (x, shift) => {
    const ZERO = [1569415565 / 1073741824, 381566830 / 1073741824 / 1073741824, 9.016312093258696e-20];
    const P = [0.2547985106113155, -0.3255503118680449, -0.6503185377089651, -0.28919126444774784, -0.04525132144873906,
      -0.002071332116774595];
    const Q = [1, 2.076711702373047, 1.4606242909763515, 0.4359352969266597, 0.054151797245674225, 0.0021284987017821144,
      -5.578984132167551e-7];
    const fromZero = ((x - (ZERO[0] - shift)) - ZERO[1]) - ZERO[2], fromOne = x + (shift - 1);
    return fromZero * 0.9955816268920898 + fromZero * (polynomial(P, fromOne) / polynomial(Q, fromOne));
  };
  const digamma = (x) => {
    if (x < -1) return digamma(1 - x) - Math.PI / Math.tan(Math.PI * beyondWhole(x));
    if (x < 0) return digammaFrom1To2(x, 2) - (2 * x + 1) / (x * (x + 1));
    if (x < 1) return digammaFrom1To2(x, 1) - 1 / x;
    if (x < 10) {
      const steps = max(Math.floor(x) - 1, 0);
      let sum = 0;
      for (let k = 1; k <= steps; k++) sum += 1 / (x - k);
      return digammaFrom1To2(x - steps, 0) + sum;
    }
    const square = 1 / (x * x);
    return log(x) - 0.5 / x - BERNOULLI.reduceRight((sum, b, k) => (sum + b / (2 * k + 2)) * square, 0);
  };
  const polygamma = (n, x) => {
    if (x !== x || (x <= 0 && x === Math.floor(x)) || n > 65535) return NaN;
    if (n === 0) return digamma(x);
    const isFar = n <= 20 && x > -24 && abs(beyondWhole(x)) > 0.01;
    const size = x > 0 ? zeta(n, x) : isFar ? zetaStepped(n, x) : zetaReflected(n, x);
    return n % 2 === 0 ? -size : size;
  };
  // ln gamma(2 + z) / z for |z| <= 1, by the Taylor series, of which the terms are zetas of 2 (DLMF 5.7.3).
  let taylor;
  const fromTwo = (z) => {
    taylor ??= Array.from({ length: 54 }, (_, k) => (k ? (k % 2 ? 1 : -1) * zeta(k, 2) / factorial(k) / (k + 1) : 0.42278433509846713));
    return polynomial(taylor, z);
  };
  const lnGamma = (x) => {
    if (x !== x) return x;
    if ((x <= 0 && x === Math.floor(x)) || x === Infinity) return Infinity;
    if (x < -1) return log(Math.PI / abs(x * Math.sin(Math.PI * beyondWhole(x)))) - lnGamma(-x);
    if (x < 0.5) return lnGamma(x + 1) - log(abs(x));
    if (x < 1.5) return (x - 1) * fromTwo(x - 1) - log1p(x - 1);
    if (x <= 3) return (x - 2) * fromTwo(x - 2);
    if (x < 10) return lnGamma(x - 1) + log(x - 1);
    return x > 1e300 ? x * (log(x) - 1) : (x - 0.5) * log(x) - x + stirling(x);
  };

  return {
    mul_add: mulAdd,
    rem: (x, y) => x % y,
    powi: pow,
    pow,
    pow_slope: powSlope,
    pow_log: powLog,
    pow_derivative: powDerivative,
    cbrt: Math.cbrt,
    hypot,
    unit,
    direction: (x, r) => {
      if (r === 0 && x === x) return 0;
      return abs(x) === Infinity && abs(r) === Infinity ? Math.sign(x) * Math.sign(r) : x / r;
    },
    turn,
    turn_derivative: turnDerivative,
    norm,
    lone: list((xs) => (xs.filter((x) => abs(x) === Infinity).length > 1 ? NaN : 1)),
    exp,
    exp2: (x) => pow(2, x),
    exp_m1: expm1,
    ln: log,
    log2: Math.log2,
    log10: Math.log10,
    log: logTo,
    ln_1p: log1p,
    log_add_exp: logAddExp,
    share,
    share_slope: shareSlope,
    logsumexp: logSumExp,
    sin: Math.sin,
    cos: Math.cos,
    tan: Math.tan,
    asin: Math.asin,
    acos: Math.acos,
    atan: Math.atan,
    atan2: Math.atan2,
    sinh: Math.sinh,
    cosh: Math.cosh,
    tanh: Math.tanh,
    asinh: Math.asinh,
    acosh: Math.acosh,
    atanh: Math.atanh,
    signum: (x) => (x !== x ? x : negative(x) ? -1 : 1),
    copysign: withSign,
    max,
    min,
    clamp,
    clip: clamp,
    ceil: Math.ceil,
    round: (x) => (abs(x - trunc(x)) >= 0.5 ? trunc(x) + Math.sign(x) : trunc(x)),
    trunc,
    fract: (x) => x - trunc(x),
    open: (x, t) => (Object.is(x, -0) || t === 0 ? 0 : Math.sign(t)),
    erf,
    erfc,
    gauss,
    norm_cdf: normCdf,
    norm_pdf: normPdf,
    ln_gamma: lnGamma,
    polygamma,
    softplus: (x) => max(x, 0) + log1p(exp(-abs(x))),
    silu: (x) => (x < -40 ? timesExp(x, x) : x * sigmoid(x)),
    silu_slope: siluSlope,
    sinc,
    sinc_slope: sincSlope,
    sinc_derivative: sincDerivative,
  };
};
