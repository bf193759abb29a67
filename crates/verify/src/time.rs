//! Seconds since 1970 as a date and time in UTC, for people.
//!
//! Deliberately absent: zones and leap seconds. This crate stands on the seal alone, and signed times are counted without them.

const DAY_SECONDS: u64 = 86_400;

/// Days of 400 years, after which the calendar repeats.
const CYCLE_DAYS: u64 = 146_097;

/// The largest second that has a year of four digits: the end of 9999.
const SECOND_MAX: u64 = 253_402_300_799;

/// `2025-11-24 16:00:00 UTC`; the bare number where it is too large to be a time.
pub(crate) fn utc(second: u64) -> String {
    if second > SECOND_MAX {
        return format!("second {second} since 1970");
    }
    let (day, rest) = (second / DAY_SECONDS, second % DAY_SECONDS);
    // Counted from 1 March of the year 0, so that a leap day is the last day of its year. 719,468 days lie before 1970.
    let day = day + 719_468;
    let (cycle, day) = (day / CYCLE_DAYS, day % CYCLE_DAYS);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    // Months from March on have 31, 30, 31, 30, 31 days, again and again: 153 in five.
    let month = (5 * day + 2) / 153;
    let date = day - (153 * month + 2) / 5 + 1;
    let (month, later) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    let year = cycle * 400 + year + later;
    format!("{year:04}-{month:02}-{date:02} {:02}:{:02}:{:02} UTC", rest / 3600, rest / 60 % 60, rest % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A slow count, day by day, with nothing but the rule of leap years.
    #[test]
    fn every_day_of_four_centuries_is_the_next_one() {
        let (mut year, mut month, mut date) = (1970, 1, 1);
        for day in 0..CYCLE_DAYS + 400 {
            assert_eq!(utc(day * DAY_SECONDS), format!("{year:04}-{month:02}-{date:02} 00:00:00 UTC"));
            let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            let days = match month {
                2 => 28 + i32::from(leap),
                4 | 6 | 9 | 11 => 30,
                _ => 31,
            };
            date += 1;
            if date > days {
                (month, date) = (month + 1, 1);
            }
            if month > 12 {
                (year, month) = (year + 1, 1);
            }
        }
    }

    #[test]
    fn the_last_second_of_a_day_and_of_all_is_right() {
        assert_eq!(utc(86_399), "1970-01-01 23:59:59 UTC");
        assert_eq!(utc(SECOND_MAX), "9999-12-31 23:59:59 UTC");
        assert_eq!(utc(SECOND_MAX + 1), "second 253402300800 since 1970");
    }
}
