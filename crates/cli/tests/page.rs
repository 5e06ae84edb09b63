//! Pages in a real browser: their numbers against the library's, and everything that can be pressed,
//! switched, typed or found in the address. Skipped, with the reason, where there is no browser.

mod browser;
mod common;

use browser::{
    NUMBERS, Open, browser,
    pages::{agree, agrees, page, sheet, with},
    parsed,
};
use headless_chrome::protocol::cdp::Emulation;
use serde_json::Value;

/// A sheet whose every operation is exact to the last bit in any IEEE arithmetic.
const EXACT: &str = "# Arithmetic alone\nx = 3\ny = 0.7\nz = x*y - x/7 + 1\nr = sqrt(z)*abs(y - x)\n\
                     s = max(r, z)/(x + y)\nt = s*s - z*r\n";

/// Functions that no browser has.
const SPECIAL: &str = "# Special functions\nx = 0.3\na = erf(x) + erfc(x*4)\nb = ln_gamma(x + 2)\n\
                       c = norm_cdf(-x*6)*1e6\nd = logsumexp(a, b, c)\ne = norm(d, x, 2)/hypot(x, 3)\n";

#[test]
fn every_step_and_every_slider_end_agrees_with_the_library() {
    let Some(browser) = browser() else { return };
    let sheets = ["backprop", "annuity", "logistic", "pendulum", "two-layers"];
    let mut all: Vec<(&str, String, bool)> =
        sheets.iter().map(|name| (*name, sheet(&format!("{name}.ws")), false)).collect();
    all.push(("exact", EXACT.to_owned(), true));
    all.push(("special", SPECIAL.to_owned(), false));
    for (name, text, exact) in &all {
        let open = Open::new(&browser, &page(name, text), "");
        let count = open.number("events.length") as usize;
        let dashes = "[...$('rows').querySelectorAll('td')]\
                      .filter(d => d.textContent === '–').length";
        let mut before = open.number(dashes);
        let told = format!("[state.time, events[state.time - 1].kind, {dashes}].join(' ')");
        let told: Vec<String> = match *name {
            "backprop" => {
                let press = |_| {
                    open.press("ArrowRight");
                    open.text(&told)
                };
                (0..count).map(press).collect()
            }
            _ => {
                let all = open.text(&format!(
                    "JSON.stringify(events.map(() => ($('forward').click(), {told})))"
                ));
                serde_json::from_str(&all).expect("JSON")
            }
        };
        assert_eq!(told.len(), count, "{name}");
        for (step, now) in (1..).zip(told) {
            let after = before - if now.contains("update") { 0.0 } else { 1.0 };
            let [at, left] = [now.split(' ').next(), now.split(' ').next_back()]
                .map(|part| part.and_then(|part| part.parse::<f64>().ok()));
            assert_eq!((at, left), (Some(f64::from(step)), Some(after)), "{name}: {now}");
            before = after;
        }
        assert_eq!(before, 0.0, "{name}: all is known at the end");
        agree(&open, text, *exact);
        let inputs = open.number("sliders.length") as usize;
        for input in 0..inputs {
            let given = open.text(&format!("steps[sliders[{input}].k].name"));
            // One question for both ends: each takes the driver a tenth of a second.
            let ends = open.text(&format!(
                "JSON.stringify(['min', 'max'].map((end) => {{ const r = sliders[{input}].range; \
                 r.value = r[end]; r.dispatchEvent(new Event('input')); \
                 return [String(r.valueAsNumber), {NUMBERS}] }}))"
            ));
            let ends: [(String, String); 2] = serde_json::from_str(&ends).expect("JSON");
            for (x, numbers) in ends {
                let x = x.parse().expect("a number");
                agrees(parsed(&numbers), &with(text, &given, x), *exact);
            }
            open.ask("$('reset').click()");
        }
        agree(&open, text, *exact);
        open.is_quiet();
    }
}

