//! Resource quantities: `100m`, `128Mi`, `1e3`.
//!
//! Models k8s.io/apimachinery/pkg/api/resource (quantity.go, suffix.go, amount.go): parsing with
//! its three error texts, the canonical spelling the API server stores, arithmetic and comparison,
//! and the inner form that the pod-template hash prints.

use std::cmp::Ordering;

use crate::Value;

/// How a quantity is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `1e3`
    DecimalExponent,
    /// `1Ki`
    BinarySi,
    /// `1k`, and numbers without a suffix.
    DecimalSi,
}

impl Format {
    fn go_name(self) -> &'static str {
        match self {
            Self::DecimalExponent => "DecimalExponent",
            Self::BinarySi => "BinarySI",
            Self::DecimalSi => "DecimalSI",
        }
    }
}

/// An exact amount: `value` × 10^`scale`.
#[derive(Clone, Debug)]
pub struct Quantity {
    value: i128,
    scale: i32,
    /// Whether upstream would hold it in its big-decimal form; only the hash's text shows it.
    big: bool,
    /// How it is written.
    pub format: Format,
    /// The spelling it came with, where upstream keeps that.
    cached: Option<String>,
}

/// Why a text is no quantity, in the server's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuantityError {
    /// Not a number with a suffix at all.
    Format,
    /// The number cannot be read.
    Numeric,
    /// The suffix is none of those known.
    Suffix,
}

impl std::fmt::Display for QuantityError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Format => {
                "quantities must match the regular expression \
                 '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
            }
            Self::Numeric => "unable to parse numeric part of quantity",
            Self::Suffix => "unable to parse quantity's suffix",
        })
    }
}

/// The parts of a quantity's text. Models `parseQuantityString`.
struct Parts<'a> {
    negative: bool,
    /// The digits before the point, without leading zeros.
    integer: &'a str,
    fraction: &'a str,
    suffix: &'a str,
}

fn split(text: &str) -> Result<Parts<'_>, QuantityError> {
    let negative = text.starts_with('-');
    let rest = text.strip_prefix(['-', '+']).unwrap_or(text).trim_start_matches('0');
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let (integer, rest) = rest.split_at(digits(rest));
    let (fraction, suffix) = match rest.strip_prefix('.') {
        Some(rest) => rest.split_at(digits(rest)),
        None => ("", rest),
    };
    let letters = suffix.bytes().take_while(|byte| b"eEinumkKMGTP".contains(byte)).count();
    let exponent = &suffix[letters..];
    let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
    if digits(exponent) != exponent.len() {
        return Err(QuantityError::Format);
    }
    Ok(Parts {
        negative,
        integer: if integer.is_empty() { "0" } else { integer },
        fraction,
        suffix,
    })
}

/// Base, exponent and format of a suffix.
fn interpret(suffix: &str) -> Option<(u32, i32, Format)> {
    const DECIMAL: [&str; 10] = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
    const BINARY: [&str; 6] = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
    if let Some(at) = DECIMAL.iter().position(|name| *name == suffix) {
        return Some((10, at as i32 * 3 - 9, Format::DecimalSi));
    }
    if let Some(at) = BINARY.iter().position(|name| *name == suffix) {
        return Some((2, at as i32 * 10 + 10, Format::BinarySi));
    }
    let exponent = suffix.strip_prefix(['e', 'E'])?;
    exponent.parse().ok().map(|exponent| (10, exponent, Format::DecimalExponent))
}

impl Quantity {
    /// Zero, as `0` is read.
    pub fn zero() -> Self {
        Self::fast(0, 0, Format::DecimalSi, Some("0"))
    }

    /// A whole number.
    pub fn from_int(value: i64) -> Self {
        Self::fast(value.into(), 0, Format::DecimalSi, None)
    }

    /// A number of thousandths, as CPU is counted.
    pub fn from_millis(value: i64) -> Self {
        Self::fast(value.into(), -3, Format::DecimalSi, None)
    }

    /// A number of bytes, written with binary suffixes.
    pub fn from_bytes(value: i64) -> Self {
        Self::fast(value.into(), 0, Format::BinarySi, None)
    }

    fn fast(value: i128, scale: i32, format: Format, cached: Option<&str>) -> Self {
        Self { value, scale, big: false, format, cached: cached.map(str::to_owned) }
    }

