//! The window: joins model, drawing and background work.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};

use crate::app::case::Origin;
use crate::app::settings::SettingsFile;
use crate::app::{Command, Effect, Model, Notice, Recovery, Runner, Tone, update};
use crate::domain::Day;
use crate::platform::clock::{Clock, Stopwatch};
use crate::platform::dialogs::{Answer, Dialogs, Question};
use crate::platform::files::{self, FileError};

use super::{dialogs, frame, keys, screens, tokens};

/// Milliseconds in which no dialog can be seen and cancelled.
const BLINK: u64 = 250;

/// The program in its window.
pub struct Program {
    model: Model,
    clock: Box<dyn Clock>,
    dialogs: Box<dyn Dialogs>,
    runner: Runner,
    sender: Sender<Command>,
    receiver: Receiver<Command>,
    /// Opened in the first frame.
    first: Option<Origin>,
}

impl Program {
    /// Sets the window up; `origin` is opened at once.
    #[must_use]
    pub fn new(
        ctx: &egui::Context,
        origin: Option<Origin>,
        clock: Box<dyn Clock>,
        dialogs: Box<dyn Dialogs>,
        runner: Runner,
    ) -> Self {
        tokens::install(ctx);
        let (sender, receiver) = channel();
        let model = Model::new(Day::from(clock.now().date()));
        Self { model, clock, dialogs, runner, sender, receiver, first: origin }
    }

    /// With recovery journals in a folder.
    #[must_use]
    pub fn with_recovery(mut self, folder: Option<PathBuf>) -> Self {
        self.model.recovery = std::sync::Arc::new(Recovery::new(folder));
        self
    }

    /// With what was remembered in a file, and is to be remembered there.
    #[must_use]
    pub fn with_settings(mut self, path: Option<PathBuf>) -> Self {
        let Some(path) = path else { return self };
        let kept = match files::read(&path, |_| true) {
            Ok(bytes) => SettingsFile::read(&bytes.unwrap_or_default()).map_err(|e| e.to_string()),
            Err(FileError::Missing) => Ok(SettingsFile::default()),
            Err(error) => Err(error.to_string()),
        };
        match kept {
            Ok(settings) => {
                self.model.settings = settings;
                self.model.settings_path = Some(path);
            }
            // It is not replaced either: somebody's own codes may be in it.
            Err(why) => {
                let text = format!("What was remembered (own codes, columns) cannot be read and is not used: {why}");
                self.model.notice = Some(Notice { tone: Tone::Wrong, text });
            }
        }
        self
    }

    /// The state, for tests to look at.
    #[must_use]
    pub const fn model(&self) -> &Model {
        &self.model
    }

    fn apply(&mut self, command: Command, ctx: &egui::Context, frame: &eframe::Frame) {
        let mut waiting = vec![command];
        while let Some(command) = waiting.pop() {
            for effect in update(&mut self.model, command, self.clock.now()) {
                self.perform(effect, ctx, frame);
            }
            // Work done at once has its results here already.
            waiting.extend(self.receiver.try_iter().collect::<Vec<_>>().into_iter().rev());
        }
        ctx.request_repaint();
    }

    fn perform(&self, effect: Effect, ctx: &egui::Context, frame: &eframe::Frame) {
        let (sender, ctx_of_thread) = (self.sender.clone(), ctx.clone());
        let send = move |command| {
            // The window may be gone by now; then nobody needs the result.
            let _ = sender.send(command);
            ctx_of_thread.request_repaint();
        };
        match effect {
            Effect::Ask(question) => {
                let answered = answer_of(&question);
                let watch = Stopwatch::start();
                let reply = move |answer: Answer| {
                    // "Cancelled" and "could not be shown" look alike; nobody
                    // cancels within a blink.
                    let unseen = answer.is_empty() && watch.milliseconds() < BLINK;
                    send(if unseen { Command::NoDialog } else { answered(answer) });
                };
                self.dialogs.ask(question, Some(frame), Box::new(reply));
            }
            // What is given up must be gone before anything else is done, or the window closed.
            gone @ Effect::Discard { .. } => drop(gone.perform()),
            Effect::Close => ctx.send_viewport_cmd(egui::ViewportCommand::Close),
            work => self.runner.run(work, send),
        }
    }
}

fn answer_of(question: &Question) -> Box<dyn FnOnce(Answer) -> Command + Send> {
    match question {
        Question::OpenExports => Box::new(Command::ChosenExports),
        Question::AddFile(purpose) => {
            let purpose = *purpose;
            Box::new(move |paths| Command::ChosenMore(purpose, paths))
        }
        Question::CheckResult => Box::new(Command::ChosenCheck),
        Question::SaveFolder => Box::new(Command::ChosenFolder),
        Question::OpenReview => Box::new(Command::ChosenReview),
        Question::SaveReview(_) => Box::new(Command::ChosenReviewTarget),
    }
}

impl eframe::App for Program {
    fn logic(&mut self, ctx: &egui::Context, frame: &mut eframe::Frame) {
        if let Some(origin) = self.first.take() {
            self.apply(Command::Open(origin), ctx, frame);
        }
        let results: Vec<Command> = self.receiver.try_iter().collect();
        for command in results {
            self.apply(command, ctx, frame);
        }
        let must_stay = self.model.is_unsaved() || self.model.is_saving();
        if ctx.input(|i| i.viewport().close_requested()) && must_stay && !self.model.closing {
            ctx.send_viewport_cmd(egui::ViewportCommand::CancelClose);
            self.apply(Command::CloseRequested, ctx, frame);
        }
    }

    fn ui(&mut self, ui: &mut egui::Ui, frame: &mut eframe::Frame) {
        let mut commands = Vec::new();
        keys::commands(ui, &self.model, &mut commands);
        let dropped: Vec<PathBuf> = ui.input(|i| i.raw.dropped_files.iter().map(|f| f.path().to_path_buf()).collect());
        if !dropped.is_empty() {
            commands.push(Command::Open(Origin::exports(dropped)));
        }
        frame::top(ui, &self.model, &mut commands);
        frame::status(ui, &self.model, &mut commands);
        frame::rail(ui, &self.model, &mut commands);
        screens::show(ui, &self.model, &mut commands);
        dialogs::show(ui, &self.model, &mut commands);
        let ctx = ui.ctx().clone();
        let any = !commands.is_empty();
        for command in commands {
            self.apply(command, &ctx, frame);
        }
        // While something is read the bar moves; otherwise nothing is drawn until
        // something happens.
        if self.model.work.is_some() || self.model.saving {
            ctx.request_repaint_after(std::time::Duration::from_millis(100));
        } else if any {
            ctx.request_repaint();
        }
    }
}