#[test]
fn keys_buttons_and_the_slider_move_through_the_steps() {
    let Some(browser) = browser() else { return };
    let open = Open::new(&browser, &page("keys", &sheet("backprop.ws")), "");
    let at = || open.number("state.time") as usize;
    let last = open.number("events.length") as usize;
    assert_eq!((at(), last), (0, 11 + 1 + 24 + 1));
    for (key, to) in [("End", last), ("ArrowLeft", last - 1), ("Home", 0), ("ArrowLeft", 0)] {
        open.press(key);
        assert_eq!(at(), to, "{key}");
    }
    for (button, to) in
        [("#forward", 1), ("#forward", 2), ("#back", 1), ("#last", last), ("#first", 0)]
    {
        open.click(button);
        assert_eq!(at(), to, "{button}");
    }
    open.ask("$('time').value = 12, $('time').dispatchEvent(new Event('input'))");
    assert_eq!(open.text("$('place').textContent"), "step 12 of 37: seed");
    assert!(open.text("$('said').textContent").contains("dE/dE = 1"));
    // A line and a formula are pointed at together with the quantity.
    open.ask("rows[place.get('h1')].row.focus()");
    let linked = "[...document.querySelectorAll('.linked')].map(n => n.tagName.toLowerCase()).sort().join(' ')";
    assert_eq!(open.text(linked), "g li li tr");
    open.press("ArrowDown");
    assert_eq!(open.text("steps[document.activeElement.dataset.q].name"), "h2");
    // Keys within a field are the field's.
    open.click("#answer");
    open.press("ArrowRight");
    assert_eq!(at(), 12);
    open.is_quiet();
}

#[test]
fn slips_move_what_they_did_in_print() {
    let Some(browser) = browser() else { return };
    let open = Open::new(&browser, &page("slips", &sheet("network.ws")), "");
    let of = |name: &str| open.number(&format!("value(place.get('{name}'))"));
    let slope = |name: &str| open.number(&format!("slope(place.get('{name}'))"));
    let near = |x: f64, y: f64| assert!((x - y).abs() < 6e-10, "{x}, should be {y}");
    let plant = |words: &str| {
        let found = open.ask(&format!(
            "(l => l ? (l.click(), true) : false)([...document.querySelectorAll('#switches label')]\
             .find(l => l.textContent.includes('{words}')))"
        ));
        assert_eq!(found, Value::Bool(true), "{words}");
    };
    // The published total error after one step has the slip; the text that comes with it has not.
    plant("already updated");
    open.click("[data-train='1']");
    near(of("E"), 0.291027924);
    open.click("#reset");
    open.click("[data-train='1']");
    near(of("E"), 0.291027774);
    // The published outputs after ten thousand steps.
    open.click("#reset");
    plant("already updated");
    open.ask("train(10000)");
    near(of("o1"), 0.015912196);
    near(of("o2"), 0.984065734);
    assert!(open.text("$('plot-words').textContent").contains("10000 steps"));
    open.click("#reset");
    let paths = [slope("h1"), open.number("product(place.get('h1'), 0)")];
    plant("the path to h1 by way of y2 is lost");
    assert!((slope("h1") - paths[1]).abs() < 1e-15 && slope("h1") != paths[0]);
    assert!(
        open.text("$('moved').textContent").contains("dE/dh1"),
        "{}",
        open.text("$('moved').textContent")
    );
    plant("y1 reads h1 in place of h2");
    near(of("y1"), 0.40 * 0.593269992 + 0.45 * 0.593269992 + 0.60);
    open.is_quiet();
}

#[test]
fn boxes_judge_as_a_worksheet_is_judged() {
    let Some(browser) = browser() else { return };
    let path = page("boxes", &sheet("backprop.ws"));
    let open = Open::new(&browser, &path, "#step=2");
    assert_eq!(open.text("$('asked').textContent"), "Predict: h1 = ?");
    let answer = |words: &str| {
        open.ask(&format!("$('answer').value = '{words}'"));
        open.click("#check");
        (open.text("$('verdict').textContent"), open.number("state.time") as usize)
    };
    // h1 is 0.581150964.
    for (words, verdict, step) in [
        ("half", "That is not a number", 2),
        ("0.5969", "Not right.", 2),
        ("-0.5812", "Not right: look at the sign", 2),
        ("1", "Not right.", 2),
        ("0.5811", "Right, but cut", 3),
    ] {
        let (found, at) = answer(words);
        assert!(found.starts_with(verdict) && at == step, "{words}: {found}, step {at}");
    }
    open.press("Tab");
    open.ask("go(2)");
    assert_eq!(answer("0.5812"), ("Right, to the digits given.".to_owned(), 3));
    // y1 is 1.095619339; from 0.5812 and 0.5848, it is 1.0956.
    open.ask("go(4)");
    assert_eq!(open.text("$('asked').textContent"), "Predict: y1 = ?");
    assert!(answer("1.0957").0.starts_with("Right, but for rounding"));
    open.ask("go(4)");
    assert!(answer("1.0960").0.starts_with("Not right"));
    open.click("#reveal");
    assert_eq!(open.number("state.time"), 5.0);
    open.is_quiet();
}

