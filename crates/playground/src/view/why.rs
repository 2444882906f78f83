//! Why: decisions with their numbers, and what is waited for.

use rollscope_api::SimDuration;
use rollscope_playground::model::clock::clock_text;
use rollscope_playground::model::shared::Shared;
use rollscope_playground::model::why::{Reason, WhyNow};
use rollscope_playground::texts::{Language, Texts};
use yew::prelude::*;

/// One decision: the sentence, the numbers, the rule.
pub fn reason(reason: &Reason) -> Html {
    html! {
        <>
            <div>{ &reason.text }</div>
            if !reason.numbers.is_empty() {
                <div class="numbers">{ &reason.numbers }</div>
            }
            <div class="rule">{ &reason.rule }</div>
        </>
    }
}

/// The tab: what is waited for, then all decisions, latest first.
pub fn tab(reasons: &[Reason], now: &WhyNow, texts: &'static Texts) -> Html {
    if reasons.is_empty() {
        return html! { <p class="tab-empty">{ texts.why_empty }</p> };
    }
    html! {
        <>
            if !now.waits.is_empty() {
                <section class="why waits" aria-label={texts.why_waits}>
                    <h3 class="tiny">{ texts.why_waits }</h3>
                    <ul>{ for now.waits.iter().map(|wait| html! { <li>{ wait }</li> }) }</ul>
                </section>
            }
            <ol class="why" aria-label={texts.why_decided}>
                { for reasons.iter().map(|one| html! {
                    <li>
                        <span class="when">
                            { clock_text(SimDuration::from_millis(one.at_tenths * 100)) }
                        </span>
                        <div>{ reason(one) }</div>
                    </li>
                }) }
            </ol>
        </>
    }
}

/// What the box shows.
#[derive(Properties, PartialEq)]
pub struct NowProps {
    /// What is said.
    pub now: Shared<WhyNow>,
    /// The language spoken.
    pub language: Language,
}

/// The latest decision and the first things that are waited for, always in view.
#[component]
pub fn Now(props: &NowProps) -> Html {
    let texts = props.language.texts();
    let Some(latest) = &props.now.reason else { return Html::default() };
    html! {
        <section class="why-now" tabindex="0" aria-label={texts.why_now}>
            <h3 class="tiny">{ texts.why_now }</h3>
            { reason(latest) }
            { for props.now.waits.iter().take(2).map(|wait| html! { <p class="wait">{ wait }</p> }) }
        </section>
    }
}
