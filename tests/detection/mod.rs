//! How well bulk is found: simulated practices with a known truth, and a scoreboard.
//!
//! The simulator knows nothing of the program, and the findings nothing of the simulator:
//! they meet in the file that it writes.

pub mod scoreboard;
pub mod simulator;
#[cfg(test)]
mod tests;
