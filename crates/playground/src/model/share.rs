//! Sharing: a link, a file, a part of the page in another one. And opening what was shared.

use std::rc::Rc;

use rollscope_api::{SimDuration, yaml};
use rollscope_scenario::autosave;
use rollscope_scenario::share::{self, FileError, Link, TooLong};
use rollscope_scenario::{Input, Script, TimedInput, View};

use super::notice::{Notice, Offer};
use super::{Dialog, Effect, Model};

/// The files that the page writes end with this.
const EXTENSION: &str = "rollscope.yaml";

/// What happened about sharing.
#[derive(Clone, Debug, PartialEq)]
pub enum ShareMsg {
    /// Share was pressed.
    Open,
    /// The link is to open playing, or not.
    SetPlaying(bool),
    /// A panel is to be in the embedded page, or not.
    TogglePanel(Panel),
    /// One of the two texts is to be copied.
    Copy(Copied),
    /// The browser has copied it, or refused.
    HasCopied(Copied, bool),
    /// The run is to be saved as a file.
    Save,
    /// A file is to be chosen.
    Pick,
    /// A file was chosen or dropped.
    File(Dropped),
    /// A file is held over the page, or no longer.
    Hover(bool),
    /// An embedded page is wanted on a page of its own.
    OpenPage,
    /// The address has another fragment.
    Fragment(String),
}

/// The two texts that are copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copied {
    /// The link.
    Link,
    /// HTML that embeds the page.
    Embed,
}

/// A file from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dropped {
    /// Its name.
    pub name: String,
    /// What is in it, or how many bytes are too many.
    pub bytes: Result<Rc<[u8]>, usize>,
}

/// A panel of the page that can be embedded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is named after its panel")]
pub enum Panel {
    Manifest,
    Stage,
    Revisions,
    Drawer,
    Timeline,
}

impl Panel {
    /// In their order on the page.
    pub const ALL: [Self; 5] =
        [Self::Manifest, Self::Stage, Self::Revisions, Self::Drawer, Self::Timeline];
    /// What is embedded where nothing is chosen.
    pub const USUAL: [Self; 2] = [Self::Stage, Self::Timeline];

    /// As addresses name it.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Manifest => "manifest",
            Self::Stage => "stage",
            Self::Revisions => "revisions",
            Self::Drawer => "drawer",
            Self::Timeline => "timeline",
        }
    }
}

/// The panels of an embedded page, by the query of its address: `?embed`, `?embed=stage,timeline`.
/// `None` for a page of its own. Names that are not known count as nothing.
pub fn embedded(query: &str) -> Option<Vec<Panel>> {
    let parts = query.trim_start_matches('?').split('&');
    let value = parts
        .filter_map(|part| part.strip_prefix("embed"))
        .find(|rest| rest.is_empty() || rest.starts_with('='))?;
    let names = value.trim_start_matches('=').replace("%2C", ",").replace("%2c", ",");
    let named = |panel: &Panel| names.split(',').any(|name| name == panel.id());
    let panels: Vec<Panel> = Panel::ALL.into_iter().filter(named).collect();
    Some(if panels.is_empty() { Panel::USUAL.to_vec() } else { panels })
}

/// What the dialog shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Sharing {
    /// The moment at which the link opens, since the start.
    pub moment: SimDuration,
    /// Whether it opens playing.
    pub playing: bool,
    /// The link, or how much too long it would be.
    pub link: Result<String, TooLong>,
    /// The panels to be embedded.
    pub panels: Vec<Panel>,
    /// HTML that embeds them; empty where there is no link.
    pub embed: String,
    /// What was copied last, and whether the browser did.
    pub copied: Option<(Copied, bool)>,
}