    /// Reads a quantity. Models `ParseQuantity`.
    ///
    /// # Errors
    /// The server's three texts, by [`QuantityError`]'s `Display`.
    pub fn parse(text: &str) -> Result<Self, QuantityError> {
        if text.is_empty() {
            return Err(QuantityError::Format);
        }
        if text == "0" {
            return Ok(Self::zero());
        }
        let Parts { negative, integer, fraction, suffix } = split(text)?;
        let (base, exponent, format) = interpret(suffix).ok_or(QuantityError::Suffix)?;
        let sign = if negative { -1 } else { 1 };
        let digits = format!("{integer}{fraction}");
        let length = digits.len() as i32;
        let fraction_length = fraction.len() as i32;

        let precision = match format {
            Format::BinarySi if fraction.is_empty() => 15 - length - exponent * 3 / 10 - 1,
            Format::BinarySi => -1,
            _ => 18 - length,
        };
        if precision >= 0 {
            let scale = if base == 2 { 0 } else { exponent.saturating_sub(fraction_length) };
            if scale >= -9 {
                let number: i128 = digits.parse().map_err(|_| QuantityError::Numeric)?;
                let value = if base == 2 { number << exponent } else { number };
                let keeps = match format {
                    Format::BinarySi => number & 7 != 0,
                    _ => scale % 3 == 0 && !digits.ends_with("000") && !digits.starts_with('0'),
                };
                return Ok(Self::fast(sign * value, scale, format, keeps.then_some(text)));
            }
        }
        Ok(Self::parse_big(&digits, fraction_length, base, exponent, format, sign))
    }

    /// The slow path: exact decimals, rounded up to 10^-9 and, with binary suffixes, capped.
    fn parse_big(
        digits: &str,
        fraction_length: i32,
        base: u32,
        exponent: i32,
        mut format: Format,
        sign: i128,
    ) -> Self {
        // More digits than an i128 holds are beyond any meaning: the leading ones are kept.
        let digits = digits.trim_start_matches('0');
        let kept = digits.len().min(36);
        let dropped = (digits.len() - kept) as i32;
        let mut value: i128 = digits[..kept].parse().unwrap_or_default();
        let mut scale = dropped.saturating_sub(fraction_length);
        if base == 10 {
            scale = scale.saturating_add(exponent).clamp(-1_000_000, 1_000_000);
        } else {
            for _ in 0..exponent {
                value = value.saturating_mul(2);
            }
        }
        let mut quantity = Self { value, scale, big: true, format, cached: None };
        quantity.reduce_to(-9);
        if quantity.value != 0 {
            // Upstream's rounding leaves the decimal at exactly nine places.
            quantity.value = scaled_up(quantity.value, quantity.scale + 9);
            quantity.scale = -9;
        }
        let max = Self::from_int(i64::MAX);
        if format == Format::BinarySi && quantity.cmp(&max) == Ordering::Greater {
            (quantity.value, quantity.scale) = (max.value, 0);
        }
        if format == Format::BinarySi
            && quantity.value > 0
            && quantity.cmp(&Self::from_int(1)) == Ordering::Less
        {
            format = Format::DecimalSi;
        }
        quantity.format = format;
        quantity.value *= sign;
        quantity
    }

    /// Raises the scale, rounding away from zero. True if nothing was lost.
    fn reduce_to(&mut self, scale: i32) -> bool {
        let mut exact = true;
        while self.scale < scale {
            if self.value == 0 {
                self.scale = scale;
                return exact;
            }
            let steps = (scale - self.scale).min(38) as u32;
            let divisor = 10_i128.pow(steps);
            let (quotient, remainder) = (self.value / divisor, self.value % divisor);
            exact &= remainder == 0;
            self.value = quotient + if remainder == 0 { 0 } else { self.value.signum() };
            self.scale += steps as i32;
        }
        exact
    }

    /// Rounds away from zero to a multiple of 10^`scale`. Models `Quantity.RoundUp`.
    pub fn round_up(&mut self, scale: i32) {
        if self.big || self.scale < scale {
            self.cached = None;
            self.reduce_to(scale);
        }
    }

