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
        let lines: Vec<Vec<Cell<'_>>> = text
            .split(['\n', '\u{c}'])
            .map(|line| line.split(['\t', '\u{b}']).map(Cell::new).collect())
            .collect();
        let mut out = String::with_capacity(text.len() * 3 / 2);
        let count = lines.len();
        self.format(&lines, 0, count, &mut Vec::new(), &mut out);
        out
    }

    /// Writes the lines `from..to`, of which the widths of the first columns are known.
    fn format(
        &mut self,
        lines: &[Vec<Cell<'_>>],
        mut from: usize,
        to: usize,
        widths: &mut Vec<usize>,
        out: &mut String,
    ) {
        let column = widths.len();
        let has_cell = |line: &Vec<Cell<'_>>| column + 1 < line.len();
        let mut this = from;
        while this < to {
            if !has_cell(&lines[this]) {
                this += 1;
                continue;
            }
            write_lines(lines, from, this, widths, out);
            from = this;
            let mut width = self.min_width;
            while this < to && has_cell(&lines[this]) {
                width = width.max(lines[this][column].width + self.padding);
                this += 1;
            }
            widths.push(self.remember(column, width));
            self.format(lines, from, this, widths, out);
            widths.pop();
            from = this;
        }
        write_lines(lines, from, to, widths, out);
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

impl<'a> Cell<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, width: text.chars().count() }
    }
}

fn write_lines(
    lines: &[Vec<Cell<'_>>],
    from: usize,
    to: usize,
    widths: &[usize],
    out: &mut String,
) {
    for (index, line) in lines.iter().enumerate().take(to).skip(from) {
        for (column, cell) in line.iter().enumerate() {
            out.push_str(cell.text);
            if let Some(width) = widths.get(column) {
                out.extend(std::iter::repeat_n(' ', width.saturating_sub(cell.width)));
            }
        }
        if index + 1 < lines.len() {
            out.push('\n');
        }
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
