//! Everything that can happen to the page, and everything the page asks of the browser.

use rollscope_api::SimDuration;

use super::drawer::Tab;
use super::forecasting::ForecastMsg;
use super::hands::HandsMsg;
use super::keys::Shortcut;
use super::runs::RunsMsg;
use super::session::SessionMsg;
use super::share::{Copied, ShareMsg};
use super::stage::Grouping;
use super::traffic::TrafficMsg;
use super::trials::TrialMsg;
use super::world::WorldMsg;

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Msg {
    /// A frame is due: so much real time has passed, and the last update and drawing took so long,
    /// in microseconds.
    Frame {
        /// Since the frame before.
        elapsed_us: i64,
        /// The work of the frame before.
        work_us: i64,
    },
    /// A key was pressed outside of fields.
    Shortcut(Shortcut),
    /// Play or pause was pressed.
    TogglePlay,
    /// To the next event.
    StepForward,
    /// To the event before.
    StepBack,
    /// A speed was chosen, in hundredths.
    SetSpeed(u32),
    /// Another moment was chosen.
    Seek(SimDuration),
    /// The time's handle is being dragged, and is there now. The next frame shows that moment:
    /// between two frames there may be several.
    Drag(SimDuration),
    /// To where actions take place.
    ToPresent,

    /// The editor holds another text.
    Edited(String),
    /// A tab was chosen.
    OpenFile(usize),
    /// A tab was closed.
    CloseFile(usize),
    /// A new file is wanted.
    NewFile,
    /// An example was chosen.
    LoadExample(usize),
    /// Apply was pressed.
    Apply,
    /// A problem was pressed: to its line and column.
    GoTo(usize, usize),

    /// The prompt holds another line.
    PromptEdited(String),
    /// Enter in the prompt.
    PromptEntered,
    /// Arrow up (true) or down in the prompt.
    PromptHistory(bool),
    /// Tab in the prompt.
    PromptComplete,
    /// An offer was pressed.
    PromptAccept(usize),
    /// Escape in the prompt.
    PromptDismiss,
    /// Ctrl+C.
    Interrupt,
    /// What the terminal holds is hidden.
    ClearTerminal,
    /// `kubectl edit` was saved.
    SaveEdit(String),

    /// A lost request was looked at.
    Traffic(TrafficMsg),
    /// The world panel was used.
    World(WorldMsg),
    /// Something on the stage was pointed at, or done by its menu.
    Hands(HandsMsg),

    /// A tab of the drawer was chosen.
    ShowTab(Tab),
    /// A pod was chosen.
    ChoosePod(String),
    /// The inspector shows YAML (true) or the description.
    InspectYaml(bool),
    /// Rows by ReplicaSet or by node.
    Group(Grouping),
    /// A Deployment was chosen.
    ChooseDeployment(String),

    /// An undo button was pressed: the dialog asks.
    AskUndo(i64),
    /// The dialog's Undo was pressed.
    ConfirmUndo,
    /// A dialog was closed.
    CloseDialog,
    /// Help was asked for.
    ShowHelp,
    /// A button that stands for a command was pressed.
    Button(Button),

    /// Runs: see there.
    Runs(RunsMsg),
    /// Links and files: see there.
    Share(ShareMsg),
    /// The session as a whole: see there.
    Session(SessionMsg),

    /// The explorer and the sweep: see there.
    Trial(TrialMsg),
    /// The worker of the forecast: see there.
    Forecast(ForecastMsg),

    /// The chart has another size.
    ChartResized(f64, f64),
    /// The other theme is wanted; the argument says whether it is dark now.
    ToggleTheme(bool),
    /// Larger or normal type is wanted.
    ToggleProjector,
    /// The other language is wanted.
    ToggleLanguage,
}

impl Msg {
    /// Nothing is shown of it before the next frame.
    pub fn is_shown_later(&self) -> bool {
        matches!(self, Self::Drag(_))
    }
}

/// Buttons that stand for a command about the chosen Deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Button {
    /// `kubectl rollout pause`
    Pause,
    /// `kubectl rollout resume`
    Resume,
    /// `kubectl rollout restart`
    Restart,
    /// `kubectl scale --replicas=`
    Scale(i32),
}

/// What the page asks of the browser.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// A worker takes up this request; what it finds is told with [`TrialMsg::Report`].
    StartJob(String),
    /// The worker has nothing to do any more.
    StopJob,
    /// The forecasts' own worker takes up this request, in place of any other; what it finds is told
    /// with [`ForecastMsg::Report`].
    StartForecast(String),
    /// The prompt gets the focus.
    FocusPrompt,
    /// The choices of theme, size and language are kept for the next visit.
    KeepView,
    /// A text goes to the clipboard; what became of it is told with [`ShareMsg::HasCopied`].
    Copy(Copied, String),
    /// A file is saved.
    SaveFile {
        /// Its name.
        name: String,
        /// What is in it.
        text: String,
    },
    /// An address is opened in a tab of its own.
    OpenPage(String),
    /// A file is chosen and told with [`ShareMsg::File`].
    PickFile,
    /// What is kept from now on is another session; the one before stays as it was kept last.
    BeginSession,
    /// The session before the last [`Effect::BeginSession`] goes on.
    FormerSession,
}
