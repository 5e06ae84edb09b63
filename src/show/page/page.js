// What a page shows, and what can be done on it. It must not compute any number: a module of the
// recorded program does that.

const $ = (id) => document.getElementById(id);

// ---- The parts of the page, made once.
const rows = [], boxes = [], arrows = [], labels = [], sliders = [], lines = new Map();

function build() {
  $("time").max = events.length;
  $("slope-head").textContent = `d${steps[output].name}/d…`;
  steps.forEach((step, k) => {
    const row = make("tr", { tabIndex: k ? -1 : 0 });
    row.dataset.q = k;
    const cells = [make("td", { textContent: step.name }), make("td"), make("td"), make("td")];
    cells[1].append(step.formula ? plain(step.formula) : "given");
    cells[1].title = cells[1].textContent;
    row.append(...cells);
    $("rows").append(row);
    rows.push({ row, cells });
  });
  document.querySelectorAll("#picture g[data-q]").forEach((box) => { boxes[box.dataset.q] = box; });
  document.querySelectorAll("#picture path[data-e]").forEach((path) => { arrows[path.dataset.e] = path; });
  document.querySelectorAll("#picture g[data-e] text").forEach((text) => { labels[text.parentNode.dataset.e] = text; });
  document.querySelectorAll("#picture .rest").forEach((pale) => pale.classList.remove("rest"));
  $("picture").hidden = !boxes.length;
  data.inputs.forEach(([k]) => buildSlider(k));
  data.slips.unshift("no slip");
  data.slips.forEach((words, n) => {
    const radio = make("input", { type: "radio", name: "slip", value: n });
    radio.addEventListener("change", () => { state.slip = n; refresh(); });
    $("switches").append(make("label", {}, radio, make("span", { textContent: words })));
  });
  data.slips.shift();
  $("slipped").hidden = !data.slips.length;
  $("learning").hidden = !data.updates.length;
  $("sheet").hidden = !data.source.length;
  document.body.classList.toggle("no-sheet", !data.source.length);
  data.source.forEach((text, n) => {
    const item = make("li", { textContent: text || " " });
    if (/^\s*(#|$)/.test(text)) item.classList.add("comment");
    lines.set(n + 1, item);
    $("source").append(item);
  });
  steps.forEach((step, k) => {
    for (const at of [step.slopeLine, step.line]) {
      if (lines.has(at)) Object.assign(lines.get(at).dataset, { q: k });
    }
  });
}

function buildSlider(k) {
  const middle = steps[k].start, span = Math.max(1, 2 * Math.abs(middle));
  const row = make("div", { className: "row" });
  // A browser keeps a slider's end to some 15 digits, so an end has no more.
  const end = (x) => +x.toPrecision(12);
  const range = make("input", { type: "range", min: end(middle - span), max: end(middle + span), step: "any", id: "in-" + k });
  const exact = make("input", { type: "number", step: "any" });
  exact.setAttribute("aria-label", steps[k].name + ", exactly");
  const label = make("label", { textContent: steps[k].name, htmlFor: "in-" + k });
  row.dataset.q = k;
  const take = (x) => { if (Number.isFinite(x)) { state.x.set(k, x); history = []; refresh(); } };
  range.addEventListener("input", () => take(range.valueAsNumber));
  exact.addEventListener("change", () => take(exact.valueAsNumber));
  row.append(label, range, exact);
  $("sliders").append(row);
  sliders.push({ k, range, exact });
}

// ---- What is seen.
const known = (k) => !steps[k].formula || state.time >= valueAt.get(k);
const arrived = (k) => slopeAt.has(k) && state.time >= slopeAt.get(k);
const text = (node, words) => { if (node.textContent !== words) node.textContent = words; };
const klass = (node, words) => { if (node.getAttribute("class") !== words) node.setAttribute("class", words); };

function showRow(k) {
  const { row, cells } = rows[k];
  const current = events[state.time - 1];
  row.classList.toggle("current", !!current && current.k === k && current.kind !== "update");
  const slopeNow = slopeAt.has(k) ? (arrived(k) ? signed(slope(k)) : "–") : "0";
  text(cells[2], known(k) ? shown(value(k)) : "–");
  text(cells[3], slopeNow);
  mark(cells[2], known(k) && moved(data.values[k]), known(k) ? "" : "none", data.values[k]);
  const tone = !arrived(k) ? "none" : slope(k) > 0 ? "plus" : slope(k) < 0 ? "minus" : "";
  mark(cells[3], arrived(k) && moved(data.adjoints[k]), tone, data.adjoints[k]);
}

function mark(node, wrong, tone, at) {
  klass(node, wrong ? "moved" : tone);
  const title = wrong ? "right: " + shown(memory[at]) : "";
  if (node.title !== title) node.title = title;
}

const large = steps.length > 300;
function showRows() {
  if (!large) { steps.forEach((_, k) => showRow(k)); return; }
  const around = $("quantities").querySelector(".scroll");
  const height = rows[0].row.offsetHeight || 30;
  const first = Math.floor(around.scrollTop / height) - 10;
  const last = first + Math.ceil(around.clientHeight / height) + 20;
  for (let k = Math.max(first, 0); k <= Math.min(last, steps.length - 1); k++) showRow(k);
}

function showPicture() {
  const current = events[state.time - 1];
  let most = 0;
  data.edges.forEach((at) => { const x = Math.abs(cell(at)); if (Number.isFinite(x) && x > most) most = x; });
  boxes.forEach((box, k) => {
    const [, number, below] = box.querySelectorAll("text");
    box.classList.toggle("current", !!current && current.k === k && current.kind !== "update");
    box.classList.toggle("moved", (known(k) && moved(data.values[k])) || (arrived(k) && moved(data.adjoints[k])));
    text(number, known(k) ? shown(value(k)) : "–");
    if (below) {
      text(below, slopeName(k) + " " + (arrived(k) ? signed(slope(k)) : "–"));
      klass(below, arrived(k) ? signClass(slope(k)) : "z");
    }
  });
  let edge = 0;
  steps.forEach((step, to) => step.edges.forEach((from) => {
    const here = edge++;
    if (!arrows[here]) return;
    const x = cell(data.edges[here]), flows = arrived(from);
    text(labels[here], flows ? signed(x) : "–");
    labels[here].parentNode.classList.toggle("off", !flows);
    const kind = flows ? signClass(x) : "z";
    klass(labels[here], "l " + kind);
    klass(arrows[here], kind);
    arrows[here].setAttribute("marker-end", `url(#a${kind})`);
    arrows[here].setAttribute("stroke-width", flows && most && Number.isFinite(x) ? (1 + 5 * Math.sqrt(Math.abs(x) / most)).toFixed(2) : "1");
  }));
}

function showNow() {
  const event = events[state.time - 1], said = [];
  if (!event) {
    said.push(make("p", { textContent: "Only what is given is known. Step on to compute the rest." }));
  } else if (event.kind === "value") {
    const { k } = event, step = steps[k];
    said.push(make("p", {}, token(k), " follows from what is known."));
    said.push(line(token(k), ...links(step.formula, value(k))));
  } else if (event.kind === "seed") {
    said.push(make("p", {}, "The way down begins: ", token(output), " moves as fast as itself."));
    said.push(line(slopeName(output) + " = 1"));
  } else if (event.kind === "slope") {
    sayslope(event.k, said);
  } else {
    said.push(make("p", { textContent: `One step of learning: each weight less ${shown(state.rate)} times its derivative.` }));
    for (const [k, at] of data.updates.slice(0, 8)) {
      said.push(line(`${steps[k].name}: ${shown(value(k))} - ${shown(state.rate)}*${inBrackets(shown(slope(k)))} = ${shown(cell(at))}`));
    }
  }
  $("said").replaceChildren(...said);
}

function sayslope(k, said) {
  const uses = steps[k].uses.map(([by, formula], n) => ({ by, formula, n })).filter(({ by }) => steps[by].asked);
  const several = uses.length > 1;
  const users = uses.flatMap(({ by }, n) => [n ? (n + 1 === uses.length ? " and " : ", ") : "", token(by)]);
  said.push(make("p", {}, token(k), " is used by ", ...users, several ? `: ${uses.length} paths, and their sum.` : "."));
  for (const { by, formula, n } of uses) {
    const result = shown(partial(k, n));
    said.push(line("∂", token(by), "/∂", token(k), ...links(formula, partial(k, n))));
    const whole = several ? "" : slopeName(k) + " = ";
    const flow = `${whole}${slopeName(by)}·∂${steps[by].name}/∂${steps[k].name} = ${shown(slope(by))}·${inBrackets(result)} = ${signed(product(k, n))}`;
    said.push(line(several ? flow + "   by way of " : flow, ...(several ? [token(by)] : [])));
  }
  if (several) {
    const terms = (more) => uses.map(({ n }, at) => {
      const x = shown(product(k, n), more);
      return at === 0 ? x : x.startsWith("-") ? " - " + x.slice(1) : " + " + x;
    });
    const sum = adding((more) => terms(more).join(""), slope(k));
    said.push(line(`${slopeName(k)} = ${sum} = ${shown(slope(k))}`));
  }
}

// ---- Predict, then reveal: judged as a worksheet is.
function question() {
  const event = events[state.time];
  if (!event || event.kind === "update" || event.kind === "seed") return null;
  const isValue = event.kind === "value", { k } = event;
  return {
    name: isValue ? steps[k].name : slopeName(k),
    truth: isValue ? value(k) : slope(k),
    reach: memory[(isValue ? data.valueReach : data.slopeReach)[k]],
  };
}

function showGuess() {
  const asked = question();
  $("guess").hidden = !asked;
  if (asked) text($("asked"), `Predict: ${asked.name} = ?`);
}

// ---- Learning.
function train(count) {
  if (!history.length) history.push({ loss: value(output), slip: state.slip });
  for (let n = 0; n < count; n++) {
    const next = data.updates.map(([k, at]) => [k, cell(at)]);
    next.forEach(([k, x]) => state.x.set(k, x));
    compute();
    history.push({ loss: value(output), slip: state.slip });
  }
  refresh();
}

function showPlot() {
  const plot = $("plot"), points = history.filter(({ loss }) => Number.isFinite(loss));
  const losses = points.map(({ loss }) => loss);
  const high = Math.max(...losses, 0), low = Math.min(...losses, 0);
  const x = (n) => 46 + (n / Math.max(points.length - 1, 1)) * 362;
  const y = (loss) => 160 - ((loss - low) / (high - low || 1)) * 146;
  const svg = (tag, props, words = "") => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    Object.entries(props).forEach(([key, to]) => made.setAttribute(key, to));
    made.textContent = words;
    return made;
  };
  const parts = [svg("path", { class: "axis", d: "M46 10V160H410" })];
  if (points.length > 1) {
    for (let from = 0; from < points.length - 1;) {
      let to = from + 1;
      while (to < points.length - 1 && points[to + 1].slip === points[to].slip) to++;
      const stride = Math.max(1, Math.floor((to - from) / 400));
      const shownAt = [];
      for (let n = from; n < to; n += stride) shownAt.push(n);
      shownAt.push(to);
      const d = shownAt.map((n, at) => `${at ? "L" : "M"}${x(n).toFixed(1)} ${y(losses[n]).toFixed(1)}`).join("");
      parts.push(svg("path", { class: points[to].slip ? "loss bad" : "loss", d }));
      from = to;
    }
    parts.push(svg("text", { x: 42, y: 18, "text-anchor": "end" }, high.toPrecision(2)));
    parts.push(svg("text", { x: 42, y: 160, "text-anchor": "end" }, low.toPrecision(2)));
    parts.push(svg("text", { x: 408, y: 178, "text-anchor": "end" }, `${points.length - 1} steps`));
  }
  plot.replaceChildren(...parts);
  const name = steps[output].name;
  text($("plot-words"), points.length > 1
    ? `${name} went from ${shown(losses[0])} to ${shown(losses[losses.length - 1])} in ${points.length - 1} steps.`
    : `Take steps to see how ${name} goes down.`);
}

// ---- Everything anew.
function refresh() {
  compute();
  show();
}

let source, seen = -1;
function show() {
  const event = events[state.time - 1];
  $("time").value = state.time;
  const phase = !event ? "what is given" : { value: "forward", seed: "seed", slope: "reverse", update: "update" }[event.kind];
  text($("place"), `step ${state.time} of ${events.length}: ${phase}`);
  $("time").setAttribute("aria-valuetext", $("place").textContent);
  $("first").disabled = $("back").disabled = state.time === 0;
  $("last").disabled = $("forward").disabled = state.time === events.length;
  showRows();
  showPicture();
  showNow();
  showGuess();
  for (const { k, range, exact } of sliders) {
    const x = state.x.get(k);
    if (document.activeElement !== range || +range.value !== x) range.value = x;
    range.setAttribute("aria-valuetext", shown(x));
    if (exact.value !== String(x)) exact.value = x;
  }
  document.querySelectorAll("#switches input").forEach((radio, n) => { radio.checked = n === state.slip; });
  if (data.slips.length) showMoved();
  if (+$("rate").value !== state.rate) $("rate").value = state.rate;
  if (data.updates.length) showPlot();
  if (state.theme) document.documentElement.dataset.theme = state.theme;
  else delete document.documentElement.dataset.theme;
  text($("theme"), "Theme: " + { "": "auto", light: "light", dark: "dark" }[state.theme]);
  const at = event && (event.kind === "value" ? steps[event.k].line : event.kind === "slope" ? steps[event.k].slopeLine : null);
  if (seen !== state.time) {
    seen = state.time;
    if (event) reveal(rows[event.k].row);
    if (large) showRows();
  }
  if (source !== lines.get(at)) {
    if (source) source.classList.remove("current");
    source = lines.get(at);
    if (source) {
      source.classList.add("current");
      reveal(source);
    }
  }
  write();
}

function showMoved() {
  const told = (name, at) => (moved(at) ? [`${name} from ${shown(memory[at])} to ${shown(cell(at))}`] : []);
  const values = steps.flatMap(({ name }, k) => told(name, data.values[k]));
  const slopes = steps.flatMap((_, k) => told(slopeName(k), data.adjoints[k]));
  const all = values.concat(slopes);
  const some = all.slice(0, 8).join(", ") + (all.length > 8 ? ` and ${all.length - 8} more` : "");
  text($("moved"), !state.slip ? "" : all.length ? "It moves " + some + "." : "Here it moves nothing.");
}

function go(time) {
  const to = Math.min(Math.max(time, 0), events.length);
  if (to === state.time) return;
  state.time = to;
  $("verdict").textContent = "";
  show();
}

// Scrolls the box around a line so that the line is seen; the page itself stays.
function reveal(node) {
  const around = node.closest(".scroll");
  const top = node.getBoundingClientRect().top - around.getBoundingClientRect().top;
  if (top < 30 || top > around.clientHeight - 30) around.scrollTop += top - around.clientHeight / 2;
}

// ---- What is pointed at.
let linked = "";
function link(target) {
  const found = target instanceof Element ? target.closest("[data-q]") : null;
  const q = found ? found.dataset.q : "";
  if (q === linked) return;
  document.querySelectorAll(".linked").forEach((node) => node.classList.remove("linked"));
  if (q) document.querySelectorAll(`[data-q="${q}"]`).forEach((node) => node.classList.add("linked"));
  linked = q;
}

function listen() {
  $("first").onclick = () => go(0);
  $("back").onclick = () => go(state.time - 1);
  $("forward").onclick = () => go(state.time + 1);
  $("last").onclick = () => go(events.length);
  $("time").oninput = () => go(+$("time").value);
  $("reset").onclick = () => { const { theme } = state; state = { ...start(), theme }; history = []; refresh(); };
  $("theme").onclick = () => {
    const order = ["", "light", "dark"];
    state.theme = order[(order.indexOf(state.theme) + 1) % 3];
    show();
  };
  $("rate").onchange = () => { if (Number.isFinite($("rate").valueAsNumber)) { state.rate = $("rate").valueAsNumber; refresh(); } };
  document.querySelectorAll("[data-train]").forEach((button) => { button.onclick = () => train(+button.dataset.train); });
  $("reveal").onclick = () => { go(state.time + 1); $("answer").value = ""; };
  $("guess").onsubmit = (event) => {
    event.preventDefault();
    const [kind, words] = judge($("answer").value, question());
    if (kind === "good") { go(state.time + 1); $("answer").value = ""; }
    $("verdict").className = kind;
    $("verdict").textContent = words;
  };
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest("input")) return;
    const row = event.target.closest("#rows tr");
    const beside = row && { ArrowUp: row.previousSibling, ArrowDown: row.nextSibling }[event.key];
    if (beside instanceof Element) {
      event.preventDefault();
      row.tabIndex = -1;
      beside.tabIndex = 0;
      beside.focus();
      return;
    }
    const to = { ArrowRight: state.time + 1, ArrowLeft: state.time - 1, Home: 0, End: events.length }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    go(to);
  });
  for (const kind of ["mouseover", "focusin"]) document.addEventListener(kind, (event) => link(event.target));
  window.addEventListener("hashchange", () => { read(); refresh(); });
  window.addEventListener("beforeprint", () => steps.forEach((_, k) => showRow(k)));
  if (large) $("quantities").querySelector(".scroll").addEventListener("scroll", showRows, { passive: true });
}

load().then(() => {
  read();
  build();
  listen();
  refresh();
  document.documentElement.dataset.ready = "yes";
}).catch((error) => {
  $("said").textContent = "This browser cannot run the page: " + error.message;
  throw error;
});
