// What a page knows: its steps, its state and the address that keeps it, its numbers, and how they are
// written and judged. It must not know where on the page anything stands.

const data = JSON.parse(document.getElementById("data").textContent);
const steps = data.steps, output = data.output;
const place = new Map(steps.map((step, k) => [step.name, k]));
const slopeName = (k, of = output) => `d${steps[of].name}/d${steps[k].name}`;

// ---- What happens, one after the other: values up, the seed, derivatives down, the update.
const events = [];
steps.forEach((step, k) => { if (step.formula) events.push({ kind: "value", k }); });
const seed = events.push({ kind: "seed", k: output });
for (let k = steps.length - 1; k >= 0; k--) {
  if (k !== output && steps[k].asked) events.push({ kind: "slope", k });
}
if (data.updates.length) events.push({ kind: "update", k: output });
const valueAt = new Map(), slopeAt = new Map([[output, seed]]);
events.forEach((event, at) => {
  if (event.kind === "value") valueAt.set(event.k, at + 1);
  if (event.kind === "slope") slopeAt.set(event.k, at + 1);
});
const firstUse = [];
steps.reduce((sum, step, k) => (firstUse[k] = sum, sum + step.uses.length), 0);

// ---- The state, and the address that keeps it.
const start = () => ({
  time: 0, slip: 0, rate: data.rate, theme: "", x: new Map(data.inputs.map(([k]) => [k, steps[k].start])),
});
let state = start();
let history = [];

function read() {
  const asked = new URLSearchParams(location.hash.slice(1));
  const number = (key, other) => (asked.has(key) && Number.isFinite(+asked.get(key)) ? +asked.get(key) : other);
  state = start();
  state.time = Math.min(Math.max(Math.round(number("step", 0)), 0), events.length);
  state.slip = Math.min(Math.max(Math.round(number("slip", 0)), 0), data.slips.length);
  state.rate = number("rate", data.rate);
  state.theme = ["light", "dark"].includes(asked.get("theme")) ? asked.get("theme") : "";
  for (const [key, value] of asked) {
    const k = place.get(key.slice(3));
    if (key.startsWith("in.") && state.x.has(k) && Number.isFinite(+value)) state.x.set(k, +value);
  }
}

function write() {
  const kept = new URLSearchParams();
  if (state.time) kept.set("step", state.time);
  if (state.slip) kept.set("slip", state.slip);
  if (state.rate !== data.rate) kept.set("rate", state.rate);
  if (state.theme) kept.set("theme", state.theme);
  for (const [k, x] of state.x) if (x !== steps[k].start) kept.set("in." + steps[k].name, x);
  const hash = kept.toString();
  if (hash !== location.hash.slice(1)) {
    window.history.replaceState(null, "", hash ? "#" + hash : location.pathname + location.search);
  }
}

// ---- The numbers: the program itself, run twice where a slip is planted.
let machine, memory;
const second = data.bytes / 8;
const cell = (at) => memory[at + (state.slip ? second : 0)];
const value = (k) => cell(data.values[k]);
const slope = (k) => cell(data.adjoints[k]);
const partial = (k, n) => cell(data.uses[firstUse[k] + n][0]);
const product = (k, n) => cell(data.uses[firstUse[k] + n][1]);
const same = (x, y) => x === y || (x !== x && y !== y);
const moved = (at) => state.slip > 0 && !same(memory[at], memory[at + second]);

function compute() {
  for (const base of state.slip ? [0, second] : [0]) {
    for (const [k, at] of data.inputs) memory[at + base] = state.x.get(k);
    memory[data.rateCell + base] = state.rate;
  }
  machine.run0(0);
  if (state.slip) machine["run" + state.slip](data.bytes);
}

async function load() {
  const bytes = Uint8Array.from(atob(data.wasm), (c) => c.charCodeAt(0));
  const { instance } = await WebAssembly.instantiate(bytes, { js: primitives(() => memory) });
  machine = instance.exports;
  memory = new Float64Array(machine.memory.buffer);
}

