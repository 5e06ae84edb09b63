//! Pictures of the example sheets, as they were, and with an arrow for each use.

mod common;

use common::{printed, run};
use expect_test::expect_file;

#[test]
fn the_example_is_drawn_as_it_was() {
    let sheet = common::sheet("backprop.ws");
    let golden = |format: &str| printed(&["graph", &sheet, "--format", format], "");
    expect_file!["golden/graph/backprop.svg"].assert_eq(&golden("svg"));
    expect_file!["golden/graph/backprop.dot"].assert_eq(&golden("dot"));
    expect_file!["golden/graph/backprop.mmd"].assert_eq(&golden("mermaid"));
    let pale = printed(&["graph", &sheet, "--wrt", "w1"], "");
    expect_file!["golden/graph/backprop-w1.svg"].assert_eq(&pale);
}

const TWICE: &str = "x = 3\ny = x + x\nz = y*x - max(x, 2*y)\n";

#[test]
fn every_use_is_an_arrow() {
    let dot = printed(&["graph", "-", "--format", "dot"], TWICE);
    assert_eq!(dot.matches("q0 -> q1").count(), 2, "{dot}");
    assert_eq!(dot.matches("q0 -> q2").count(), 2, "{dot}");
    assert_eq!(dot.matches("q1 -> q2").count(), 2, "{dot}");
    let mermaid = printed(&["graph", "-", "--format", "mermaid"], TWICE);
    assert_eq!(mermaid.matches("| q2").count(), 4, "{mermaid}");
    let svg = printed(&["graph", "-", "--format", "svg"], TWICE);
    assert_eq!(svg.matches("<path").count(), 6, "{svg}");
    assert_eq!(svg.matches("marker-end").count(), 6, "{svg}");
}

#[test]
fn sign_and_size_are_in_colour_and_width_and_in_a_number() {
    let svg = printed(&["graph", "-"], "x = 3\ny = -2*x\nz = y + 8*x\n");
    // dz/dx by way of y is -2, and directly 8: half as wide beyond the thinnest line.
    for part in
        ["class=\"m\" data-e=", "stroke-width=\"3.50\"", "stroke-width=\"6.00\"", ">-2<", ">+8<"]
    {
        assert!(svg.contains(part), "no {part} in {svg}");
    }
    let max = printed(&["graph", "-", "--format", "dot"], TWICE);
    assert!(max.contains("not taken"), "{max}");
}

/// What a browser needs to take it for an image: well-formed, and every reference in it there.
#[test]
fn names_cannot_break_a_picture() {
    let sheet = "σ_1 = 3\ny' = σ_1^2\n";
    for format in ["svg", "dot", "mermaid"] {
        let text = printed(&["graph", "-", "--format", format], sheet);
        assert!(text.contains("σ1") && text.contains("y'"), "{text}");
    }
    let output = run(&["graph", "-", "--of", "w"], sheet);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_large_sheet_is_drawn_or_refused() {
    let sheet = |quantities: usize| {
        let mut sheet = String::from("x0 = 0.5\n");
        for k in 1..quantities {
            sheet += &format!("x{k} = sin(x{}) + x{}\n", k - 1, (k - 1) / 4 * 4);
        }
        sheet
    };
    let svg = printed(&["graph", "-"], &sheet(200));
    assert_eq!(svg.matches("<path").count(), 398);
    let refused = run(&["graph", "-"], &sheet(2000));
    assert_eq!(refused.status.code(), Some(2));
    let errors = String::from_utf8_lossy(&refused.stderr);
    assert!(errors.contains("2000 quantities and their arrows are too many"), "{errors}");
    assert!(printed(&["graph", "-", "--format", "dot"], &sheet(2000)).contains("q1998 -> q1999"));
}
