//! Aligns TAB-separated cells in columns.
//!
//! Models Go's `text/tabwriter` as kubectl uses it: blanks for padding, no flags but the one that
//! remembers widths from print to print.

/// Aligns TAB-terminated cells: a column is a run of consecutive lines that have a cell there; its
/// width is the widest cell and `padding`, at least `min_width` (both in characters).
/// Text after a line's last TAB is not a cell and is never padded.
pub fn align(text: &str, min_width: usize, padding: usize) -> String {
    TabWriter::new(min_width, padding).align(text)
}

/// A tab writer that remembers the widths of its columns from one text to the next.
#[derive(Clone, Debug)]
pub struct TabWriter {
    min_width: usize,
    padding: usize,
    remembered: Option<Vec<usize>>,
}

impl TabWriter {
    /// Every text is aligned for itself.
    pub fn new(min_width: usize, padding: usize) -> Self {
        Self { min_width, padding, remembered: None }
    }

    /// A column never becomes narrower than it has been.
    pub fn remembering(min_width: usize, padding: usize) -> Self {
        Self { min_width, padding, remembered: Some(Vec::new()) }
    }

    /// Aligns one text. A last line without a newline stays without.
    pub fn align(&mut self, text: &str) -> String {
        let lines = Lines::new(text);
        let mut out = String::with_capacity(text.len() * 2);
        self.format(&lines, 0, lines.count(), &mut Vec::new(), &mut out);
        out
    }

    /// Writes the lines `from..to`, of which the widths of the first columns are known.
    fn format(
        &mut self,
        lines: &Lines<'_>,
        mut from: usize,
        to: usize,
        widths: &mut Vec<usize>,
        out: &mut String,
    ) {
        let column = widths.len();
        let has_cell = |line: usize| column + 1 < lines.cells(line).len();
        let mut this = from;
        while this < to {
            if !has_cell(this) {
                this += 1;
                continue;
            }
            lines.write(from, this, widths, out);
            from = this;
            let mut width = self.min_width;
            while this < to && has_cell(this) {
                width = width.max(lines.cells(this)[column].width + self.padding);
                this += 1;
            }
            widths.push(self.remember(column, width));
            self.format(lines, from, this, widths, out);
            widths.pop();
            from = this;
        }
        lines.write(from, to, widths, out);
    }

    fn remember(&mut self, column: usize, width: usize) -> usize {
        let Some(remembered) = &mut self.remembered else { return width };
        if remembered.len() <= column {
            remembered.resize(column + 1, 0);
        }
        remembered[column] = remembered[column].max(width);
        remembered[column]
    }
}

struct Cell<'a> {
    text: &'a str,
    /// In characters.
    width: usize,
}

/// The cells of all lines, one after another.
struct Lines<'a> {
    cells: Vec<Cell<'a>>,
    /// Where each line begins among the cells, and where the last one ends.
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        let (mut cells, mut starts) = (Vec::new(), vec![0]);
        let mut push = |text: &'a str| {
            let width = if text.is_ascii() { text.len() } else { text.chars().count() };
            cells.push(Cell { text, width });
            cells.len()
        };
        let mut start = 0;
        for (at, byte) in text.bytes().enumerate() {
            if matches!(byte, b'\t' | b'\x0b' | b'\n' | b'\x0c') {
                let count = push(&text[start..at]);
                start = at + 1;
                if matches!(byte, b'\n' | b'\x0c') {
                    starts.push(count);
                }
            }
        }
        let count = push(&text[start..]);
        starts.push(count);
        Self { cells, starts }
    }

    fn count(&self) -> usize {
        self.starts.len() - 1
    }

    fn cells(&self, line: usize) -> &[Cell<'a>] {
        &self.cells[self.starts[line]..self.starts[line + 1]]
    }

    fn write(&self, from: usize, to: usize, widths: &[usize], out: &mut String) {
        for line in from..to {
            for (column, cell) in self.cells(line).iter().enumerate() {
                out.push_str(cell.text);
                if let Some(width) = widths.get(column) {
                    pad(out, width.saturating_sub(cell.width));
                }
            }
            if line + 1 < self.count() {
                out.push('\n');
            }
        }
    }
}

fn pad(out: &mut String, mut blanks: usize) {
    const BLANKS: &str = "                                ";
    while blanks > 0 {
        let some = blanks.min(BLANKS.len());
        out.push_str(&BLANKS[..some]);
        blanks -= some;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(text: &str, expected: Expect) {
        expected.assert_eq(&align(text, 0, 2));
    }

    #[test]
    fn a_line_without_a_tab_ends_a_block() {
        check(
            "Name:\tweb\nNamespace:\tdefault\nContainers:\n  web:\n    Image:\tx\n    A:\n",
            expect![[r#"
                Name:       web
                Namespace:  default
                Containers:
                  web:
                    Image:  x
                    A:
            "#]],
        );
    }

    #[test]
    fn inner_columns_have_their_own_blocks() {
        check(
            "a\tbbbb\tc\nlonger\tb\nx\ty\tz\nx\tyyy\tz\n",
            expect![[r#"
                a       bbbb  c
                longer  b
                x       y    z
                x       yyy  z
            "#]],
        );
    }

    #[test]
    fn widths_are_remembered() {
        let mut writer = TabWriter::remembering(6, 3);
        assert_eq!(writer.align("NAME\tAGE\nlong-name\t1s\n"), "NAME        AGE\nlong-name   1s\n");
        assert_eq!(writer.align("a\t2s\n"), "a           2s\n");
    }
}