// ---- How a number is written: six decimals, or five digits; short numbers in full.
function magnitude(x) {
  const size = Math.floor(Math.log10(Math.abs(x)));
  return Math.abs(x) >= 10 ** (size + 1) ? size + 1 : size;
}
const isPlain = (size) => size >= -7 && size < 9;
function shown(x, more = 0) {
  if (x === 0) return "0";
  if (!Number.isFinite(x)) return x !== x ? "NaN" : x > 0 ? "inf" : "-inf";
  const [mantissa, power] = x.toExponential(5 + more).split("e"), size = magnitude(x);
  const trim = (s) => (s.includes(".") ? s.replace(/\.?0+$/, "") : s);
  if (!isPlain(size)) return trim(mantissa) + "e" + +power;
  const rounded = x.toFixed(Math.max(6, 4 - size) + more);
  const short = trim(x.toFixed(Math.min(Math.max(12 - size, 0), 17)));
  return short.length < rounded.length ? short : rounded;
}

// The sum of numbers that are written with signs between them; null for any other text.
function sumOf(text) {
  const number = String.raw`\(?-?\d+(?:\.\d+)?(?:e-?\d+)?\)?`;
  if (!new RegExp(`^${number}(?: [+-] ${number})+$`).test(text)) return null;
  const terms = text.replace(/[()]/g, "").split(/ (?=[+-] )/);
  return terms.reduce((sum, term) => sum + (term.startsWith("- ") ? -term.slice(2) : +term.replace("+ ", "")), 0);
}

// A sum with as many digits as its terms need to add up to the total as that is shown; `write` gives
// it with so many more digits than usual.
function adding(write, total) {
  if (!Number.isFinite(total)) return write(0);
  const size = total === 0 ? 0 : magnitude(total);
  const half = 0.5 * 10 ** (isPlain(size) ? -Math.max(6, 4 - size) : size - 5);
  for (let more = 0; more <= 10; more++) {
    const text = write(more), sum = sumOf(text);
    if (sum === null || Math.abs(sum - shown(total)) < half * (1 - 1e-6)) return text;
  }
  return write(0);
}
const signed = (x) => (x > 0 ? "+" : "") + shown(x);
const signClass = (x) => (x > 0 ? "p" : x < 0 ? "m" : "z");

// ---- A guess is judged as a worksheet is, but relative to the number: 0.0 says nothing of 0.00044.

// A number as a person types it: 0.0004, .0004, 0,0004, 4.4e-4, 4.4*10^-4, 4,4·10⁻⁴.
function claim(answer) {
  const raised = "⁰¹²³⁴⁵⁶⁷⁸⁹";
  const typed = answer.replace(/\s/g, "").replace(/[−–]/g, "-").replace(/10([⁻⁰¹²³⁴-⁹]+)$/, (_, power) =>
    "10^" + [...power].map((c) => (c === "⁻" ? "-" : raised.indexOf(c))).join(""));
  const found = typed.match(/^([~≈]?)([+-]?)(\d*)([.,]?)(\d*)(?:(?:e|[*·×x]10\^)\(?([+-]?\d+)\)?)?$/i);
  if (!found || !(found[3] + found[5])) return null;
  const [, about, sign, whole, point, decimals, power = "0"] = found;
  const places = decimals.length - power, exact = !about && !point && places <= 0;
  return { value: +`${sign}${whole || 0}.${decimals || 0}e${power}`, places, exact };
}

function judge(answer, { truth, reach }) {
  const claimed = claim(answer);
  if (!claimed) return ["bad", "That is not a number: write it with a point, such as 0.5812."];
  const x = claimed.value, unit = 10 ** -claimed.places, half = claimed.exact ? 0 : unit / 2;
  const slack = half * (1 + 1e-9) + 2e-13 * Math.max(Math.abs(truth), Math.abs(x));
  const off = Math.abs(truth - x), rest = Math.abs(truth) - Math.abs(x);
  // The last digit given must not stand left of the first digit of the number, unless it rounds so.
  const first = truth === 0 || !Number.isFinite(truth) ? Infinity : +truth.toExponential().split("e")[1];
  if (half && -claimed.places > first && +truth.toPrecision(1) !== x) {
    return ["bad", off <= 2 * half ? "Not right: too few digits to tell, for the first digit of the number stands further right." : "Not right. Try again, or reveal it."];
  }
  if (off <= slack) return ["good", "Right, to the digits given."];
  if ((x === 0 || x < 0 === truth < 0) && rest > 0 && rest < 2 * half) return ["good", "Right, but cut instead of rounded: the digits go on."];
  if (half && Number.isFinite(reach) && off <= Math.min(slack + reach * unit * 1.02, Math.abs(truth) / 2)) return ["good", "Right, but for rounding: that is as near as rounded numbers lead."];
  if (Math.abs(truth + x) <= slack) return ["bad", "Not right: look at the sign."];
  return ["bad", "Not right. Try again, or reveal it."];
}
