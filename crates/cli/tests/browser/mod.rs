//! A browser that is driven, and a page that is open in it. It must not know what is on the page but
//! the names that its script gives to steps, values and slopes.
#![allow(dead_code)] // each test is a crate of its own and takes what it needs

pub(crate) mod pages;

use headless_chrome::{
    Browser, LaunchOptions, Tab,
    protocol::cdp::{
        Emulation, Log, Network, Runtime,
        types::{Event, Method},
    },
};
use serde_json::Value;
use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Duration,
};

/// How long to wait for a browser before a test fails: never long enough to be busy.
const PATIENCE: Duration = Duration::from_secs(600);

/// A browser, if there is one on this machine.
pub(crate) fn browser() -> Option<Browser> {
    let names = ["chromium", "chromium-browser", "google-chrome", "chrome"];
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let known: Vec<PathBuf> = std::env::split_paths(&folders).collect();
    let found = names.iter().flat_map(|name| known.iter().map(move |at| at.join(name)));
    let Some(path) = found.into_iter().find(|path| path.is_file()) else {
        eprintln!(
            "skipped: none of {} is in PATH; Debian has the package chromium",
            names.join(", ")
        );
        return None;
    };
    let options = LaunchOptions::default_builder()
        .path(Some(path))
        .sandbox(false)
        .window_size(Some((1400, 900)))
        .idle_browser_timeout(PATIENCE)
        .build()
        .expect("options");
    Some(Browser::new(options).expect("the browser starts"))
}

/// Asks for the accessibility tree, and takes it as it comes: browsers are ahead of its description.
#[derive(Debug, serde::Serialize)]
struct Tree {}

impl Method for Tree {
    const NAME: &'static str = "Accessibility.getFullAXTree";
    type ReturnObject = Value;
}

/// Of each name its value, the derivative in it, and how far rounding may carry either.
pub(crate) type Numbers = Vec<(String, [f64; 4])>;

/// What a page is asked for them.
pub(crate) const NUMBERS: &str = "JSON.stringify(steps.map((s, k) => [s.name, [value(k), slope(k), \
    memory[data.valueReach[k]], memory[data.slopeReach[k]]].map(String)]))";

/// What it answers: as text, for JSON has no NaN.
pub(crate) fn parsed(answer: &str) -> Numbers {
    let all: Vec<(String, [String; 4])> = serde_json::from_str(answer).expect("JSON");
    let number = |text: String| text.parse().expect("a number");
    all.into_iter().map(|(name, found)| (name, found.map(number))).collect()
}

/// A page that is open, and all that it said or asked for.
pub(crate) struct Open {
    pub(crate) tab: Arc<Tab>,
    said: Arc<Mutex<Vec<String>>>,
}

impl Open {
    pub(crate) fn new(browser: &Browser, path: &Path, hash: &str) -> Open {
        let tab = browser.new_tab().expect("a tab");
        tab.set_default_timeout(PATIENCE);
        let said = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&said);
        tab.call_method(Log::Enable(None)).expect("its log");
        tab.call_method(Runtime::Enable(None)).expect("its console");
        let all = Network::Enable {
            max_total_buffer_size: None,
            max_resource_buffer_size: None,
            max_post_data_size: None,
            report_direct_socket_traffic: None,
            enable_durable_messages: None,
        };
        tab.call_method(all).expect("its requests");
        let listener = move |event: &Event| {
            let words = match event {
                Event::LogEntryAdded(entry) => entry.params.entry.text.clone(),
                Event::RuntimeConsoleAPICalled(call) => format!("{:?}", call.params.args),
                Event::RuntimeExceptionThrown(thrown) => {
                    format!("{:?}", thrown.params.exception_details)
                }
                Event::NetworkRequestWillBeSent(sent) => sent.params.request.url.clone(),
                _ => return,
            };
            log.lock().expect("one at a time").push(words);
        };
        tab.add_event_listener(Arc::new(listener)).expect("an ear");
        tab.navigate_to(&format!("file://{}{hash}", path.display())).expect("the page");
        tab.wait_for_element_with_custom_timeout("html[data-ready=yes]", PATIENCE)
            .expect("it gets ready");
        Open { tab, said }
    }

    pub(crate) fn ask(&self, expression: &str) -> Value {
        let found = self.tab.evaluate(expression, true).expect(expression);
        found.value.unwrap_or(Value::Null)
    }

    pub(crate) fn number(&self, expression: &str) -> f64 {
        self.ask(expression).as_f64().unwrap_or_else(|| panic!("{expression} is no number"))
    }

    pub(crate) fn text(&self, expression: &str) -> String {
        self.ask(expression)
            .as_str()
            .unwrap_or_else(|| panic!("{expression} is no text"))
            .to_owned()
    }

    pub(crate) fn press(&self, key: &str) {
        self.tab.press_key(key).expect(key);
    }

    pub(crate) fn click(&self, selector: &str) {
        self.tab.find_element(selector).expect(selector).click().expect(selector);
    }

    /// Every name with its numbers, as the page computes them.
    pub(crate) fn numbers(&self) -> Numbers {
        parsed(&self.text(NUMBERS))
    }

    /// What a screen reader is given: the accessibility tree.
    pub(crate) fn tree(&self) -> Vec<Value> {
        let tree = self.tab.call_method(Tree {}).expect("the accessibility tree");
        tree["nodes"].as_array().expect("nodes").clone()
    }

    /// Has the page believe that a person prefers reduced motion, or has no preference.
    pub(crate) fn prefer(&self, motion: &str) {
        let name = "prefers-reduced-motion".to_owned();
        let feature = Emulation::MediaFeature { name, value: motion.to_owned() };
        let media = Emulation::SetEmulatedMedia { media: None, features: Some(vec![feature]) };
        self.tab.call_method(media).expect("a preference");
    }

    /// Nothing was said, and nothing asked for but the page.
    pub(crate) fn is_quiet(&self) {
        let said = self.said.lock().expect("one at a time");
        let others: Vec<_> = said.iter().filter(|words| !words.starts_with("file://")).collect();
        assert!(others.is_empty(), "{others:?}");
        assert!(said.len() <= 1, "{said:?}");
    }
}
