//! Eyes from outside: whoever does not trust a log's operator runs this. It knows the log's forms and nothing else of
//! ours.

pub mod audit;
pub mod check;
pub mod witness;
