//! A picture as SVG: laid out by dagre, drawn here. It must not know what is drawn.

use super::{Arrow, Picture, Quantity};
use dagre::graph::{Graph, GraphOptions};
use dagre::layout::types::LabelPos;
use dagre::{EdgeLabel, LayoutOptions, NodeLabel, Point, RankDir, layout};

/// Width of a character of the text in a box, and of a label.
const LETTER: [f64; 2] = [7.3, 6.7];
/// Height of a line of text.
const LINE: f64 = 17.0;
/// Space around everything.
const MARGIN: f64 = 16.0;

const STYLE: &str = "
svg{font:12px ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace;background:#fff;color:#1d2430}
text{fill:currentColor;text-anchor:middle}
.n{font-weight:700}.v,.s{font-weight:400}.l{font-size:11px}
rect{fill:#fff;stroke:#5b6572;stroke-width:1.2}.i rect{fill:#eef1f5}.o rect{stroke-width:2.6}
path{fill:none}.g{fill:#fff}
.rest text{opacity:.5}path.rest,.rest rect{stroke-opacity:.45}
.p{stroke:#1f6fb4;fill:#1f6fb4}.m{stroke:#c2500f;fill:#c2500f}.z{stroke:#8a8f98;fill:#8a8f98}
path.p,path.m,path.z{fill:none}text.p,text.m,text.z{stroke:none}
.dash{stroke-dasharray:4 4}
@media(prefers-color-scheme:dark){svg{background:#14171c;color:#e3e7ee}
rect{fill:#1c2129;stroke:#8d97a5}.i rect{fill:#262d37}.g{fill:#14171c}
.p{stroke:#6cb2f2;fill:#6cb2f2}.m{stroke:#f29a5c;fill:#f29a5c}path.p,path.m,path.z{fill:none}}
";

pub(super) fn render(picture: &Picture) -> String {
    let graph = placed(picture);
    let corner = corner(picture, &graph);
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 {:.0} {:.0}\" \
         width=\"{:.0}\" height=\"{:.0}\">\n<title>{}</title>\n<style>{STYLE}</style>\n{MARKERS}",
        corner.x,
        corner.y,
        corner.x,
        corner.y,
        escaped(&picture.title),
    );
    let arrows = picture.arrows.iter().enumerate();
    let routes: Vec<Route<'_>> = arrows.map(|(k, arrow)| route(&graph, k, arrow)).collect();
    routes.iter().for_each(|route| text += &route.line());
    for (k, quantity) in picture.boxes.iter().enumerate() {
        text += &boxed(&graph, k, quantity);
    }
    routes.iter().for_each(|route| text += &route.label());
    text + "</svg>\n"
}

const MARKERS: &str = concat!(
    "<defs>",
    "<marker id=\"ap\" markerWidth=\"9\" markerHeight=\"8\" refX=\"8\" refY=\"4\" orient=\"auto\" ",
    "markerUnits=\"userSpaceOnUse\"><polygon class=\"p\" points=\"0,0 9,4 0,8\"/></marker>",
    "<marker id=\"am\" markerWidth=\"9\" markerHeight=\"8\" refX=\"8\" refY=\"4\" orient=\"auto\" ",
    "markerUnits=\"userSpaceOnUse\"><polygon class=\"m\" points=\"0,0 9,4 0,8\"/></marker>",
    "<marker id=\"az\" markerWidth=\"9\" markerHeight=\"8\" refX=\"8\" refY=\"4\" orient=\"auto\" ",
    "markerUnits=\"userSpaceOnUse\"><polygon class=\"z\" points=\"0,0 9,4 0,8\"/></marker>",
    "</defs>\n",
);

/// The lines of text in a box, each with its class.
fn lines(quantity: &Quantity) -> Vec<(&'static str, String)> {
    let mut lines = vec![("n", quantity.name.clone()), ("v", quantity.value.clone())];
    if let Some((name, slope)) = &quantity.slope {
        lines.push((sign(slope), format!("{name} {slope}")));
    }
    lines
}

/// The class of a number, by its sign.
fn sign(number: &str) -> &'static str {
    match number.chars().next() {
        Some('+') => "p",
        Some('-') => "m",
        _ => "z",
    }
}

fn id(k: usize) -> String {
    format!("q{k}")
}

/// Where everything stands.
fn placed(picture: &Picture) -> Graph<NodeLabel, EdgeLabel> {
    let options = GraphOptions { directed: true, multigraph: true, compound: false };
    let mut graph = Graph::with_options(options);
    for (k, quantity) in picture.boxes.iter().enumerate() {
        let lines = lines(quantity);
        let longest = lines.iter().map(|(_, line)| line.chars().count()).max().unwrap_or(0);
        let width = longest as f64 * LETTER[0] + 18.0;
        let height = lines.len() as f64 * LINE + 9.0;
        graph.set_node(id(k), Some(NodeLabel { width, height, ..NodeLabel::default() }));
    }
    for (k, arrow) in picture.arrows.iter().enumerate() {
        let width = arrow.label.chars().count() as f64 * LETTER[1] + 4.0;
        let labelpos = LabelPos::Center;
        let label = EdgeLabel { width, height: LINE, labelpos, ..EdgeLabel::default() };
        graph.set_edge(id(arrow.from), id(arrow.to), Some(label), Some(&id(k)));
    }
    let options = LayoutOptions {
        rankdir: RankDir::LR,
        nodesep: 16.0,
        edgesep: 10.0,
        ranksep: 22.0,
        marginx: MARGIN,
        marginy: MARGIN,
        ..LayoutOptions::default()
    };
    layout(&mut graph, Some(options));
    graph
}

/// The far corner of the picture.
fn corner(picture: &Picture, graph: &Graph<NodeLabel, EdgeLabel>) -> Point {
    let mut corner = Point { x: 0.0, y: 0.0 };
    let mut reach = |x: f64, y: f64| {
        corner = Point { x: corner.x.max(x + MARGIN), y: corner.y.max(y + MARGIN) };
    };
    for k in 0..picture.boxes.len() {
        let NodeLabel { width, height, x, y, .. } = node(graph, k);
        let at = position(*x, *y);
        reach(at.x + width / 2.0, at.y + height / 2.0);
    }
    for (k, arrow) in picture.arrows.iter().enumerate() {
        let route = route(graph, k, arrow);
        route.points.iter().for_each(|point| reach(point.x, point.y));
        reach(route.at.x + route.width / 2.0, route.at.y + LINE / 2.0);
    }
    corner
}

fn node(graph: &Graph<NodeLabel, EdgeLabel>, k: usize) -> &NodeLabel {
    graph.node(&id(k)).expect("every quantity was placed")
}

/// Where the layout has put something: it leaves nothing out.
fn position(x: Option<f64>, y: Option<f64>) -> Point {
    let (x, y) = x.zip(y).expect("everything was placed");
    Point { x, y }
}

fn boxed(graph: &Graph<NodeLabel, EdgeLabel>, k: usize, quantity: &Quantity) -> String {
    let NodeLabel { width, height, x, y, .. } = node(graph, k);
    let Point { x, y } = position(*x, *y);
    let (left, top) = (x - width / 2.0, y - height / 2.0);
    let class = match quantity {
        Quantity { is_output: true, .. } => "o",
        Quantity { is_input: true, .. } => "i",
        _ => "q",
    };
    let rest = if quantity.asked { "" } else { " rest" };
    let slope = match &quantity.slope {
        Some((name, slope)) => format!("; {name} = {slope}"),
        None => String::new(),
    };
    let mut text = format!(
        "<g class=\"{class}{rest}\" data-q=\"{k}\"><title>{} = {}{}</title>\
         <rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"7\"/>",
        escaped(&quantity.name),
        escaped(&quantity.value),
        escaped(&slope),
    );
    for (line, (class, words)) in lines(quantity).iter().enumerate() {
        let y = top + LINE * (line as f64 + 1.0);
        let words = escaped(words);
        text += &format!("<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\">{words}</text>");
    }
    text + "</g>\n"
}

/// An arrow with its way.
struct Route<'a> {
    number: usize,
    arrow: &'a Arrow,
    points: Vec<Point>,
    at: Point,
    width: f64,
}

fn route<'a>(graph: &Graph<NodeLabel, EdgeLabel>, k: usize, arrow: &'a Arrow) -> Route<'a> {
    let edge = graph.edge(&id(arrow.from), &id(arrow.to), Some(&id(k)));
    let edge = edge.expect("every arrow was placed");
    let at = position(edge.x, edge.y);
    Route { number: k, arrow, points: edge.points.clone(), at, width: edge.width }
}

impl Route<'_> {
    fn class(&self) -> &'static str {
        if self.arrow.asked { sign(&self.arrow.label) } else { "z" }
    }

    /// The line: a smooth curve through all points, of which one is where the label stands.
    fn line(&self) -> String {
        let points = &self.points;
        let Some(first) = points.first() else { return String::new() };
        let last = points.len() - 1;
        // Where the curve is heading: from the point before to the point after.
        let heading = |k: usize| {
            let (before, after) = (&points[k.saturating_sub(1)], &points[(k + 1).min(last)]);
            let (x, y) = (after.x - before.x, after.y - before.y);
            let length = (x * x + y * y).sqrt().max(1e-9);
            (x / length, y / length)
        };
        let mut way = format!("M{:.1},{:.1}", first.x, first.y);
        for k in 0..last {
            let (from, to, leave, arrive) =
                (&points[k], &points[k + 1], heading(k), heading(k + 1));
            let (x, y) = (to.x - from.x, to.y - from.y);
            let third = (x * x + y * y).sqrt() / 3.0;
            way += &format!(
                "C{:.1},{:.1} {:.1},{:.1} {:.1},{:.1}",
                from.x + third * leave.0,
                from.y + third * leave.1,
                to.x - third * arrive.0,
                to.y - third * arrive.1,
                to.x,
                to.y,
            );
        }
        let class = self.class();
        let style = if self.arrow.asked { "" } else { " dash rest" };
        format!(
            "<path class=\"{class}{style}\" data-e=\"{}\" d=\"{way}\" stroke-width=\"{:.2}\" \
             marker-end=\"url(#a{class})\"><title>{}</title></path>\n",
            self.number,
            self.arrow.width,
            escaped(&self.arrow.reason),
        )
    }

    fn label(&self) -> String {
        let Point { x, y } = self.at;
        let rest = if self.arrow.asked { "" } else { " rest" };
        format!(
            "<g class=\"e{rest}\" data-e=\"{}\"><rect class=\"g\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" \
             height=\"13\" style=\"stroke:none\" rx=\"3\"/><text class=\"l {}\" x=\"{x:.1}\" \
             y=\"{:.1}\">{}</text></g>\n",
            self.number,
            x - self.width / 2.0,
            y - 6.5,
            self.width,
            self.class(),
            y + 4.0,
            escaped(&self.arrow.label),
        )
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
