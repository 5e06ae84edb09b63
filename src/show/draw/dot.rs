//! A picture in the language of Graphviz. It must not know what is drawn.

use super::{Picture, Quantity};

pub(super) fn render(picture: &Picture) -> String {
    let mut text = format!("digraph {} {{\n", quoted(&picture.title));
    text += "  rankdir=LR\n";
    text += "  node [shape=box, style=rounded, fontname=\"Helvetica\", fontsize=11]\n";
    text += "  edge [fontname=\"Helvetica\", fontsize=10, arrowsize=0.7]\n";
    for (k, quantity) in picture.boxes.iter().enumerate() {
        text += &format!("  q{k} [label={}{}]\n", quoted(&lines(quantity)), kind(quantity));
    }
    for arrow in &picture.arrows {
        let style = if arrow.asked { "" } else { ", style=dashed" };
        text += &format!(
            "  q{} -> q{} [label={}, tooltip={}, color=\"{}\", penwidth={:.2}{style}]\n",
            arrow.from,
            arrow.to,
            quoted(&format!(" {} ", arrow.label)),
            quoted(&arrow.reason),
            arrow.colour,
            arrow.width,
        );
    }
    text + "}\n"
}

/// Name, value and derivative, one below the other.
fn lines(quantity: &Quantity) -> String {
    let value = format!("{} = {}", quantity.name, quantity.value);
    match &quantity.slope {
        None => value,
        Some((name, slope)) => format!("{value}\n{name} = {slope}"),
    }
}

fn kind(quantity: &Quantity) -> &'static str {
    match quantity {
        Quantity { is_output: true, .. } => ", penwidth=2.5",
        Quantity { is_input: true, .. } => ", style=\"rounded,filled\", fillcolor=\"#eef1f5\"",
        _ => "",
    }
}

/// A string of the language.
fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    format!("\"{escaped}\"")
}