    /// The spelling the API server stores.
    pub fn canonical(&self) -> String {
        if let Some(text) = &self.cached {
            return text.clone();
        }
        if self.value == 0 {
            return "0".to_owned();
        }
        if self.format == Format::BinarySi && self.abs_at_least_1024() {
            let mut whole = self.clone();
            if whole.reduce_to(0) {
                return whole.canonical_binary();
            }
        }
        let (mut value, mut scale) = (self.value, self.scale);
        while value % 10 == 0 {
            value /= 10;
            scale += 1;
        }
        let excess = scale.rem_euclid(3);
        value = value.saturating_mul(10_i128.pow(excess as u32));
        scale -= excess;
        let suffix = match (self.format, scale) {
            (_, 0) => Some(""),
            (Format::DecimalExponent, _) => None,
            _ => usize::try_from((scale + 9) / 3)
                .ok()
                .and_then(|at| ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"].get(at))
                .copied(),
        };
        match (suffix, self.format) {
            (Some(suffix), _) => format!("{value}{suffix}"),
            (None, Format::DecimalExponent) => format!("{value}e{scale}"),
            // Beyond the largest suffix upstream writes none at all.
            (None, _) => value.to_string(),
        }
    }

    fn abs_at_least_1024(&self) -> bool {
        let mut absolute = self.clone();
        absolute.value = absolute.value.abs();
        absolute.cmp(&Self::from_int(1024)) != Ordering::Less
    }

    fn canonical_binary(&self) -> String {
        let mut value = scaled_up(self.value, self.scale);
        let mut exponent = 0;
        while value % 1024 == 0 && value != 0 && exponent < 6 {
            value /= 1024;
            exponent += 1;
        }
        format!("{value}{}", ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"][exponent])
    }

    #[allow(missing_docs)]
    pub fn is_zero(&self) -> bool {
        self.value == 0
    }

    /// -1, 0 or 1.
    pub fn sign(&self) -> i32 {
        self.value.signum() as i32
    }

    /// Whether the amount, rounded up to thousandths, has no fraction. Upstream asks for the
    /// remainder of the thousandths, which are 0 where they are too many to count.
    pub fn is_whole(&self) -> bool {
        let mut copy = self.clone();
        copy.reduce_to(-3);
        copy.scale >= 0 || copy.value % 10_i128.pow(copy.scale.unsigned_abs()) == 0
    }

    /// The amount in whole units, rounded up. Models `Quantity.Value`.
    pub fn value(&self) -> i64 {
        self.scaled_value(0)
    }

    /// The amount in thousandths, rounded up. Models `Quantity.MilliValue`.
    pub fn milli_value(&self) -> i64 {
        self.scaled_value(-3)
    }

    fn scaled_value(&self, scale: i32) -> i64 {
        let mut copy = self.clone();
        copy.reduce_to(scale);
        let value = scaled_up(copy.value, copy.scale - scale);
        i64::try_from(value).unwrap_or(if value < 0 { i64::MIN } else { i64::MAX })
    }

    /// Adds another amount. A zero takes the other's format. Models `Quantity.Add`.
    pub fn add(&mut self, other: &Self) {
        self.cached = None;
        if self.value == 0 {
            self.format = other.format;
        }
        let scale = self.scale.min(other.scale);
        self.value = scaled_up(self.value, self.scale - scale)
            .saturating_add(scaled_up(other.value, other.scale - scale));
        self.scale = scale;
    }

    /// Subtracts another amount. Models `Quantity.Sub`.
    pub fn sub(&mut self, other: &Self) {
        let mut negative = other.clone();
        negative.value = -negative.value;
        self.add(&negative);
    }

    /// Compares amounts, not spellings. Models `Quantity.Cmp`.
    #[allow(clippy::should_implement_trait, reason = "1 and 1000m are equal here, not for Eq")]
    pub fn cmp(&self, other: &Self) -> Ordering {
        let scale = self.scale.min(other.scale);
        scaled_up(self.value, self.scale - scale).cmp(&scaled_up(other.value, other.scale - scale))
    }

    /// The Go value as the pod-template hash prints it, without the type in front.
    pub(crate) fn go_dump(&self) -> String {
        let (text, format) = (self.cached.as_deref().unwrap_or_default(), self.format.go_name());
        let (amount, decimal) = if self.big {
            let words = big_words(self.value.unsigned_abs());
            let (negative, scale) = (self.value < 0, -self.scale);
            let unscaled = format!("(big.Int){{neg:(bool){negative} abs:(big.nat)[{words}]}}");
            (
                "value:(int64)0 scale:(resource.Scale)0".to_owned(),
                format!("(*inf.Dec){{unscaled:{unscaled} scale:(inf.Scale){scale}}}"),
            )
        } else {
            (
                format!("value:(int64){} scale:(resource.Scale){}", self.value, self.scale),
                "(*inf.Dec)<nil>".to_owned(),
            )
        };
        format!(
            "{{i:(resource.int64Amount){{{amount}}} d:(resource.infDecAmount){{Dec:{decimal}}} \
             s:(string){text} Format:(resource.Format){format}}}"
        )
    }
}

/// The 64-bit words of a number, least significant first, as Go prints a big natural number.
fn big_words(value: u128) -> String {
    let (low, high) = (value as u64, (value >> 64) as u64);
    if high == 0 { low.to_string() } else { format!("{low} {high}") }
}

/// `value` × 10^`exponent`, held at the ends of the range.
fn scaled_up(value: i128, exponent: i32) -> i128 {
    if value == 0 {
        return 0;
    }
    match u32::try_from(exponent).ok().and_then(|exponent| 10_i128.checked_pow(exponent)) {
        Some(factor) => value.saturating_mul(factor),
        None if value < 0 => i128::MIN,
        None => i128::MAX,
    }
}

/// The text of a quantity on the wire, where it may be a string or a number.
pub fn wire_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => crate::gojson::number(number),
        other => other.to_string(),
    }
}
