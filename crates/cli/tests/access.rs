//! Pages without a mouse, without motion and without eyes: every control by keys, what is announced, and
//! what a screen reader is given. Skipped, with the reason, where there is no browser.

mod browser;
mod common;

use browser::{
    Open, browser,
    pages::{agree, page, sheet, with},
};
use serde_json::Value;

#[test]
fn sliders_of_inputs_obey_keys_and_all_numbers_follow() {
    let Some(browser) = browser() else { return };
    for name in ["backprop", "logistic"] {
        let text = sheet(&format!("{name}.ws"));
        let open = Open::new(&browser, &page(&format!("keys-{name}"), &text), "#step=3");
        for input in (0..open.number("sliders.length") as usize).step_by(5) {
            let slider = format!("sliders[{input}]");
            let given = open.text(&format!("steps[{slider}.k].name"));
            open.ask(&format!("{slider}.range.focus()"));
            let mut before = open.number(&format!("{slider}.range.valueAsNumber"));
            let [min, max] =
                ["min", "max"].map(|end| open.number(&format!("+{slider}.range.{end}")));
            let keys = [("ArrowRight", 1), ("ArrowUp", 1), ("ArrowLeft", -1), ("ArrowDown", -1)];
            for (key, way) in keys.into_iter().chain([("Home", -2), ("End", 2)]) {
                open.press(key);
                let x = open.number(&format!("state.x.get({slider}.k)"));
                let found = (x - before).signum() as i32;
                assert_eq!(found, i32::signum(way), "{key} at {given}: {before} to {x}");
                match way {
                    -2 => assert_eq!(x, min, "{given}"),
                    2 => assert_eq!(x, max, "{given}"),
                    _ => {}
                }
                assert_eq!(open.number(&format!("{slider}.exact.valueAsNumber")), x, "{given}");
                agree(&open, &with(&text, &given, x), false);
                before = x;
            }
            assert_eq!(open.number("state.time"), 3.0, "a key in a slider is the slider's");
            open.ask("$('reset').click(), go(3)");
        }
        open.is_quiet();
    }
}

#[test]
fn the_slider_of_steps_obeys_keys() {
    let Some(browser) = browser() else { return };
    let open = Open::new(&browser, &page("step-keys", &sheet("backprop.ws")), "");
    let last = open.number("events.length");
    open.ask("$('time').focus()");
    for (key, to) in [
        ("ArrowRight", 1.0),
        ("ArrowUp", 2.0),
        ("ArrowLeft", 1.0),
        ("End", last),
        ("ArrowDown", last - 1.0),
        ("Home", 0.0),
        ("ArrowLeft", 0.0),
    ] {
        open.press(key);
        let found = [open.number("state.time"), open.number("$('time').valueAsNumber")];
        assert_eq!(found, [to, to], "{key}");
        assert!(open.text("$('time').getAttribute('aria-valuetext')").starts_with("step "));
    }
    open.is_quiet();
}

/// Everything that can be used is reached by Tab, in the order of the page.
#[test]
fn tab_leads_to_every_control() {
    let Some(browser) = browser() else { return };
    let open = Open::new(&browser, &page("tab", &sheet("backprop.ws")), "#step=12");
    let all = "[...document.querySelectorAll('button, input')].filter(n => !n.disabled && \
               n.offsetParent && !(n.type === 'radio' && !n.checked))";
    let count = open.number(&format!("{all}.length")) as usize;
    assert!(count > 35, "{count}");
    open.ask("window.passed = []");
    for _ in 0..count + 5 {
        open.press("Tab");
        open.ask("window.passed.push(document.activeElement)");
    }
    let missed =
        format!("{all}.filter(n => !passed.includes(n)).map(n => n.id || n.outerHTML).join(', ')");
    assert_eq!(open.text(&missed), "");
    let seen = "passed.every((n, k) => !k || n === document.body || passed[k - 1] === document.body \
                || passed[k - 1].compareDocumentPosition(n) & Node.DOCUMENT_POSITION_FOLLOWING)";
    assert_eq!(open.ask(seen), Value::Bool(true), "in the order of the page");
    open.is_quiet();
}