#[test]
fn boxes_judge_relative_to_the_number() {
    let Some(browser) = browser() else { return };
    let text = "x = 0.021\ny = x^2\nz = y - y\nk = 0.0996*x/x\n";
    let open = Open::new(&browser, &page("small-numbers", &format!("{text}E = y + z + k\n")), "");
    // y is 0.000441, z is 0, k is 0.0996.
    let judged = |name: &str, words: &str| {
        open.ask(&format!("go(valueAt.get(place.get('{name}')) - 1)"));
        assert_eq!(open.text("$('asked').textContent"), format!("Predict: {name} = ?"));
        open.ask(&format!("$('answer').value = '{words}'"));
        open.click("#check");
        open.text("$('verdict').textContent")
    };
    let right =
        "0.0004 .00044 0,00044 0.000441 4.4e-4 4.41E-4 4.4*10^-4 4,4·10⁻⁴ +.0004 4.4×10^(-4)";
    for words in right.split(' ') {
        assert!(judged("y", words).starts_with("Right, to the digits given"), "{words}");
    }
    for words in ["0", "0.0", "0.000", "0,0", ".0", "0.001", "0.0010", "-0.0004", "4.4", "~0", "44"]
    {
        assert!(judged("y", words).starts_with("Not right"), "{words}: {}", judged("y", words));
    }
    for words in ["", ".", "1/2", "4.4*10", "e-4", "0.0.4"] {
        assert!(judged("y", words).starts_with("That is not a number"), "{words}");
    }
    for (name, words, verdict) in [
        ("z", "0", "Right, to the digits given."),
        ("z", "0.00", "Right, to the digits given."),
        ("z", "0.01", "Not right"),
        ("k", "0.1", "Right, to the digits given."),
        ("k", "0.10", "Right, to the digits given."),
        ("k", "0.0", "Not right: too few digits"),
    ] {
        assert!(
            judged(name, words).starts_with(verdict),
            "{name} = {words}: {}",
            judged(name, words)
        );
    }
    open.is_quiet();
}

#[test]
fn sums_on_a_page_add_up_in_the_digits_shown() {
    let Some(browser) = browser() else { return };
    let text = "a = 3\nu = 1/a\nv = u + u\nw = u + v + u\nE = w*u + w*v + v*u\n";
    let open = Open::new(&browser, &page("thirds", text), "");
    let said = open.text(
        "JSON.stringify(events.map((_, at) => (go(at + 1), [...document.querySelectorAll('#said p.math')]\
         .map((p) => p.textContent)).join('\\n')))",
    );
    assert!(said.contains("v = u + u = 0.3333333 + 0.3333333 = 0.666667"), "{said}");
    let misses = open.ask(
        "JSON.stringify(events.flatMap((_, at) => (go(at + 1), [...document.querySelectorAll('#said p.math')]\
         .map((p) => p.textContent.split('   ')[0].split(' = ')).filter((links) => { const [sum, total] = links.slice(-2); \
         const found = sumOf(sum); return found !== null && Math.abs(found - total) >= 0.5e-6; }))))",
    );
    assert_eq!(misses, Value::String("[]".into()));
    open.is_quiet();
}

#[test]
fn boxes_judge_by_the_inputs_as_they_are_now() {
    let Some(browser) = browser() else { return };
    let path = page("moved-boxes", &sheet("backprop.ws"));
    let verdict = |w5: &str, answer: &str| {
        let open = Open::new(&browser, &path, &format!("#step=4&in.w5={w5}"));
        assert_eq!(open.text("$('asked').textContent"), "Predict: y1 = ?");
        open.ask(&format!("$('answer').value = '{answer}'"));
        open.click("#check");
        open.is_quiet();
        open.text("$('verdict').textContent")
    };
    // y1 is 4 h1 + 0.45 h2 + 0.6 = 3.187763, and 3.1880 from 0.5812 and 0.5848: half a unit of h1
    // counts four times.
    assert!(verdict("4", "3.1878").starts_with("Right, to the digits"));
    assert!(verdict("4", "3.1880").starts_with("Right, but for rounding"));
    // With 0.0001 h1 in its place y1 is 0.863217, and rounding does not lead as far as 0.8633.
    assert!(verdict("0.0001", "0.8632").starts_with("Right, to the digits"));
    assert!(verdict("0.0001", "0.8633").starts_with("Not right"));
}

