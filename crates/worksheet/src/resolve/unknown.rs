//! Looking names up, and what is said where there is nothing to find.
//! It must not know what a statement claims.

use super::Resolver;
use crate::{
    ast::{Expr, Front, Kind},
    functions,
    names::Name,
    problem::{Code, Problem, Unread},
    source::Span,
};

impl Resolver {
    /// Turns the names of an expression into quantities; false if one is unknown, which is listed.
    pub(super) fn look_up(&mut self, expr: Expr, front: Front) -> bool {
        let mut missing = Vec::new();
        for at in expr.start as usize..expr.end as usize {
            let node = self.sheet.nodes.all[at];
            let found = match node.kind {
                Kind::Name(name) => {
                    self.names.get(&self.canonical(name)).map(|q| Kind::Quantity(*q)).ok_or(name)
                }
                Kind::Slope(of, wrt) => {
                    self.slope(of, wrt).map(|(of, wrt)| Kind::Derivative(of, wrt))
                }
                kind => Ok(kind),
            };
            match found {
                Ok(kind) => self.sheet.nodes.all[at].kind = kind,
                Err(name) if missing.iter().all(|(known, _)| *known != name) => {
                    missing.push((name, node.span));
                }
                Err(_) => {}
            }
        }
        for (name, span) in missing.iter().take(8) {
            self.unknown(*name, *span, front);
        }
        missing.is_empty()
    }

    /// The quantities of a derivative, or the name that is none.
    pub(super) fn slope(&self, of: Name, wrt: Name) -> Result<(u32, u32), Name> {
        let pair = |(of, wrt): &(Name, Name)| (self.canonical(*of), self.canonical(*wrt));
        let aliased = self.slopes.get(&(of, wrt)).map(pair);
        let (of, wrt) = aliased.unwrap_or_else(|| pair(&(of, wrt)));
        let get = |name| self.names.get(&name).copied().ok_or(name);
        Ok((get(of)?, get(wrt)?))
    }

    /// Lists a name that the sheet does not define.
    pub(super) fn unknown(&mut self, name: Name, span: Span, front: Front) {
        let text = self.sheet.names.text(name).to_owned();
        let problem = Problem::at(
            Code::UnknownName,
            span,
            format!("`{text}` is not on the sheet"),
            "no statement says what it is",
        );
        let problem = problem.help(self.advice(&text, front));
        if front == Front::Latex {
            let reason = problem.to_string();
            self.sheet.pass_over(Unread { span, reason });
        } else {
            self.sheet.problem(problem);
        }
    }

    fn advice(&self, text: &str, front: Front) -> String {
        let names = self.model.quantities.iter().map(|q| q.name.as_str());
        if let Some(near) = functions::nearest(text, names) {
            return match front {
                Front::Latex => format!("did you mean `{near}`? then --alias \"{text}={near}\""),
                _ => format!("did you mean `{near}`?"),
            };
        }
        if functions::lookup(text).is_some() {
            return format!("a function needs brackets: `{text}(...)`");
        }
        let derivative = text.strip_prefix('d').filter(|rest| !rest.is_empty());
        match (derivative, front) {
            (Some(rest), Front::Plain | Front::Given) if text.len() <= 8 => format!(
                "give it a line of its own; for a derivative, `{rest}` must be a quantity of the sheet"
            ),
            (_, Front::Latex) => {
                format!("say what it is: --given \"{text} = ...\", or --alias \"{text}=...\"")
            }
            _ => format!("give it a line of its own: `{text} = ...`"),
        }
    }
}