#[test]
fn nothing_moves_where_reduced_motion_is_preferred() {
    let Some(browser) = browser() else { return };
    let open = Open::new(&browser, &page("motion", &sheet("backprop.ws")), "");
    // What is in motion after two steps, and the longest time that anything is told to take, in seconds.
    let running = "go(20), document.body.offsetHeight, go(30), document.body.offsetHeight, \
                   document.getAnimations().length";
    let longest = "Math.max(...[...document.querySelectorAll('*')].flatMap(n => { \
                   const s = getComputedStyle(n); return [s.transitionDuration, s.animationDuration, \
                   s.transitionDelay].flatMap(t => t.split(',').map(parseFloat)) }))";
    let smooth = "[...document.querySelectorAll('*')].filter(n => \
                  getComputedStyle(n).scrollBehavior === 'smooth').length";
    open.prefer("no-preference");
    assert!(open.number(longest) > 0.0, "there is motion to be reduced");
    assert!(open.number(running) > 0.0, "there is motion to be reduced");
    open.prefer("reduce");
    open.press("Home");
    assert_eq!(open.number(longest), 0.0);
    assert_eq!(open.number(running), 0.0);
    assert_eq!(open.number(smooth), 0.0);
    open.is_quiet();
}

/// The role of a node, and what it is called.
fn called(node: &Value) -> (&str, &str) {
    let text = |key: &str| node[key]["value"].as_str().unwrap_or_default();
    (text("role"), text("name"))
}

/// All that is read out from a node down.
fn read_out(tree: &[Value], node: &Value) -> String {
    if called(node).0 == "StaticText" {
        return called(node).1.to_owned();
    }
    let below = node["childIds"].as_array().into_iter().flatten();
    let below = below.filter_map(|id| tree.iter().find(|found| found["nodeId"] == *id));
    below.map(|found| read_out(tree, found)).collect()
}

/// How a region is announced when it changes: the property `live`.
fn live(node: &Value) -> &str {
    let all = node["properties"].as_array().into_iter().flatten();
    let mut live = all.filter(|property| property["name"] == "live");
    live.next().and_then(|live| live["value"]["value"].as_str()).unwrap_or_default()
}

#[test]
fn every_control_has_a_name() {
    let Some(browser) = browser() else { return };
    for name in ["backprop", "pendulum"] {
        let text = sheet(&format!("{name}.ws"));
        let open = Open::new(&browser, &page(&format!("names-{name}"), &text), "");
        let tree = open.tree();
        let roles =
            ["button", "slider", "textbox", "spinbutton", "radio", "image", "region", "group"];
        let mut names: Vec<(&str, &str)> = tree
            .iter()
            .filter(|node| node["ignored"] != true && roles.contains(&called(node).0))
            .map(called)
            .collect();
        let nameless: Vec<_> = names.iter().filter(|(_, name)| name.trim().is_empty()).collect();
        assert!(nameless.is_empty(), "{name}: {nameless:?}");
        let inputs = open.number("sliders.length") as usize;
        let count = |role: &str| names.iter().filter(|(found, _)| *found == role).count();
        assert_eq!(count("slider"), inputs + 1, "one an input, and the one of the steps");
        assert!(count("button") >= 7 && count("textbox") == 1 && count("spinbutton") >= inputs);
        // Two controls of one kind are never called the same.
        names.sort_unstable();
        let twice: Vec<_> = names.windows(2).filter(|pair| pair[0] == pair[1]).collect();
        assert!(twice.is_empty(), "{twice:?}");
        let whole = |name: &str| names.iter().any(|(_, found)| *found == name);
        let symbols: Vec<_> =
            names.iter().filter(|(_, name)| !name.contains(char::is_alphabetic)).collect();
        assert!(symbols.is_empty(), "named by a symbol alone: {symbols:?}");
        assert!(whole("One step on") && whole("Step"), "{names:?}");
        open.is_quiet();
    }
}

#[test]
fn steps_slips_and_verdicts_are_announced() {
    let Some(browser) = browser() else { return };
    let open = Open::new(&browser, &page("announced", &sheet("backprop.ws")), "");
    let announced = || {
        let tree = open.tree();
        let regions = tree.iter().filter(|node| node["ignored"] != true && live(node) == "polite");
        let regions = regions.filter(|node| called(node).0 == "status");
        regions.map(|node| read_out(&tree, node)).collect::<Vec<_>>()
    };
    let says = |words: &str| {
        let all = announced();
        assert!(all.iter().any(|said| said.contains(words)), "{words} is not in {all:?}");
    };
    says("step 0 of 37: what is given");
    says("Only what is given is known.");
    open.press("ArrowRight");
    says("step 1 of 37: forward");
    says("z1 follows from what is known.z1 = w1*x1 + w2*x2 + b1");
    open.ask("$('answer').value = '7'");
    open.click("#check");
    says("Not right. Try again, or reveal it.");
    open.ask("document.querySelectorAll('#switches input')[1].click()");
    says("It moves y1");
    open.click("[data-train='10']");
    says("in 10 steps.");
    open.is_quiet();
}
