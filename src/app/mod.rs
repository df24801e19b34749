//! The program without a screen: what is open, what a user can do, and the one
//! place where anything changes.

pub mod case;