impl Model {
    pub(super) fn take_share(&mut self, msg: ShareMsg) -> Vec<Effect> {
        match msg {
            ShareMsg::Open => {
                let sharing = self.sharing(self.clock.is_playing(), Panel::USUAL.to_vec());
                self.dialog = Some(Dialog::Share(Box::new(sharing)));
            }
            ShareMsg::SetPlaying(playing) => {
                if let Some(Dialog::Share(sharing)) = self.dialog.take() {
                    let next = self.sharing(playing, sharing.panels);
                    self.dialog = Some(Dialog::Share(Box::new(next)));
                }
            }
            ShareMsg::TogglePanel(panel) => {
                if let Some(Dialog::Share(sharing)) = self.dialog.take() {
                    let chosen = |one: &Panel| sharing.panels.contains(one) != (*one == panel);
                    let panels = Panel::ALL.into_iter().filter(chosen).collect();
                    let next = self.sharing(sharing.playing, panels);
                    self.dialog = Some(Dialog::Share(Box::new(next)));
                }
            }
            ShareMsg::Copy(what) => {
                if let Some(Dialog::Share(sharing)) = &self.dialog {
                    let text = match what {
                        Copied::Link => sharing.link.clone().unwrap_or_default(),
                        Copied::Embed => sharing.embed.clone(),
                    };
                    return vec![Effect::Copy(what, text)];
                }
            }
            ShareMsg::HasCopied(what, done) => {
                if let Some(Dialog::Share(sharing)) = &mut self.dialog {
                    sharing.copied = Some((what, done));
                }
                let texts = self.texts().session;
                self.announcer.say(if done { texts.copied } else { texts.copy_failed }.to_owned());
            }
            ShareMsg::Save => {
                let name = format!("{}.{EXTENSION}", self.title().replace('/', "-"));
                let at = self.engine.moment_wanted();
                let view = View { at, playing: self.clock.is_playing() };
                let text = share::export(&self.script_to_share(), Some(view));
                return vec![Effect::SaveFile { name, text }];
            }
            ShareMsg::Pick => return vec![Effect::PickFile],
            ShareMsg::Hover(over) => self.is_file_over = over,
            ShareMsg::File(file) => {
                self.is_file_over = false;
                return self.open_file(&file);
            }
            ShareMsg::OpenPage => {
                let sharing = self.sharing(self.clock.is_playing(), Vec::new());
                let address = sharing.link.unwrap_or_else(|_| self.address.clone());
                return vec![Effect::OpenPage(address)];
            }
            ShareMsg::Fragment(fragment) => return self.open_link(&fragment),
        }
        Vec::new()
    }

    /// The current run with the editor's texts as they are, applied or not.
    fn script_to_share(&self) -> Script {
        let timeline = self.engine.timeline();
        let mut script = timeline.script().clone();
        let last = script.inputs.last().map_or(SimDuration::ZERO, |timed| timed.at);
        let at = last.max(self.engine.elapsed());
        let texts = super::session::texts_of(&script).0;
        for file in &self.manifest.files {
            if texts.get(&file.name).is_none_or(|text| **text != *file.text) {
                let (name, text) = (file.name.clone(), file.text.to_string());
                script.inputs.push(TimedInput { at, input: Input::EditFile { name, text } });
            }
        }
        script
    }

    fn sharing(&self, playing: bool, panels: Vec<Panel>) -> Sharing {
        let moment = self.engine.moment_wanted();
        let link = Link { script: self.script_to_share(), moment, playing };
        let fragment = share::to_fragment(&link);
        let names: Vec<&str> = panels.iter().map(|panel| panel.id()).collect();
        let embed = fragment.as_ref().map_or(String::new(), |fragment| {
            format!(
                "<iframe src=\"{}?embed={}#{fragment}\" title=\"Rollscope\" width=\"100%\" height=\"600\" loading=\"lazy\"></iframe>",
                escape(&self.address),
                names.join(","),
            )
        });
        let link = fragment.map(|fragment| format!("{}#{fragment}", self.address));
        Sharing { moment, playing, link, panels, embed, copied: None }
    }

