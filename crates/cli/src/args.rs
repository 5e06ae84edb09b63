//! What may be written on the command line.
//! It must not do anything.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum, builder::PossibleValuesParser};
use wengert_worksheet::explain;

/// Checks hand-worked derivations, and differentiates worksheets.
#[derive(Debug, Parser)]
#[command(name = "wengert", version, arg_required_else_help = true)]
#[command(after_help = "Exit status of `check`: 0 nothing wrong, 1 slips, 2 could not read.")]
pub(crate) struct Args {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Judge every number of a worksheet, and name the slips
    Check(Check),
    /// Print the gradient of a quantity of a worksheet
    Grad(Grad),
    /// Write out how a derivative comes about, step by step
    Explain(Explain),
    /// Draw quantities, values and derivatives
    Graph(Graph),
    /// Write a page to step through and to play with, as one HTML file
    Page(Page),
    /// List the functions that an expression may call
    Ops(Ops),
    /// Write a commented worksheet to begin from
    New(New),
    /// Lay a worksheet out evenly
    Fmt(Fmt),
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the man page, or that of one command
    Man {
        /// The command
        command: Option<String>,
    },
}

/// How a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Messages with the lines that they are about
    Human,
    /// One JSON object a file
    Json,
    /// One line a message
    Short,
    /// A SARIF 2.1.0 log, for code scanners
    Sarif,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colour {
    /// Where a terminal wants it
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// What is read beside the page.
#[derive(Debug, clap::Args)]
pub(crate) struct Beside {
    /// A statement, or @FILE with statements, read first and outranking the page's formulas
    #[arg(long, value_name = "STATEMENT|@FILE")]
    pub(crate) given: Vec<String>,
    /// Two spellings of one quantity, or of one derivative
    #[arg(long, value_name = "A=B")]
    pub(crate) alias: Vec<String>,
}

/// `wengert check`
#[derive(Debug, clap::Args)]
pub(crate) struct Check {
    /// Worksheets, or Markdown pages; `-` is standard input
    #[arg(value_name = "FILE", required_unless_present = "explain")]
    pub(crate) files: Vec<PathBuf>,
    /// Judge against the truth alone, not the author's own numbers
    #[arg(long)]
    pub(crate) absolute: bool,
    /// How the report is written
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) beside: Beside,
    /// Say what a code in a message means
    #[arg(long, value_name = "CODE", value_parser = PossibleValuesParser::new(explain::codes()), hide_possible_values = true)]
    pub(crate) explain: Option<String>,
    /// Check again whenever a file is saved
    #[arg(long)]
    pub(crate) watch: bool,
    /// When to use colour
    #[arg(long, value_enum, default_value_t = Colour::Auto)]
    pub(crate) color: Colour,
}

/// How a gradient is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum GradFormat {
    /// A line for each derivative
    Text,
    /// One JSON object a file
    Json,
}

/// `wengert grad`
#[derive(Debug, clap::Args)]
pub(crate) struct Grad {
    /// Worksheets, or Markdown pages; `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// What to differentiate; else the last quantity that a formula defines
    #[arg(long, value_name = "NAME")]
    pub(crate) of: Option<String>,
    /// By what; else by all givens
    #[arg(long, value_name = "a,b", value_delimiter = ',')]
    pub(crate) wrt: Vec<String>,
    /// How it is written
    #[arg(long, value_enum, default_value_t = GradFormat::Text)]
    pub(crate) format: GradFormat,
    #[command(flatten)]
    pub(crate) beside: Beside,
}

/// The derivation that is written out, drawn or made a page of.
#[derive(Debug, clap::Args)]
pub(crate) struct Subject {
    /// A worksheet, or a Markdown page; `-` is standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// What to differentiate; else what the sheet differentiates most, or its last formula
    #[arg(long, value_name = "NAME")]
    pub(crate) of: Option<String>,
}

/// How a derivation is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExplainFormat {
    /// A worksheet with comments
    Text,
    /// Markdown with formulas between dollar signs
    Markdown,
    /// A LaTeX document
    Latex,
}

/// `wengert explain`
#[derive(Debug, clap::Args)]
pub(crate) struct Explain {
    #[command(flatten)]
    pub(crate) subject: Subject,
    /// By what, each written out in full; else by all givens, step by step only
    #[arg(long, value_name = "a,b", value_delimiter = ',')]
    pub(crate) wrt: Vec<String>,
    /// Show every operation inside a formula as a step of its own, so that all paths are seen
    #[arg(long)]
    pub(crate) expand: bool,
    /// How it is written
    #[arg(long, value_enum, default_value_t = ExplainFormat::Text)]
    pub(crate) format: ExplainFormat,
    #[command(flatten)]
    pub(crate) beside: Beside,
}

/// How a picture is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum GraphFormat {
    /// An image for browsers and printers
    Svg,
    /// The language of Graphviz
    Dot,
    /// A flowchart for Markdown viewers
    Mermaid,
}

/// `wengert graph`
#[derive(Debug, clap::Args)]
pub(crate) struct Graph {
    #[command(flatten)]
    pub(crate) subject: Subject,
    /// By what: the rest is drawn pale
    #[arg(long, value_name = "a,b", value_delimiter = ',')]
    pub(crate) wrt: Vec<String>,
    /// How it is written
    #[arg(long, value_enum, default_value_t = GraphFormat::Svg)]
    pub(crate) format: GraphFormat,
    #[command(flatten)]
    pub(crate) beside: Beside,
}

/// `wengert page`
#[derive(Debug, clap::Args)]
pub(crate) struct Page {
    #[command(flatten)]
    pub(crate) subject: Subject,
    /// The file to write; standard output without it
    #[arg(short, long, value_name = "HTML")]
    pub(crate) output: Option<PathBuf>,
    /// The title; else the comment that the sheet begins with, or the name of the file
    #[arg(long)]
    pub(crate) title: Option<String>,
    #[command(flatten)]
    pub(crate) beside: Beside,
}

/// `wengert ops`
#[derive(Debug, clap::Args)]
pub(crate) struct Ops {
    /// Only those whose name or alias holds this
    pub(crate) filter: Option<String>,
}

/// `wengert new`
#[derive(Debug, clap::Args)]
pub(crate) struct New {
    /// The file to write; standard output without it. A file that exists is left alone
    pub(crate) file: Option<PathBuf>,
}

/// `wengert fmt`
#[derive(Debug, clap::Args)]
pub(crate) struct Fmt {
    /// Worksheets, or Markdown pages with worksheet fences; `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// Change nothing; exit with 1 if something would change
    #[arg(long)]
    pub(crate) check: bool,
}
