//! Services with their requests, and the list of the lost ones.

use rollscope_playground::model::shared::Shared;
use rollscope_playground::model::traffic::{Chain, LostRow, ServiceRow, TrafficMsg};
use rollscope_playground::model::{Model, Msg};
use rollscope_playground::texts::{Language, Texts};
use yew::prelude::*;

/// The colours of revisions, for the canvas to read.
const TINTS: [&str; 8] = ["rev-0", "rev-1", "rev-2", "rev-3", "rev-4", "rev-5", "rev-6", "rev-7"];

/// What the rows show.
#[derive(Properties, PartialEq)]
pub struct ServicesProps {
    /// The Services.
    pub services: Shared<Vec<ServiceRow>>,
    /// The language spoken.
    pub language: Language,
    /// Where presses go.
    pub send: Callback<Msg>,
}

/// The Services below the lanes: requests set out from here.
#[component]
pub fn Services(props: &ServicesProps) -> Html {
    let ServicesProps { services, language, send } = props;
    if services.is_empty() {
        return Html::default();
    }
    let texts = language.texts();
    html! {
        <div class="services" role="none">
            { for services.iter().map(|row| service(row, texts, send)) }
        </div>
    }
}

fn service(row: &ServiceRow, texts: &'static Texts, send: &Callback<Msg>) -> Html {
    let said = &texts.traffic;
    let flow = match (row.rate, row.flows) {
        (0, _) => said.no_clients.to_owned(),
        (_, false) => said.waits_for_endpoint.to_owned(),
        (rate, true) => (said.rate)(rate),
    };
    html! {
        <div class="service" role="none" key={row.key.clone()} data-service={row.key.clone()}>
            <span class="service-name">{ said.service }{ " " }<b>{ &row.name }</b></span>
            <span class="service-facts">
                { flow }{ " · " }{ (said.sent)(row.sent) }{ " · " }
                if row.lost > 0 {
                    <b class="below">{ (said.lost)(row.lost, row.lost_per_mille()) }</b>
                    <button
                        class="small quiet"
                        onclick={send.reform(|_| Msg::Traffic(TrafficMsg::ShowLost))}
                    >
                        { said.show_lost }
                    </button>
                } else {
                    { said.none_lost }
                }
                { " · " }{ (said.routes)(row.routes) }
            </span>
        </div>
    }
}

/// The canvas that requests are drawn on, over the whole stage. What it shows is said in numbers
/// beside it.
#[component]
pub fn Dots() -> Html {
    html! {
        <>
            <canvas id="dots" class="dots" aria-hidden="true"></canvas>
            <span id="tints" hidden=true>
                { for TINTS.iter().map(|tint| html! { <i class={*tint}></i> }) }
                <i class="tint-lost"></i>
            </span>
        </>
    }
}

/// The tab of lost requests.
pub fn lost(model: &Model, send: &Callback<Msg>) -> Html {
    let texts = model.texts();
    let rows = &model.shown.lost;
    if rows.is_empty() {
        let empty = match model.shown.services.is_empty() {
            true => texts.traffic.requests_empty,
            false => texts.traffic.requests_none,
        };
        return html! { <p class="tab-empty">{ empty }</p> };
    }
    html! {
        <>
            { summary(&model.shown.services, texts) }
            <ul class="lost" aria-label={texts.traffic.requests}>
                { for rows.iter().map(|row| lost_row(row, send)) }
            </ul>
        </>
    }
}

/// How many were lost for which cause.
fn summary(services: &[ServiceRow], texts: &'static Texts) -> Html {
    let causes = services.iter().flat_map(|row| row.causes.iter().map(move |one| (row, one)));
    html! {
        <ul class="causes">
            { for causes.map(|(row, (cause, count))| html! {
                <li>
                    <b>{ count }</b>{ " " }{ (texts.traffic.cause)(*cause) }
                    if services.len() > 1 {
                        <span class="faint">{ format!(" · {}", row.name) }</span>
                    }
                </li>
            }) }
        </ul>
    }
}

fn hundredths(at: i64) -> String {
    format!("{:02}:{:02}.{:02}", at / 6_000, at / 100 % 60, at % 100)
}

fn lost_row(row: &LostRow, send: &Callback<Msg>) -> Html {
    let id = row.id.clone();
    let open = row.chain.is_some();
    html! {
        <li key={format!("{} {}", row.id.0, row.id.1)}>
            <button
                class="lost-head"
                aria-expanded={open.to_string()}
                onclick={send.reform(move |_| Msg::Traffic(TrafficMsg::Toggle(id.clone())))}
            >
                <span class="when">{ hundredths(row.at_hundredths) }</span>
                <span class="cause">{ row.cause }</span>
                <code class="dim">{ row.pod.clone().unwrap_or_else(|| row.service.clone()) }</code>
            </button>
            if let Some(chain) = &row.chain {
                { chain_view(chain) }
            }
        </li>
    }
}

fn chain_view(chain: &Chain) -> Html {
    html! {
        <div class="chain">
            <p>{ chain.gist }</p>
            <ol>
                { for chain.facts.iter().map(|(at, fact)| html! {
                    <li>
                        <span class="when">
                            { format!("{:02}:{:02}.{:03}", at / 60_000, at / 1_000 % 60, at % 1_000) }
                        </span>
                        <span>{ fact }</span>
                    </li>
                }) }
            </ol>
        </div>
    }
}
