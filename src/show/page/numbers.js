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
function shown(x) {
  if (x === 0) return "0";
  if (!Number.isFinite(x)) return x !== x ? "NaN" : x > 0 ? "inf" : "-inf";
  const [mantissa, power] = x.toExponential(5).split("e");
  let size = Math.floor(Math.log10(Math.abs(x)));
  if (Math.abs(x) >= 10 ** (size + 1)) size += 1;
  const trim = (s) => (s.includes(".") ? s.replace(/\.?0+$/, "") : s);
  if (size < -7 || size >= 9) return trim(mantissa) + "e" + +power;
  const rounded = x.toFixed(Math.max(6, 4 - size));
  const short = trim(x.toFixed(Math.min(Math.max(12 - size, 0), 17)));
  return short.length < rounded.length ? short : rounded;
}
const signed = (x) => (x > 0 ? "+" : "") + shown(x);
const signClass = (x) => (x > 0 ? "p" : x < 0 ? "m" : "z");

// ---- A guess is judged as a worksheet is.
function judge(answer, { truth, reach }) {
  const found = answer.trim().replace("−", "-").replace(",", ".").match(/^([~≈]?)\s*([+-]?\d*\.?\d+(?:e[+-]?\d+)?)$/i);
  if (!found) return ["bad", "That is not a number: write it with a point, such as 0.5812."];
  const claimed = +found[2], [digits, power] = found[2].toLowerCase().split("e");
  const places = (digits.split(".")[1] || "").length - (+power || 0);
  const whole = places <= 0 && !digits.includes("."), unit = 10 ** -places;
  const half = whole && !found[1] ? 0 : unit / 2;
  const slack = half * (1 + 1e-9) + 2e-13 * Math.max(Math.abs(truth), Math.abs(claimed));
  const off = Math.abs(truth - claimed), rest = Math.abs(truth) - Math.abs(claimed);
  if (off <= slack) return ["good", "Right, to the digits given."];
  if ((claimed === 0 || claimed < 0 === truth < 0) && rest > 0 && rest < 2 * half) return ["good", "Right, but cut instead of rounded: the digits go on."];
  if (half && Number.isFinite(reach) && off <= slack + reach * unit * 1.02) return ["good", "Right, but for rounding: that is as near as rounded numbers lead."];
  if (Math.abs(truth + claimed) <= slack) return ["bad", "Not right: look at the sign."];
  return ["bad", "Not right. Try again, or reveal it."];
}
