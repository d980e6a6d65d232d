//! Figures as they are read in India, the same in every language.

/// A whole number with commas after the last three digits and then after every two: *12,34,567*.
#[must_use]
pub fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let (head, tail) = digits.split_at(digits.len().saturating_sub(3));
    let mut text = String::from(if number < 0 { "-" } else { "" });
    for (at, digit) in head.chars().enumerate() {
        text.push(digit);
        if (head.len() - at) % 2 == 1 {
            text.push(',');
        }
    }
    text + tail
}

/// A ten-digit mobile number in two halves, *98765 43210*; anything else is returned as it came.
#[must_use]
pub fn phone(mobile: &str) -> String {
    match mobile.split_at_checked(5) {
        Some((head, tail)) if mobile.len() == 10 && mobile.bytes().all(|byte| byte.is_ascii_digit()) => {
            format!("{head} {tail}")
        }
        _ => mobile.to_owned(),
    }
}

/// Money from paise: *₹250*, or *₹1,250.50* when there are paise.
#[must_use]
pub fn rupees(paise: u64) -> String {
    let whole = grouped(i64::try_from(paise / 100).unwrap_or(i64::MAX));
    match paise % 100 {
        0 => format!("₹{whole}"),
        rest => format!("₹{whole}.{rest:02}"),
    }
}
