//! The pages and the API: HTTP in, pure page functions and JSON out.

pub mod page;
pub mod words;
