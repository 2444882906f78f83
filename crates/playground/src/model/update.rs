//! What follows from what happened.

use rollscope_api::{SimDuration, yaml};
use rollscope_scenario::Input;
use rollscope_scenario::session::apply_line;

use super::clock::Play;
use super::drawer::Tab;
use super::keys::Shortcut;
use super::manifest::Manifest;
use super::revisions::{self, UndoPlan};
use super::runs::RunsMsg;
use super::{Button, Dialog, Effect, Model, Msg};

impl Model {
    /// Takes in what happened and says what the browser is to do.
    pub fn update(&mut self, msg: Msg) -> Vec<Effect> {
        let is_shown_later = msg.is_shown_later();
        if let Msg::Frame { elapsed_us, .. } = &msg {
            self.real_ms += elapsed_us.max(&0) / 1_000;
        }
        if !is_shown_later {
            self.follow_the_handle();
        }
        let mut effects = self.take(msg);
        if !is_shown_later {
            self.derive(false);
        }
        effects.extend(self.forecasting.take_request().map(Effect::StartForecast));
        effects
    }

    fn take(&mut self, msg: Msg) -> Vec<Effect> {
        match msg {
            Msg::Frame { elapsed_us, work_us } => self.frame(elapsed_us, work_us),
            Msg::Shortcut(shortcut) => return self.shortcut(shortcut),
            Msg::TogglePlay => self.toggle_play(),
            Msg::StepForward => self.step(true),
            Msg::StepBack => self.step(false),
            Msg::SetSpeed(speed) => self.clock.speed = speed,
            Msg::Seek(to) => self.seek(to),
            Msg::Drag(to) => self.dragged_to = Some(to),
            Msg::ToPresent => {
                let present = self.engine.present();
                self.seek(present);
                self.play_on();
            }
            Msg::Edited(text) => self.manifest_changed(|manifest| manifest.edit(text)),
            Msg::OpenFile(at) => self.manifest_changed(|manifest| manifest.open(at)),
            Msg::NewFile => self.manifest_changed(Manifest::add_new),
            Msg::LoadExample(at) => self.manifest_changed(|manifest| manifest.load(at)),
            Msg::CloseFile(at) => self.close_file(at),
            Msg::Apply => self.apply(),
            Msg::GoTo(line, column) => {
                let number = self.place.map_or(0, |(number, ..)| number) + 1;
                self.place = Some((number, line, column));
            }
            Msg::PromptEdited(line) => self.prompt.edit(line),
            Msg::PromptEntered => self.prompt_entered(),
            Msg::PromptHistory(earlier) => self.prompt.go(earlier),
            Msg::PromptComplete => self.prompt_complete(),
            Msg::PromptAccept(at) => {
                if let Some(offer) = self.prompt.offers.get(at).cloned() {
                    self.prompt.accept(&offer);
                }
                return vec![Effect::FocusPrompt];
            }
            Msg::PromptDismiss => self.prompt.offers.clear(),
            Msg::Interrupt => self.act(Input::Interrupt),
            Msg::ClearTerminal => self.clear_terminal(),
            Msg::SaveEdit(text) => self.act(Input::FinishEdit { text }),
            Msg::Traffic(msg) => self.traffic(msg),
            Msg::World(msg) => self.world(msg),
            Msg::Hands(msg) => self.hands(msg),
            Msg::ShowTab(tab) => self.tab = tab,
            Msg::ChoosePod(name) => {
                self.pod = Some(name);
                self.tab = Tab::Inspector;
            }
            Msg::InspectYaml(yaml) => self.inspect_yaml = yaml,
            Msg::Group(grouping) => self.grouping = grouping,
            Msg::ChooseDeployment(key) => {
                self.chosen = key.split_once('/').map(|(ns, name)| (ns.into(), name.into()));
            }
            Msg::AskUndo(revision) => self.ask_undo(revision),
            Msg::ConfirmUndo => {
                if let Some(Dialog::Undo(plan)) = self.dialog.take() {
                    self.command(&plan.command());
                }
            }
            Msg::CloseDialog => {
                let was_trial = matches!(self.dialog, Some(Dialog::Explorer | Dialog::Sweep));
                self.dialog = None;
                if was_trial {
                    return self.cancel_trial();
                }
            }
            Msg::Trial(msg) => return self.take_trial(msg),
            Msg::Forecast(msg) => self.forecast_went_on |= self.forecasting.hear(msg, &self.engine),
            Msg::ShowHelp => self.dialog = Some(Dialog::Help),
            Msg::Button(button) => self.button(button),
            Msg::Runs(msg) => return self.take_runs(msg),
            Msg::Share(msg) => return self.take_share(msg),
            Msg::Session(msg) => return self.take_session(msg),
            Msg::ChartResized(width, height) => self.chart_size = (width, height),
            Msg::ToggleTheme(is_dark) => {
                self.preferences.theme = Some(if is_dark { "light" } else { "dark" }.to_owned());
                return vec![Effect::KeepView];
            }
            Msg::ToggleProjector => {
                let size = &mut self.preferences.size;
                *size = size.is_none().then(|| "projector".to_owned());
                return vec![Effect::KeepView];
            }
            Msg::ToggleLanguage => {
                self.language = self.language.other();
                self.preferences.language = Some(self.language.code().to_owned());
                self.derive(true);
                return vec![Effect::KeepView];
            }
        }
        Vec::new()
    }

