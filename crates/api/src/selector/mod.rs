//! Label and field selectors.
//!
//! Models k8s.io/apimachinery/pkg/labels (selector.go), pkg/fields (selector.go) and
//! `LabelSelectorAsSelector`.

mod field;
mod parse;

use std::collections::BTreeMap;
use std::fmt;

use crate::order;

pub use field::FieldSelector;

use crate::object::LabelSelector;

/// How a requirement compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Operator {
    In,
    NotIn,
    Equals,
    DoubleEquals,
    NotEquals,
    Exists,
    DoesNotExist,
    GreaterThan,
    LessThan,
}

/// One condition on one label.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Requirement {
    pub key: String,
    pub operator: Operator,
    pub values: Vec<String>,
}

impl Requirement {
    /// Whether labels meet the condition.
    pub fn matches(&self, labels: &BTreeMap<String, String>) -> bool {
        let value = labels.get(&self.key);
        let listed = |value: &String| self.values.contains(value);
        match self.operator {
            Operator::In | Operator::Equals | Operator::DoubleEquals => value.is_some_and(listed),
            Operator::NotIn | Operator::NotEquals => !value.is_some_and(listed),
            Operator::Exists => value.is_some(),
            Operator::DoesNotExist => value.is_none(),
            Operator::GreaterThan | Operator::LessThan => {
                let number = |text: &String| text.parse::<i64>().ok();
                match (value.and_then(number), self.values.first().and_then(number)) {
                    (Some(value), Some(limit)) if self.operator == Operator::GreaterThan => {
                        value > limit
                    }
                    (Some(value), Some(limit)) => value < limit,
                    _ => false,
                }
            }
        }
    }
}

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut values: Vec<&str> = self.values.iter().map(String::as_str).collect();
        order::sort(&mut values);
        let (key, values) = (&self.key, values.join(","));
        match self.operator {
            Operator::In => write!(f, "{key} in ({values})"),
            Operator::NotIn => write!(f, "{key} notin ({values})"),
            Operator::Equals => write!(f, "{key}={values}"),
            Operator::DoubleEquals => write!(f, "{key}=={values}"),
            Operator::NotEquals => write!(f, "{key}!={values}"),
            Operator::Exists => f.write_str(key),
            Operator::DoesNotExist => write!(f, "!{key}"),
            Operator::GreaterThan => write!(f, "{key}>{values}"),
            Operator::LessThan => write!(f, "{key}<{values}"),
        }
    }
}

/// Conditions on labels, all of which must hold. `Display` writes it as kubectl does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selector {
    /// Sorted by key.
    pub requirements: Vec<Requirement>,
    /// Matches no object at all, as a missing label selector does.
    nothing: bool,
}

impl Selector {
    /// Matches every object.
    pub fn everything() -> Self {
        Self::default()
    }

    /// Matches no object: what a missing (nil) label selector means.
    pub fn nothing() -> Self {
        Self { requirements: Vec::new(), nothing: true }
    }

    /// Reads `app=web,tier in (a,b),!old`. The empty text selects everything.
    ///
    /// # Errors
    /// The text kubectl prints after `error: ` and the API server after its own words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut requirements = parse::parse(text)?;
        order::sort_by(&mut requirements, |a, b| a.key.cmp(&b.key));
        Ok(Self { requirements, nothing: false })
    }

    /// The selector of a Deployment or ReplicaSet. An empty one matches everything.
    /// Unknown operators, which validation refuses, match nothing.
    pub fn from_label_selector(selector: &LabelSelector) -> Self {
        let mut requirements: Vec<Requirement> = selector
            .match_labels
            .iter()
            .map(|(key, value)| Requirement {
                key: key.clone(),
                operator: Operator::Equals,
                values: vec![value.clone()],
            })
            .collect();
        for expression in &selector.match_expressions {
            let operator = match expression.operator.as_str() {
                "In" => Operator::In,
                "NotIn" => Operator::NotIn,
                "Exists" => Operator::Exists,
                "DoesNotExist" => Operator::DoesNotExist,
                _ => return Self::nothing(),
            };
            let mut values = expression.values.clone();
            order::sort(&mut values);
            requirements.push(Requirement { key: expression.key.clone(), operator, values });
        }
        order::sort_by(&mut requirements, |a, b| a.key.cmp(&b.key));
        Self { requirements, nothing: false }
    }

    /// A selector that asks for exactly these labels, as a Service's is.
    pub fn from_labels(labels: &BTreeMap<String, String>) -> Self {
        let requirements = labels
            .iter()
            .map(|(key, value)| Requirement {
                key: key.clone(),
                operator: Operator::Equals,
                values: vec![value.clone()],
            })
            .collect();
        Self { requirements, nothing: false }
    }

    /// Whether it restricts nothing.
    pub fn is_empty(&self) -> bool {
        self.requirements.is_empty() && !self.nothing
    }

    /// Whether labels meet every condition.
    pub fn matches(&self, labels: &BTreeMap<String, String>) -> bool {
        !self.nothing && self.requirements.iter().all(|requirement| requirement.matches(labels))
    }
}

