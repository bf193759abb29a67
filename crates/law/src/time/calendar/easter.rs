//! Easter Sunday of the Gregorian calendar, from which Good Friday, Easter Monday and others are counted.
//!
//! Deliberately absent: the Julian reckoning of the Orthodox churches; no pack counts by it yet.

use jiff::civil::Date;

/// Easter Sunday of a year: the Sunday after the first full moon (of the church's tables) on or after 21 March.
///
/// The steps are those of the tables: the moon's age on 1 January of the 19-year cycle, corrected for the leap days and
/// moon days dropped since 1582, gives the paschal full moon; the Sunday after it is Easter.
pub(super) fn easter_sunday(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let golden = y.rem_euclid(19);
    let century = y.div_euclid(100);
    let in_century = y.rem_euclid(100);
    // Leap days dropped at centuries, and the moon's own correction, eight days in 25 centuries.
    let leap_centuries = century.div_euclid(4);
    let moon_step = century.wrapping_add(8).div_euclid(25);
    let moon = century.wrapping_sub(moon_step).wrapping_add(1).div_euclid(3);
    // Days from 21 March to the paschal full moon.
    let full_moon =
        golden.wrapping_mul(19).wrapping_add(century).wrapping_sub(leap_centuries).wrapping_sub(moon).wrapping_add(15).rem_euclid(30);
    // Days from the full moon to the Sunday after it.
    let weekday = century
        .rem_euclid(4)
        .wrapping_mul(2)
        .wrapping_add(in_century.div_euclid(4).wrapping_mul(2))
        .wrapping_add(32)
        .wrapping_sub(full_moon)
        .wrapping_sub(in_century.rem_euclid(4))
        .rem_euclid(7);
    // The tables never let the full moon fall on 19 April, nor on the 18th in the late years of the cycle.
    let shift = golden.wrapping_add(full_moon.wrapping_mul(11)).wrapping_add(weekday.wrapping_mul(22)).div_euclid(451);
    let from_22_march = full_moon.wrapping_add(weekday).wrapping_sub(shift.wrapping_mul(7));
    Date::new(year, 3, 22).ok()?.checked_add(jiff::Span::new().try_days(from_22_march).ok()?).ok()
}