    fn frame(&mut self, elapsed_us: i64, work_us: i64) {
        if self.engine.is_computing() {
            self.engine.compute_ahead(work_us, self.work_us_max());
        }
        self.work_on();
        // The session's own future comes first: time passes only as far as it is known.
        if self.forecasting.is_computing() && !self.engine.is_computing() && !self.is_dragging() {
            self.forecasting.go_on(work_us);
            self.forecast_went_on = true;
        }
        if self.is_running() {
            self.engine.pass(self.clock.span(elapsed_us));
        }
    }

    /// What one frame's work may cost, in microseconds of real time, before less is computed ahead in
    /// the next. Where hundreds of pods move, drawing them needs the rest of the frame.
    fn work_us_max(&self) -> i64 {
        match self.is_moving() && self.shown.stage.size.is_crowd() {
            true => 4_000,
            false => 8_000,
        }
    }

    /// Goes to where the time's handle was dragged, before anything else happens there.
    fn follow_the_handle(&mut self) {
        if let Some(to) = self.dragged_to.take() {
            self.dragged_ms = self.real_ms;
            self.seek(to);
        }
    }

    fn shortcut(&mut self, shortcut: Shortcut) -> Vec<Effect> {
        match shortcut {
            Shortcut::Apply => self.apply(),
            Shortcut::TogglePlay => self.toggle_play(),
            Shortcut::StepForward => self.step(true),
            Shortcut::StepBack => self.step(false),
            Shortcut::ToStart => self.seek(SimDuration::ZERO),
            Shortcut::ToPresent => return self.take(Msg::ToPresent),
            Shortcut::Terminal => return vec![Effect::FocusPrompt],
            Shortcut::TakeBack => return self.take_runs(RunsMsg::TakeBack),
            Shortcut::Redo => return self.take_runs(RunsMsg::Redo),
            Shortcut::Jump(jump) => return self.take_runs(RunsMsg::Jump(jump)),
            Shortcut::Help => self.dialog = Some(Dialog::Help),
            Shortcut::Undo => {
                let deployment = self.deployment();
                let previous = deployment.and_then(|deployment| {
                    revisions::previous_revision(self.engine.store(), &deployment)
                });
                if let Some(previous) = previous {
                    self.ask_undo(previous);
                }
            }
        }
        Vec::new()
    }

    fn toggle_play(&mut self) {
        self.clock.play = match self.clock.play {
            Play::Playing => Play::Paused,
            Play::Paused | Play::Held => Play::Playing,
        };
    }

    /// Looking at another moment holds the clock; pause stays pause.
    pub(super) fn hold(&mut self) {
        if self.clock.play == Play::Playing {
            self.clock.play = Play::Held;
        }
    }

    pub(super) fn play_on(&mut self) {
        if self.clock.play == Play::Held {
            self.clock.play = Play::Playing;
        }
    }

    fn seek(&mut self, to: SimDuration) {
        self.hold();
        let end = SimDuration::from_micros((self.shown.chart.scale.end * 1e6) as i64);
        self.engine.seek(to.clamp(SimDuration::ZERO, end.max(self.engine.present())));
    }

    fn step(&mut self, forward: bool) {
        let to = match forward {
            true => self.engine.next_change(),
            false => self.engine.previous_change(),
        };
        if let Some(to) = to {
            self.clock.play = Play::Paused;
            self.engine.seek(to);
        }
    }

