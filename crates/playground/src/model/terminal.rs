//! The terminal's prompt: what is typed, what was typed before, and what Tab offers.

use rollscope_kubectl::Completion;

/// The prompt.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prompt {
    /// What stands in it.
    pub line: String,
    /// Commands entered before, oldest first.
    history: Vec<String>,
    /// Which of them is shown, counted from the end; 0 is the line being written.
    back: usize,
    /// The line being written while an earlier one is shown.
    draft: String,
    /// Ways to go on, while they are offered.
    pub offers: Vec<Completion>,
    /// Which of them is chosen.
    pub chosen: usize,
}

/// Most commands that are remembered.
const HISTORY_MAX: usize = 500;
/// Most offers that are shown.
const OFFERS_MAX: usize = 60;

impl Prompt {
    /// Something was typed.
    pub fn edit(&mut self, line: String) {
        self.line = line;
        self.back = 0;
        self.offers.clear();
    }

    /// Takes the line out and remembers it. `None` if there is nothing in it.
    pub fn enter(&mut self) -> Option<String> {
        let line = std::mem::take(&mut self.line).trim().to_owned();
        self.back = 0;
        self.offers.clear();
        if line.is_empty() {
            return None;
        }
        self.remember(&line);
        Some(line)
    }

    /// Remembers a command, also one that a button stood for.
    pub fn remember(&mut self, line: &str) {
        if self.history.last().is_none_or(|last| last != line) {
            self.history.push(line.to_owned());
        }
        if self.history.len() > HISTORY_MAX {
            self.history.remove(0);
        }
    }

    /// Commands entered before, oldest first.
    pub fn history(&self) -> &[String] {
        &self.history
    }

    /// Remembers commands of an earlier visit.
    pub fn remember_all(&mut self, lines: Vec<String>) {
        self.history = lines;
        self.history.truncate(HISTORY_MAX);
    }

    /// To an earlier command, or to a later one, or among the offers.
    pub fn go(&mut self, earlier: bool) {
        if !self.offers.is_empty() {
            let count = self.offers.len();
            let step = if earlier { count - 1 } else { 1 };
            self.chosen = (self.chosen + step) % count;
            return;
        }
        if self.back == 0 {
            self.draft = self.line.clone();
        }
        self.back = match earlier {
            true => (self.back + 1).min(self.history.len()),
            false => self.back.saturating_sub(1),
        };
        self.line = match self.back {
            0 => self.draft.clone(),
            back => self.history[self.history.len() - back].clone(),
        };
    }

    /// Tab: goes on as far as all ways agree; offers them where they part.
    pub fn complete(&mut self, mut ways: Vec<Completion>) {
        if let Some(offer) = self.offers.get(self.chosen).cloned() {
            self.accept(&offer);
            return;
        }
        ways.truncate(OFFERS_MAX);
        match ways.as_slice() {
            [] => {}
            [one] => self.accept(&one.clone()),
            [first, ..] => {
                let common = common_start(&ways);
                let typed = self.line.get(first.start..).unwrap_or_default();
                if common.len() > typed.len() && ways.iter().all(|way| way.start == first.start) {
                    self.put(first.start, &common);
                }
                self.offers = ways;
                self.chosen = 0;
            }
        }
    }

    /// Takes an offer.
    pub fn accept(&mut self, offer: &Completion) {
        self.put(offer.start, &offer.text);
        // A flag that wants its value, or half a path, is gone on with at once.
        if !offer.text.ends_with(['=', '/', ' ']) {
            self.line.push(' ');
        }
        self.offers.clear();
    }

    fn put(&mut self, start: usize, text: &str) {
        if self.line.is_char_boundary(start) && start <= self.line.len() {
            self.line.truncate(start);
            self.line.push_str(text);
        }
    }
}

fn common_start(ways: &[Completion]) -> String {
    let mut common = ways.first().map(|way| way.text.clone()).unwrap_or_default();
    for way in ways {
        let length = common.chars().zip(way.text.chars()).take_while(|(a, b)| a == b).count();
        common = common.chars().take(length).collect();
    }
    common
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(text: &str, start: usize) -> Completion {
        Completion { text: text.into(), start, note: String::new() }
    }

    #[test]
    fn tab_goes_on_as_far_as_all_agree() {
        let mut prompt = Prompt::default();
        prompt.edit("rollout s".into());
        prompt.complete(vec![way("status", 8)]);
        assert_eq!(prompt.line, "rollout status ");
        prompt.edit("rollout re".into());
        prompt.complete(vec![way("restart", 8), way("resume", 8)]);
        assert_eq!((prompt.line.as_str(), prompt.offers.len()), ("rollout res", 2));
        prompt.go(false);
        prompt.complete(Vec::new());
        assert_eq!((prompt.line.as_str(), prompt.offers.len()), ("rollout resume ", 0));
    }

    #[test]
    fn earlier_commands_and_back_to_the_draft() {
        let mut prompt = Prompt::default();
        for line in ["get pods", "get rs"] {
            prompt.edit(line.into());
            assert_eq!(prompt.enter().as_deref(), Some(line));
        }
        prompt.edit("dra".into());
        let mut shown = Vec::new();
        for earlier in [true, true, true, false, false] {
            prompt.go(earlier);
            shown.push(prompt.line.clone());
        }
        assert_eq!(shown, ["get rs", "get pods", "get pods", "get rs", "dra"]);
        prompt.edit("  ".into());
        assert_eq!(prompt.enter(), None);
    }
}