/// Whether labels meet the selector of an object, without translating it first. A selector without
/// requirements selects everything; unknown operators, which validation refuses, match nothing.
pub fn label_selector_matches(selector: &LabelSelector, labels: &BTreeMap<String, String>) -> bool {
    selector.match_labels.iter().all(|(key, value)| labels.get(key) == Some(value))
        && selector.match_expressions.iter().all(|requirement| {
            let value = labels.get(&requirement.key);
            let listed = value.is_some_and(|value| requirement.values.contains(value));
            match requirement.operator.as_str() {
                "In" => listed,
                "NotIn" => !listed,
                "Exists" => value.is_some(),
                "DoesNotExist" => value.is_none(),
                _ => false,
            }
        })
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, requirement) in self.requirements.iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            write!(f, "{comma}{requirement}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(input: &str, expected: Expect) {
        let output = match Selector::parse(input) {
            Ok(selector) => selector.to_string(),
            Err(error) => format!("error: {error}"),
        };
        expected.assert_eq(&output);
    }

    #[test]
    fn selectors_are_read_and_written_as_kubectl_does() {
        check("b=1, a==2,c!=3", expect!["a==2,b=1,c!=3"]);
        check("tier in (b,a),x notin (z)", expect!["tier in (a,b),x notin (z)"]);
        check("a,!b", expect!["a,!b"]);
        check("a>1,b<2", expect!["a>1,b<2"]);
        check("", expect![""]);
        check("a=", expect!["a="]);
        check("x in (foo,,baz)", expect!["x in (,baz,foo)"]);
        check("a=b,", expect!["error: found '', expected: identifier after ','"]);
        check("=b", expect!["error: found '=', expected: !, identifier, or 'end of string'"]);
        check("a in b", expect!["error: unable to parse requirement: found 'b' expected: '('"]);
        check(
            "a b",
            expect![
                "error: unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"
            ],
        );
        check("a=b c", expect!["error: found 'c', expected: ',' or 'end of string'"]);
        check(
            "app=a_",
            expect![[
                r#"error: unable to parse requirement: values[0][app]: Invalid value: "a_": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"#
            ]],
        );
    }

    #[test]
    fn labels_match() {
        let labels: BTreeMap<String, String> =
            [("app", "web"), ("n", "5")].map(|(k, v)| (k.to_owned(), v.to_owned())).into();
        for (text, matches) in [
            ("app=web", true),
            ("app!=web", false),
            ("app in (web,api)", true),
            ("app notin (web)", false),
            ("tier notin (web)", true),
            ("tier", false),
            ("!tier", true),
            ("n>4,n<6", true),
            ("app>4", false),
            ("", true),
        ] {
            assert_eq!(Selector::parse(text).unwrap().matches(&labels), matches, "{text}");
        }
        assert!(!Selector::nothing().matches(&labels));
        for (wanted, operator, matches) in
            [("web", "Exists", true), ("web", "DoesNotExist", false), ("api", "Exists", false)]
        {
            let match_labels = [("app".to_owned(), wanted.to_owned())].into();
            let mut selector = LabelSelector {
                match_labels: std::rc::Rc::new(match_labels),
                ..Default::default()
            };
            let without = label_selector_matches(&selector, &labels);
            assert_eq!(without, wanted == "web", "app={wanted}");
            selector.match_expressions.push(crate::object::LabelSelectorRequirement {
                key: "n".to_owned(),
                operator: operator.to_owned(),
                values: Vec::new(),
            });
            let with = label_selector_matches(&selector, &labels);
            assert_eq!(with, matches, "app={wanted}, n {operator}");
        }
    }
}
