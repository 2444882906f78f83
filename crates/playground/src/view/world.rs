//! The world panel.

use rollscope_playground::model::nodes::{self, NodeFacts};
use rollscope_playground::model::world::{Draft, Preset, Problem, WorldMsg};
use rollscope_playground::model::world_field::{
    Entry, Field, ImageField, NodeField, TimeField, TrafficField,
};
use rollscope_playground::model::{Model, Msg};
use rollscope_playground::texts::{Language, Texts};
use rollscope_scenario::NodeAction;
use yew::prelude::*;

use crate::browser::page;

/// Fields of an image rule that stand behind "More".
const MORE: [ImageField; 9] = [
    ImageField::Present,
    ImageField::RepullMs,
    ImageField::SizeMib,
    ImageField::Error,
    ImageField::StartError,
    ImageField::HangsAfterMs,
    ImageField::Oom,
    ImageField::StopExitCode,
    ImageField::ExitCode,
];

/// What the panel shows.
#[derive(Properties, PartialEq)]
pub struct WorldProps {
    draft: Draft,
    /// The nodes of a running cluster; none while the script's own are edited.
    running: Option<Vec<NodeFacts>>,
    language: Language,
    send: Callback<Msg>,
}

/// The panel, inside of its dialog.
pub fn world(model: &Model, send: &Callback<Msg>) -> Html {
    let running = !model.engine.is_untouched();
    html! {
        <Panel
            draft={model.draft.clone()}
            running={running.then(|| nodes::all(model.engine.store()))}
            language={model.language}
            {send}
        />
    }
}

/// Everything that the parts of the panel need.
struct Form<'a> {
    draft: &'a Draft,
    texts: &'static Texts,
    send: &'a Callback<Msg>,
}

#[component]
fn Panel(props: &WorldProps) -> Html {
    let WorldProps { draft, running, language, send } = props;
    let form = Form { draft, texts: language.texts(), send };
    let texts = &form.texts.world;
    let wrong = draft.first_wrong();
    use_effect_with(draft.refused, move |refused| {
        if let Some(field) = wrong.filter(|_| *refused > 0) {
            page::focus(&field.path());
        }
    });
    html! {
        <div class="world">
            <div class="world-top">
                <p class="dim">
                    { if running.is_some() { texts.intro_running } else { texts.intro_fresh } }
                </p>
                { form.presets() }
            </div>
            <section aria-labelledby="world-nodes">
                <h3 id="world-nodes">{ texts.nodes }</h3>
                { match running {
                    Some(nodes) => form.machines(nodes),
                    None => form.groups(),
                } }
            </section>
            <section aria-labelledby="world-images">
                <h3 id="world-images">{ texts.images }</h3>
                <p class="faint tiny">{ texts.images_note }</p>
                { form.images() }
            </section>
            <section aria-labelledby="world-traffic">
                <h3 id="world-traffic">{ texts.traffic }</h3>
                <p class="faint tiny">{ texts.traffic_note }</p>
                <div class="fields">{ for TrafficField::ALL.map(Field::Traffic).map(|field| form.field(field)) }</div>
            </section>
            <section aria-labelledby="world-times">
                <h3 id="world-times">{ texts.times }</h3>
                <div class="fields">{ for TimeField::ALL.map(Field::Time).map(|field| form.field(field)) }</div>
            </section>
            if let Some(problem) = draft.problem_elsewhere() {
                <p class="field-problem" role="alert">
                    { &problem.0 }{ ": " }{ texts.problem(&Problem::Invalid(problem.1.clone())) }
                </p>
            }
            { form.foot() }
        </div>
    }
}