#[test]
fn a_slope_follows_when_a_branch_goes_the_other_way() {
    let Some(browser) = browser() else { return };
    let text =
        "# A branch\na = 0.7\nb = -0.3\ns = select(b, a, abs(b))\nq = b^2 + b\nE = 2*s + q*a\n";
    let open = Open::new(&browser, &page("branch", text), "#step=8");
    let said = || open.text("$('said').textContent");
    assert!(said().contains("∂s/∂a = 0"), "{}", said());
    open.ask("state.x.set(place.get('b'), 0.4), refresh()");
    assert!(said().contains("∂s/∂a = 1") && !said().contains("0 = 1"), "{}", said());
    agree(&open, &with(text, "b", 0.4), true);
    // A negative number has brackets where it would be misread without, and nowhere else.
    open.ask("state.x.set(place.get('b'), -0.3), go(1), refresh()");
    assert!(said().contains("= select(-0.3, 0.7, abs(-0.3)) = 0.3"), "{}", said());
    open.ask("go(2)");
    assert!(said().contains("= (-0.3)^2 + (-0.3) = -0.21"), "{}", said());
    open.is_quiet();
}

#[test]
fn the_address_keeps_the_state() {
    let Some(browser) = browser() else { return };
    let text = sheet("backprop.ws");
    let path = page("address", &text);
    let open = Open::new(&browser, &path, "#step=20&in.w1=0.25&theme=dark&slip=1&rate=0.1");
    assert_eq!(open.number("state.time"), 20.0);
    assert_eq!(open.number("value(place.get('w1'))"), 0.25);
    assert_eq!(open.text("document.documentElement.dataset.theme"), "dark");
    assert_eq!(open.number("$('rate').valueAsNumber"), 0.1);
    assert_eq!(
        open.number("[...document.querySelectorAll('#switches input')].findIndex(r => r.checked)"),
        1.0
    );
    open.click("#reset");
    assert_eq!(open.text("location.hash"), "#theme=dark");
    open.click("#forward");
    assert_eq!(open.text("location.hash"), "#step=1&theme=dark");
    open.ask(
        "new Promise((done) => { addEventListener('hashchange', () => done(true)); \
         location.hash = '#step=3&in.b1=0.35' })",
    );
    assert_eq!(open.number("state.time"), 3.0);
    agree(&open, &with(&text, "b1", 0.35), false);
    // Nonsense in the address is passed over.
    let odd = Open::new(&browser, &path, "#step=abc&slip=99&in.nobody=1&in.w1=x&theme=pink");
    assert_eq!((odd.number("state.time"), odd.number("state.slip")), (0.0, 7.0));
    odd.is_quiet();
}

/// A sheet of about 2,000 slots, too large for a picture.
fn large() -> String {
    let mut text = String::from("# A long chain\nx0 = 0.5\nw = 0.3\n");
    for k in 1..=500 {
        text += &format!("x{k} = sin(w*x{}) + 0.9*x{}\n", k - 1, k / 2);
    }
    text
}

#[test]
fn two_thousand_slots_answer_a_slider_where_they_are_seen() {
    let Some(browser) = browser() else { return };
    let text = large();
    let open = Open::new(&browser, &page("large", &text), "");
    assert_eq!(open.ask("$('picture').hidden"), Value::Bool(true));
    open.press("End");
    agree(&open, &text, false);
    // What is changed on the page, from the event on: the rows in sight, of two thousand.
    let changes = open.number(
        "(() => { const seen = new MutationObserver(() => {}); \
         seen.observe(document, { subtree: true, childList: true, characterData: true, attributes: true }); \
         const r = sliders[0].range; r.value = 0.31; r.dispatchEvent(new Event('input')); \
         const all = seen.takeRecords().length; seen.disconnect(); return all })()",
    );
    assert!(changes > 0.0 && changes < 300.0, "{changes} changes");
    println!("2,000 slots answer a slider by {changes} changes of the page");
    open.is_quiet();
}

#[test]
fn a_page_fits_a_small_window_and_prints() {
    let Some(browser) = browser() else { return };
    let open = Open::new(&browser, &page("small", &sheet("logistic.ws")), "");
    let narrow = Emulation::SetDeviceMetricsOverride {
        width: 390,
        height: 844,
        device_scale_factor: 2.0,
        mobile: true,
        ..no_metrics()
    };
    open.tab.call_method(narrow).expect("a small window");
    let wide = open.number("document.documentElement.scrollWidth");
    assert!(wide <= 391.0, "{wide} pixels wide");
    let sheet = open.tab.print_to_pdf(None).expect("a print");
    assert!(sheet.starts_with(b"%PDF"));
    open.is_quiet();
}

fn no_metrics() -> Emulation::SetDeviceMetricsOverride {
    serde_json::from_str(r#"{"width":0,"height":0,"deviceScaleFactor":1,"mobile":false}"#)
        .expect("the least that is asked for")
}