    /// Opens a link in place of what is here, which can be brought back. A link that cannot be
    /// opened changes nothing.
    pub(super) fn open_link(&mut self, fragment: &str) -> Vec<Effect> {
        if !share::has_link(fragment) {
            return Vec::new();
        }
        let texts = self.texts().session;
        match share::from_fragment(fragment) {
            Err(error) => {
                let error = (texts.link_error)(&error);
                let text = (texts.broken_link)(error.trim_end_matches('.'));
                self.announcer.say(text.clone());
                self.notice = Some(Notice::problem(text));
                Vec::new()
            }
            Ok(opened) => {
                let mut text = texts.opened_link.to_owned();
                if opened.is_of_another_engine() {
                    text = format!("{text} {}", (texts.other_engine)(&opened.engine));
                }
                let Link { script, moment, playing } = opened.link;
                self.open_script(script, moment, playing);
                self.tell_opened(text);
                vec![Effect::BeginSession]
            }
        }
    }

    fn open_file(&mut self, file: &Dropped) -> Vec<Effect> {
        let texts = self.texts().session;
        let opened = match &file.bytes {
            Err(bytes) => Err((texts.file_error)(&FileError::TooLarge { bytes: *bytes })),
            Ok(bytes) => match manifest_in(bytes) {
                Some(text) => return self.open_manifest(&file.name, text),
                None => self.open_bytes(bytes),
            },
        };
        match opened {
            Ok(()) => {
                self.tell_opened((texts.opened_file)(&file.name));
                vec![Effect::BeginSession]
            }
            Err(error) => {
                let error = error.trim_end_matches('.');
                let text = (texts.broken_file)(&file.name, error);
                self.announcer.say(text.clone());
                self.notice = Some(Notice::problem(text));
                Vec::new()
            }
        }
    }

    /// A manifest is not a session: it is opened in the editor.
    fn open_manifest(&mut self, name: &str, text: &str) -> Vec<Effect> {
        self.manifest.take_in(name, text);
        self.manifest.tint(self.engine.store());
        self.dialog = None;
        let text = (self.texts().session.taken_in)(name);
        self.announcer.say(text.clone());
        self.notice = Some(Notice::told(text));
        Vec::new()
    }

    fn open_bytes(&mut self, bytes: &[u8]) -> Result<(), String> {
        // What a crash left behind is opened as well.
        if let Ok(text) = std::str::from_utf8(bytes)
            && autosave::Header::parse(text).is_ok()
        {
            return self.open_record(text);
        }
        let (script, view) =
            share::import(bytes).map_err(|error| (self.texts().session.file_error)(&error))?;
        // One goes on where the file says, or else where the session ended.
        let end = script.inputs.last().map_or(SimDuration::ZERO, |timed| timed.at);
        let view = view.unwrap_or(View { at: end, playing: true });
        self.open_script(script, view.at, view.playing);
        Ok(())
    }

    pub(super) fn tell_opened(&mut self, text: String) {
        self.dialog = None;
        self.announcer.say(text.clone());
        let notice = Notice::told(text);
        let was_something = self.set_aside.as_ref().is_some_and(|before| before.is_worth_it());
        self.notice = Some(if was_something { notice.offering(Offer::BringBack) } else { notice });
    }
}

/// The text, if it is made of Kubernetes objects.
fn manifest_in(bytes: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(bytes).ok()?;
    let documents = yaml::parse(text).ok()?;
    let is_object = |document: &yaml::Document| {
        document.value["kind"].is_string() && document.value["apiVersion"].is_string()
    };
    documents.iter().any(is_object).then_some(text)
}

/// A text within an attribute of HTML.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panels_are_chosen_by_the_address() {
        assert_eq!(embedded(""), None);
        assert_eq!(embedded("?embedded=1"), None);
        assert_eq!(embedded("?embed"), Some(Panel::USUAL.to_vec()));
        assert_eq!(embedded("?a=b&embed="), Some(Panel::USUAL.to_vec()));
        let three = [Panel::Manifest, Panel::Stage, Panel::Drawer];
        assert_eq!(embedded("?embed=drawer,stage%2Cmanifest,nonsense"), Some(three.to_vec()));
    }

    #[test]
    fn addresses_are_escaped() {
        assert_eq!(escape("https://a.b/?x=1&y=\"<"), "https://a.b/?x=1&amp;y=&quot;&lt;");
    }
}
