//! Laying a sheet out evenly: what `wengert fmt` does.
//! It must change nothing but white space.

/// The widest name that others are aligned with.
const WIDEST_NAME: usize = 24;

/// Lays out a sheet in the worksheet language: one blank around `=`, the first of each block in one
/// column, comments behind statements in one column.
///
/// ```
/// use wengert_worksheet::layout::layout;
/// assert_eq!(layout("x=1\nlong  =  2*x# twice\n"), "x    = 1\nlong = 2*x  # twice\n");
/// ```
pub fn layout(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut block: Vec<Row> = Vec::new();
    for line in text.lines() {
        match Row::new(line) {
            Some(row) => block.push(row),
            None => {
                write_block(&mut block, &mut out);
                out.push_str(line.trim_end());
                out.push('\n');
            }
        }
    }
    write_block(&mut block, &mut out);
    out
}

/// Lays out the `worksheet` fences of a Markdown page, and nothing else.
pub fn layout_fences(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut fence: Option<(String, String)> = None;
    for line in text.split_inclusive('\n') {
        let bare = line.trim();
        match &mut fence {
            Some((close, inside)) if bare == *close => {
                out.push_str(&layout(inside));
                out.push_str(line);
                fence = None;
            }
            Some((_, inside)) => inside.push_str(line),
            None => {
                out.push_str(line);
                let mark = bare.trim_end_matches("worksheet");
                let opens = mark.len() >= 3 && bare.len() > mark.len();
                if opens && (mark.bytes().all(|b| b == b'`') || mark.bytes().all(|b| b == b'~')) {
                    fence = Some((mark.to_owned(), String::new()));
                }
            }
        }
    }
    if let Some((_, inside)) = fence {
        out.push_str(&inside);
    }
    out
}

/// A line with a statement on it.
struct Row {
    head: String,
    rest: String,
    comment: Option<String>,
}

impl Row {
    fn new(line: &str) -> Option<Self> {
        let (code, comment) = match line.find('#') {
            Some(at) => (&line[..at], Some(line[at..].trim_end().to_owned())),
            None => (line, None),
        };
        let at = code.find(['=', '~', '≈'])?;
        let head = squeeze(&code[..at]);
        (!head.is_empty()).then(|| Self { head, rest: links(&code[at..]), comment })
    }

    fn code(&self, width: usize) -> String {
        let pad = width.saturating_sub(self.head.chars().count());
        format!("{}{} {}", self.head, " ".repeat(pad), self.rest)
    }
}

fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Links with one blank on either side of each sign.
fn links(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '=' | '~' | '≈' => {
                out.push(' ');
                out.push(c);
                out.push(' ');
            }
            c => out.push(c),
        }
    }
    squeeze(&out)
}

fn write_block(block: &mut Vec<Row>, out: &mut String) {
    let width = |row: &Row| row.head.chars().count();
    let narrow = block.iter().map(width).filter(|w| *w <= WIDEST_NAME).max().unwrap_or(0);
    let lines: Vec<String> = block.iter().map(|row| row.code(narrow)).collect();
    let commented = lines.iter().zip(block.iter()).filter(|(_, row)| row.comment.is_some());
    let column = commented.map(|(line, _)| line.chars().count()).max().unwrap_or(0) + 2;
    for (line, row) in lines.iter().zip(block.drain(..)) {
        out.push_str(line);
        if let Some(comment) = row.comment {
            out.push_str(&" ".repeat(column - line.chars().count()));
            out.push_str(&comment);
        }
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twice_is_once() {
        let once =
            layout("# a sheet\n\nx1=0.05\nw1   = 0.15   # given\n z1 = w1*x1=0.0075\n  = 0.01\n");
        assert_eq!(
            once,
            "# a sheet\n\nx1 = 0.05\nw1 = 0.15  # given\nz1 = w1*x1 = 0.0075\n  = 0.01\n"
        );
        assert_eq!(layout(&once), once);
    }

    #[test]
    fn only_fences_of_a_page_are_laid_out() {
        let page = "a  =  1\n```worksheet\nx=1\n```\nb  =  2\n";
        assert_eq!(layout_fences(page), "a  =  1\n```worksheet\nx = 1\n```\nb  =  2\n");
    }
}
