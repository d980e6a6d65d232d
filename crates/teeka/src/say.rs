//! Words on the standard output. Whoever reads them may go away; the work goes on.

use std::fmt::Arguments;
use std::io::Write;

/// Says a line, as `println!` does, which ends the process when nobody reads any more.
macro_rules! say {
    ($($words:tt)*) => { $crate::say::line(format_args!($($words)*)) };
}

pub(crate) fn line(words: Arguments<'_>) {
    writeln!(std::io::stdout(), "{words}").ok();
}
