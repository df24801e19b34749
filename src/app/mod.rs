//! The program without a screen: what is open, what a user can do, and the one
//! place where anything changes.

pub mod action;
pub mod case;
mod command;
mod dialog;
mod effects;
mod model;
mod recovery;
pub mod settings;
mod signs;
mod update;
mod view;

pub use action::{ACTIONS, Action, Listed};
pub use command::Command;
pub use dialog::{AfterUnsaved, Dialog, Waiting};
pub use effects::{Effect, Runner};
pub use model::{Figures, Model, Notice, Outdated, SavedFiles, Screen, TYPE_NUMBER_FROM, Tally, Tone, Trial, Work};
pub use recovery::{Found, Recovered, Recovery};
pub use signs::signs;
pub use update::{is_careful, thresholds_typed, update};
pub use view::{
    Column, DECISION_FILTERS, DecisionFilter, Filter, Looks, Part, Scope, View, arrange, name, one_by_one, shown_of,
};