impl Form<'_> {
    fn on(&self, msg: WorldMsg) -> Callback<MouseEvent> {
        self.send.reform(move |_| Msg::World(msg.clone()))
    }

    fn presets(&self) -> Html {
        let texts = &self.texts.world;
        let onchange = self.send.reform(|event: Event| {
            let chosen = page::value_of(&event).parse::<usize>().ok();
            page::reset_select(&event);
            let preset = chosen.and_then(|at| Preset::ALL.get(at)).copied();
            Msg::World(preset.map_or(WorldMsg::Open, WorldMsg::Preset))
        });
        html! {
            <select class="select" aria-label={texts.presets} {onchange}>
                <option value="" selected=true>{ texts.presets }</option>
                { for Preset::ALL.into_iter().enumerate().map(|(at, preset)| html! {
                    <option value={at.to_string()}>{ (texts.preset)(preset) }</option>
                }) }
            </select>
        }
    }

    /// One field with its label and with what is wrong with it.
    fn field(&self, field: Field) -> Html {
        let (texts, draft) = (&self.texts.world, self.draft);
        let id = field.path();
        let problem = draft.problem(field).map(|problem| texts.problem(&problem));
        let problem_id = format!("{id}-problem");
        let described = problem.is_some().then(|| problem_id.clone());
        let label = (texts.label)(field);
        if field.entry() == Entry::Switch {
            let on = !draft.text(field).is_empty();
            let onchange = self.send.reform(move |_: Event| {
                let text = if on { "" } else { "true" };
                Msg::World(WorldMsg::Edit(field, text.to_owned()))
            });
            return html! {
                <label class="switch" key={id.clone()}>
                    <input type="checkbox" {id} checked={on} {onchange} />
                    { label }
                </label>
            };
        }
        let oninput = self.send.reform(move |event: InputEvent| {
            Msg::World(WorldMsg::Edit(field, page::value_of(&event)))
        });
        html! {
            <label class="field" key={id.clone()}>
                <span>{ label }</span>
                <input
                    type="text"
                    {id}
                    value={draft.text(field)}
                    autocomplete="off"
                    spellcheck="false"
                    inputmode={(field.entry() == Entry::Number).then_some("numeric")}
                    placeholder={(field.entry() == Entry::OptionalRange).then_some("—")}
                    aria-invalid={problem.is_some().then_some("true")}
                    aria-describedby={described}
                    {oninput}
                />
                if let Some(problem) = problem {
                    <span class="field-problem" id={problem_id}>{ problem }</span>
                }
            </label>
        }
    }

    fn groups(&self) -> Html {
        let texts = &self.texts.world;
        let groups = 0..self.draft.world.nodes.0.len();
        html! {
            <>
                { for groups.map(|at| html! {
                    <div class="node-group" key={at}>
                        { for NodeField::ALL.map(|field| self.field(Field::Node(at, field))) }
                        <button
                            class="small quiet"
                            aria-label={(texts.remove_nodes)(at)}
                            onclick={self.on(WorldMsg::RemoveNodes(at))}
                        >
                            { texts.remove }
                        </button>
                    </div>
                }) }
                <button class="small" onclick={self.on(WorldMsg::AddNodes)}>
                    { texts.add_nodes }
                </button>
            </>
        }
    }

    fn machines(&self, nodes: &[NodeFacts]) -> Html {
        html! {
            <>
                <ul class="machines">{ for nodes.iter().map(|node| self.machine(node)) }</ul>
                { self.new_machine() }
            </>
        }
    }

    fn machine(&self, node: &NodeFacts) -> Html {
        let texts = &self.texts.world;
        let name = || node.name.clone();
        let action = |label: &'static str, msg: WorldMsg| {
            html! {
                <button
                    class="small quiet"
                    aria-label={(texts.on_node)(label, &node.name)}
                    onclick={self.on(msg)}
                >
                    { label }
                </button>
            }
        };
        let (cordon, cordoning) = match node.cordoned {
            true => (texts.uncordon, false),
            false => (texts.cordon, true),
        };
        let (reach, reaching) = match node.ready {
            true => (texts.lose, NodeAction::Lose),
            false => (texts.recover, NodeAction::Recover),
        };
        html! {
            <li key={node.name.clone()}>
                <code>{ &node.name }</code>
                <span class={if node.ready { "yes" } else { "no" }}>
                    { if node.ready { texts.ready } else { texts.not_ready } }
                    if node.cordoned {
                        { " · " }{ texts.cordoned }
                    }
                </span>
                <span class="dim tiny">
                    { (texts.node_pods)(node.pods.used, node.pods.of) }
                    { format!(" · CPU {}/{} · {}/{}",
                        nodes::cpu_text(node.cpu.used), nodes::cpu_text(node.cpu.of),
                        nodes::memory_text(node.memory.used), nodes::memory_text(node.memory.of)) }
                </span>
                <span class="machine-acts">
                    { action(cordon, WorldMsg::Cordon(name(), cordoning)) }
                    { action(texts.drain, WorldMsg::Drain(name())) }
                    { action(reach, WorldMsg::Act(name(), reaching)) }
                    { action(texts.remove, WorldMsg::Act(name(), NodeAction::Remove)) }
                </span>
            </li>
        }
    }

    fn new_machine(&self) -> Html {
        let texts = &self.texts.world;
        let machine = &self.draft.machine;
        let field = |field: NodeField| {
            let oninput = self.send.reform(move |event: InputEvent| {
                Msg::World(WorldMsg::EditMachine(field, page::value_of(&event)))
            });
            let problem = machine.problem.as_ref().filter(|(at, _)| *at == field);
            html! {
                <label class="field">
                    <span>{ (texts.label)(Field::Node(0, field)) }</span>
                    <input
                        type="text"
                        value={machine.typed.get(&field).cloned().unwrap_or_default()}
                        autocomplete="off"
                        spellcheck="false"
                        aria-invalid={problem.is_some().then_some("true")}
                        {oninput}
                    />
                    if let Some((_, problem)) = problem {
                        <span class="field-problem" role="alert">{ texts.problem(problem) }</span>
                    }
                </label>
            }
        };
        let fields = [NodeField::Name, NodeField::Cpu, NodeField::Memory, NodeField::Pods];
        html! {
            <div class="node-group">
                { for fields.into_iter().map(field) }
                <button class="small" onclick={self.on(WorldMsg::AddMachine)}>
                    { texts.add_machine }
                </button>
            </div>
        }
    }

    fn images(&self) -> Html {
        let texts = &self.texts.world;
        let rules = self.draft.world.images.len();
        html! {
            <>
                if rules == 0 {
                    <p class="dim">{ texts.no_images }</p>
                }
                { for (0..rules).map(|at| self.image(at)) }
                <button class="small" onclick={self.on(WorldMsg::AddImage)}>
                    { texts.add_image }
                </button>
            </>
        }
    }

    fn image(&self, at: usize) -> Html {
        let texts = &self.texts.world;
        let pattern = self.draft.text(Field::Image(at, ImageField::Image));
        let field = |field: ImageField| self.field(Field::Image(at, field));
        let behind_more = |field: &ImageField| MORE.contains(field);
        let first = ImageField::ALL.into_iter().skip(1).filter(|field| !behind_more(field));
        let more = ImageField::ALL.into_iter().filter(behind_more);
        // What is wrong must not be hidden.
        let wrong = MORE.iter().any(|one| self.draft.problem(Field::Image(at, *one)).is_some());
        html! {
            <fieldset class="rule-card" key={at}>
                <div class="rule-head">
                    { field(ImageField::Image) }
                    if self.draft.idle.contains(&at) {
                        <span class="idle">{ texts.idle }</span>
                    }
                    <span class="grow"></span>
                    if at > 0 {
                        <button class="small quiet" onclick={self.on(WorldMsg::RaiseImage(at))}>
                            { texts.raise }
                        </button>
                    }
                    <button
                        class="small quiet"
                        aria-label={(texts.remove_image)(&pattern)}
                        onclick={self.on(WorldMsg::RemoveImage(at))}
                    >
                        { texts.remove }
                    </button>
                </div>
                <div class="fields">{ for first.map(field) }</div>
                <details open={wrong}>
                    <summary>{ texts.more }</summary>
                    <div class="fields">{ for more.map(field) }</div>
                </details>
            </fieldset>
        }
    }

    fn foot(&self) -> Html {
        let texts = &self.texts.world;
        let touched = self.draft.touched;
        html! {
            <div class="dialog-foot">
                if touched {
                    <span class="dim tiny">{ texts.draft_kept }</span>
                }
                <span class="grow"></span>
                <button disabled={!touched} onclick={self.on(WorldMsg::Revert)}>
                    { texts.revert }
                </button>
                <button onclick={self.send.reform(|_| Msg::CloseDialog)}>{ self.texts.close }</button>
                <button class="primary" disabled={!touched} onclick={self.on(WorldMsg::Use)}>
                    { texts.use_it }
                </button>
            </div>
        }
    }
}
