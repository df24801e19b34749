//! File dialogs: a trait, the real ones, and scripted ones for tests.

use std::path::PathBuf;
use std::sync::Mutex;

use crate::extract::Purpose;

/// What a dialog asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// One or more exports to open.
    OpenExports,
    /// A file to add to what is open.
    AddFile(Purpose),
    /// A folder to save into.
    SaveFolder,
    /// A saved review to open.
    OpenReview,
    /// The export made after coding.
    CheckResult,
    /// Where to save the review, with a proposed name.
    SaveReview(String),
}

/// Kinds of files that are read.
const READABLE: [&str; 7] = ["csv", "txt", "tsv", "xlsx", "xls", "xlsm", "ods"];

/// The answer; empty if cancelled.
pub type Answer = Vec<PathBuf>;

/// Asks the user for files.
pub trait Dialogs: Send {
    /// Shows a dialog and calls back with the answer, from another thread or at
    /// once.
    fn ask(&self, question: Question, parent: Option<Parent<'_>>, reply: Box<dyn FnOnce(Answer) + Send>);
}

/// The window that a dialog belongs to.
pub type Parent<'a> = &'a eframe::Frame;

/// An answer that is still to come.
type FutureAnswer = std::pin::Pin<Box<dyn Future<Output = Answer> + Send>>;

/// Asks for files of patients; `what` names the kind of them.
fn pick_files(dialog: rfd::AsyncFileDialog, title: &str, what: &str) -> FutureAnswer {
    let dialog = dialog.set_title(title).add_filter(what, &READABLE).add_filter("All files", &["*"]);
    let pick = dialog.pick_files();
    Box::pin(async move { pick.await.unwrap_or_default().into_iter().map(PathBuf::from).collect() })
}

/// The system's own dialogs.
#[derive(Default)]
pub struct SystemDialogs;

impl Dialogs for SystemDialogs {
    fn ask(&self, question: Question, parent: Option<Parent<'_>>, reply: Box<dyn FnOnce(Answer) + Send>) {
        let mut dialog = rfd::AsyncFileDialog::new();
        if let Some(parent) = parent {
            dialog = dialog.set_parent(parent);
        }
        // The dialog must be made on this thread and may be awaited on another;
        // awaiting it here would stop the window.
        let future: FutureAnswer = match question {
            Question::OpenExports => pick_files(dialog, "Open a patient export", "Patient exports"),
            Question::AddFile(purpose) => {
                let title = match purpose {
                    Purpose::Export => "Add another export",
                    Purpose::Registered => "Add the registered list",
                    Purpose::Safeguarding => "Add a safeguarding register",
                    Purpose::Accounts => "Add the list of online accounts",
                };
                pick_files(dialog, title, "Lists of patients")
            }
            Question::CheckResult => pick_files(dialog, "Open the export made after coding", "Patient exports"),
            Question::SaveFolder => {
                let pick = dialog.set_title("Choose a folder to save into").pick_folder();
                Box::pin(async move { pick.await.into_iter().map(PathBuf::from).collect() })
            }
            Question::OpenReview => {
                let pick = dialog
                    .set_title("Open a saved review")
                    .add_filter("Saved reviews and decisions", &["json", "csv"])
                    .pick_file();
                Box::pin(async move { pick.await.into_iter().map(PathBuf::from).collect() })
            }
            Question::SaveReview(name) => {
                let pick = dialog
                    .set_title("Save the review")
                    .add_filter("Saved review", &["json"])
                    .set_file_name(name)
                    .save_file();
                Box::pin(async move { pick.await.into_iter().map(PathBuf::from).collect() })
            }
        };
        let thread = std::thread::Builder::new().name("file dialog".to_owned());
        if let Err(error) = thread.spawn(move || reply(pollster::block_on(future))) {
            log::error!("no thread for a file dialog: {error}");
        }
    }
}

/// Answers written down beforehand, for tests. Asked more often than there are
/// answers, it answers "cancelled".
#[derive(Default)]
pub struct ScriptedDialogs {
    answers: Mutex<Vec<(Question, Answer)>>,
}

impl ScriptedDialogs {
    /// Answers, in the order in which they will be asked for.
    #[must_use]
    pub fn new(mut answers: Vec<(Question, Answer)>) -> Self {
        answers.reverse();
        Self { answers: Mutex::new(answers) }
    }
}

impl Dialogs for ScriptedDialogs {
    fn ask(&self, question: Question, _parent: Option<Parent<'_>>, reply: Box<dyn FnOnce(Answer) + Send>) {
        let next =
            self.answers.lock().ok().and_then(|mut answers| answers.pop_if(|(expected, _)| *expected == question));
        reply(next.map(|(_, answer)| answer).unwrap_or_default());
    }
}
