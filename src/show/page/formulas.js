// How formulas stand on the page: text with names in it, each a token that can be pointed at. It must not
// know what is shown when.

const make = (tag, props = {}, ...inside) => {
  const made = Object.assign(document.createElement(tag), props);
  made.append(...inside);
  return made;
};
const line = (...inside) => make("p", { className: "math" }, ...inside);

const token = (k) => {
  const made = make("span", { className: "token", textContent: steps[k].name });
  made.dataset.q = k;
  return made;
};
const names = (formula) => formula.map((piece) => (typeof piece === "number" ? token(piece) : piece));
const inBrackets = (text) => (text.startsWith("-") ? `(${text})` : text);
// A negative number may stand bare at the beginning and after an open bracket, but not below a power.
const isBare = (before, after) => /(^|\(|, )$/.test(before) && !after.startsWith("^");
const number = (words, before, after) => (isBare(before, after) ? words : inBrackets(words));
const numbers = (formula, more) => formula
  .map((piece, n) => (typeof piece === "number" ? number(shown(value(piece), more), formula[n - 1], formula[n + 1]) : piece))
  .join("");
const plain = (formula) => formula.map((piece) => (typeof piece === "number" ? steps[piece].name : piece)).join("");

// A formula, the numbers put in, and the result, none of them twice. A slope that is 0 on the sheet, since
// nothing flows there, may be another number once the inputs have moved.
function links(formula, x) {
  const result = shown(x), words = plain(formula), put = adding((more) => numbers(formula, more), x);
  const all = words === "0" ? [] : [{ words, link: names(formula) }];
  if (all.length && put !== words) all.push({ words: put, link: [put] });
  if (!all.length || all[all.length - 1].words !== result) all.push({ words: result, link: [result] });
  return all.flatMap(({ link }) => [" = ", ...link]);
}
