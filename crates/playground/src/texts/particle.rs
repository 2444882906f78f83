//! Korean particles, which follow the sound that a word ends in: 리비전 2가, 리비전 3이.
//!
//! How the names of objects are read aloud is nobody's to know: after Latin letters both forms stand,
//! as is usual in print.

use std::fmt::Display;

/// What a word's last sound is.
enum Ending {
    Vowel,
    /// ㄹ, after which 로 stands as after a vowel.
    Rieul,
    Consonant,
    Unknown,
}

fn ending(word: &str) -> Ending {
    match word.chars().last() {
        Some(letter @ '가'..='힣') => match (letter as u32 - '가' as u32) % 28 {
            0 => Ending::Vowel,
            8 => Ending::Rieul,
            _ => Ending::Consonant,
        },
        // 이, 사, 오, 구; 일, 칠, 팔; 영 or 십, 삼, 육.
        Some('2' | '4' | '5' | '9') => Ending::Vowel,
        Some('1' | '7' | '8') => Ending::Rieul,
        Some('0' | '3' | '6') => Ending::Consonant,
        _ => Ending::Unknown,
    }
}

fn with(word: impl Display, after_consonant: &str, after_vowel: &str, either: &str) -> String {
    let word = word.to_string();
    let particle = match ending(&word) {
        Ending::Vowel => after_vowel,
        Ending::Rieul | Ending::Consonant => after_consonant,
        Ending::Unknown => either,
    };
    word + particle
}

/// 이 or 가.
pub(super) fn subject(word: impl Display) -> String {
    with(word, "이", "가", "이(가)")
}

/// 은 or 는.
pub(super) fn topic(word: impl Display) -> String {
    with(word, "은", "는", "은(는)")
}

/// 을 or 를.
pub(super) fn object(word: impl Display) -> String {
    with(word, "을", "를", "을(를)")
}

/// 과 or 와.
pub(super) fn along(word: impl Display) -> String {
    with(word, "과", "와", "와(과)")
}

/// 으로 or 로.
pub(super) fn toward(word: impl Display) -> String {
    let word = word.to_string();
    let particle = match ending(&word) {
        Ending::Vowel | Ending::Rieul => "로",
        Ending::Consonant => "으로",
        Ending::Unknown => "(으)로",
    };
    word + particle
}

#[cfg(test)]
mod tests {
    use super::{along, object, subject, topic, toward};

    #[test]
    fn particles_follow_the_sound() {
        let numbers: Vec<String> = (0..=10).map(subject).collect();
        assert_eq!(numbers.join(" "), "0이 1이 2가 3이 4가 5가 6이 7이 8이 9가 10이");
        let numbers: Vec<String> = (0..=10).map(toward).collect();
        assert_eq!(numbers.join(" "), "0으로 1로 2로 3으로 4로 5로 6으로 7로 8로 9로 10으로");
        assert_eq!(topic("실행 2"), "실행 2는");
        assert_eq!(object("파드"), "파드를");
        assert_eq!(object("리비전"), "리비전을");
        assert_eq!(along("서울"), "서울과");
        assert_eq!(toward("서울"), "서울로");
        assert_eq!(along("my-app"), "my-app와(과)");
        assert_eq!(subject(""), "이(가)");
    }
}
