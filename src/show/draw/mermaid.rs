//! A picture as a Mermaid flowchart. It must not know what is drawn.

use super::{Picture, Quantity};

pub(super) fn render(picture: &Picture) -> String {
    let mut text = String::from("flowchart LR\n");
    text += &format!("  accTitle: {}\n", escaped(&picture.title));
    for (k, quantity) in picture.boxes.iter().enumerate() {
        let (open, close) = match quantity.is_input {
            true => ("([", "])"),
            false => ("[", "]"),
        };
        text += &format!("  q{k}{open}\"{}\"{close}\n", lines(quantity));
    }
    for arrow in &picture.arrows {
        let line = if arrow.asked { "-->" } else { "-.->" };
        text += &format!("  q{} {line}|\"{}\"| q{}\n", arrow.from, escaped(&arrow.label), arrow.to);
    }
    for (k, arrow) in picture.arrows.iter().enumerate() {
        let (colour, width) = (arrow.colour, arrow.width);
        text += &format!("  linkStyle {k} stroke:{colour},stroke-width:{width:.2}px\n");
    }
    text
}

fn lines(quantity: &Quantity) -> String {
    let value = format!("<b>{}</b> = {}", escaped(&quantity.name), escaped(&quantity.value));
    match &quantity.slope {
        None => value,
        Some((name, slope)) => format!("{value}<br/>{} = {}", escaped(name), escaped(slope)),
    }
}

/// Text within quotes.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            '"' | '#' | '<' | '>' | '&' | ';' | '`' => escaped += &format!("#{};", c as u32),
            c => escaped.push(c),
        }
    }
    escaped
}