    fn manifest_changed(&mut self, change: impl FnOnce(&mut Manifest)) {
        change(&mut self.manifest);
        self.manifest.tint(self.engine.store());
    }

    fn close_file(&mut self, at: usize) {
        if let Some(name) = self.manifest.close(at) {
            if self.engine.session().files().get(&name).is_some() {
                self.act(Input::RemoveFile { name });
            }
            self.manifest.tint(self.engine.store());
        }
    }

    /// Does something now. The clock goes on unless someone pressed pause.
    pub(super) fn act(&mut self, input: Input) {
        self.perform(input);
        self.play_on();
    }

    /// The editor's texts become the session's files before a command that may read them.
    fn write_files(&mut self) {
        for file in self.manifest.files.clone() {
            let known = self.engine.session().files().get(&file.name);
            if known.is_none_or(|text| **text != *file.text) {
                self.perform(Input::EditFile { name: file.name, text: file.text.to_string() });
            }
        }
    }

    pub(super) fn command(&mut self, line: &str) {
        if self.answer(line) {
            self.prompt.remember(line);
            self.tab = Tab::Terminal;
            return;
        }
        self.write_files();
        self.prompt.remember(line);
        self.act(Input::Command { line: line.to_owned() });
        if line.contains("apply") && !self.was_refused() {
            self.note_applied();
        }
        self.tab = Tab::Terminal;
        self.announce_refusal();
    }

    fn apply(&mut self) {
        let file = self.manifest.file().clone();
        if self.answer(&apply_line(&file.name)) {
            self.tab = Tab::Terminal;
            return;
        }
        self.write_files();
        self.prompt.remember(&apply_line(&file.name));
        self.act(Input::Apply { file: file.name });
        if !self.was_refused() {
            self.manifest.files[self.manifest.active].applied = Some(file.text.clone());
            self.choose_applied(&file.text);
        }
        self.tab = Tab::Terminal;
        self.announce_refusal();
    }

    /// The Deployment that was applied is the one that is looked at.
    fn choose_applied(&mut self, text: &str) {
        let documents = yaml::parse(text).unwrap_or_default();
        let deployment = documents.iter().find(|document| document.value["kind"] == "Deployment");
        let Some(deployment) = deployment else { return };
        let metadata = &deployment.value["metadata"];
        if let Some(name) = metadata["name"].as_str() {
            let namespace = metadata["namespace"].as_str().unwrap_or("default");
            self.chosen = Some((namespace.to_owned(), name.to_owned()));
        }
    }

    /// Whether the last command ended with an error.
    fn was_refused(&self) -> bool {
        let entries = self.engine.session().transcript().entries();
        entries.last().and_then(|last| last.ended).is_some_and(|(_, exit)| exit != 0)
    }

    fn announce_refusal(&mut self) {
        let entries = self.engine.session().transcript().entries();
        let Some(last) = entries.last() else { return };
        if self.was_refused() {
            let message = (self.texts().said_refused)(last.printed(true).trim());
            self.announcer.say(message);
        }
    }

    fn prompt_entered(&mut self) {
        if self.prompt.offers.is_empty() {
            match self.prompt.enter() {
                Some(line) if line == "clear" => self.clear_terminal(),
                Some(line) => self.command(&line),
                None => {}
            }
        } else if let Some(offer) = self.prompt.offers.get(self.prompt.chosen).cloned() {
            self.prompt.accept(&offer);
        }
    }

    fn prompt_complete(&mut self) {
        self.write_files();
        let line = self.prompt.line.clone();
        let ways = self.engine.complete(&line);
        self.prompt.complete(ways);
    }

    fn ask_undo(&mut self, revision: i64) {
        let Some(deployment) = self.deployment() else { return };
        let plan: Option<UndoPlan> =
            revisions::plan_undo(self.engine.store(), &deployment, revision);
        self.dialog = plan.map(Dialog::Undo);
    }

    fn button(&mut self, button: Button) {
        let Some(deployment) = self.deployment() else { return };
        let name = &deployment.metadata.name;
        let line = match button {
            Button::Pause => format!("kubectl rollout pause deployment/{name}"),
            Button::Resume => format!("kubectl rollout resume deployment/{name}"),
            Button::Restart => format!("kubectl rollout restart deployment/{name}"),
            Button::Scale(replicas) => {
                format!("kubectl scale deployment/{name} --replicas={}", replicas.max(0))
            }
        };
        self.command(&line);
    }
}
