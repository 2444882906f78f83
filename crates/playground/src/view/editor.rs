//! The editor: CodeMirror where its bundle is there, a plain field where it is not.

use std::rc::Rc;

use rollscope_api::diagnose::Diagnostic;
use rollscope_playground::model::Msg;
use rollscope_playground::model::manifest::Tint;
use rollscope_playground::model::shared::Shared;
use rollscope_playground::texts::Language;
use yew::prelude::*;

use crate::browser::editor::Editor as Bundle;
use crate::browser::page;

/// What the editor shows.
#[derive(Properties, PartialEq)]
pub struct EditorProps {
    /// The language spoken.
    pub language: Language,
    /// Where changes go.
    pub send: Callback<Msg>,
    /// The file's name.
    pub name: String,
    /// The file's text.
    pub text: Rc<str>,
    /// What is wrong with it.
    pub problems: Shared<Vec<Diagnostic>>,
    /// Which of its lines matter.
    pub tint: Shared<Tint>,
    /// The place to be shown.
    pub place: Option<(usize, usize, usize)>,
}

/// The editor.
#[component]
pub fn Editor(props: &EditorProps) -> Html {
    let EditorProps { language, send, name, text, problems, tint, place } = props;
    let texts = language.texts();
    let parent = use_node_ref();
    let bundle = use_mut_ref(|| None::<Bundle>);
    let plain = use_state(|| false);
    {
        let (parent, bundle, plain, send) =
            (parent.clone(), bundle.clone(), plain.clone(), send.clone());
        use_effect_with((), move |()| {
            let change = send.reform(Msg::Edited);
            let apply = send.reform(|()| Msg::Apply);
            let opened = parent
                .cast::<web_sys::Element>()
                .and_then(|parent| Bundle::open(&parent, texts, change, apply));
            plain.set(opened.is_none());
            *bundle.borrow_mut() = opened;
        });
    }
    {
        let bundle = bundle.clone();
        use_effect_with((name.clone(), text.clone()), move |(name, text)| {
            if let Some(bundle) = &*bundle.borrow() {
                bundle.show(name, text);
            }
        });
    }
    {
        let bundle = bundle.clone();
        use_effect_with((name.clone(), problems.clone()), move |(_, problems)| {
            if let Some(bundle) = &*bundle.borrow() {
                bundle.set_problems(problems);
            }
        });
    }
    {
        let bundle = bundle.clone();
        use_effect_with((name.clone(), tint.clone()), move |(_, tint)| {
            if let Some(bundle) = &*bundle.borrow() {
                bundle.set_tint(tint);
            }
        });
    }
    {
        let bundle = bundle.clone();
        use_effect_with(*language, move |language| {
            if let Some(bundle) = &*bundle.borrow() {
                bundle.set_words(language.texts());
            }
        });
    }
    {
        let bundle = bundle.clone();
        use_effect_with(*place, move |place| {
            if let (Some(bundle), Some((_, line, column))) = (&*bundle.borrow(), *place) {
                bundle.go_to(line, column);
            }
        });
    }
    let oninput = send.reform(|event: InputEvent| Msg::Edited(page::value_of(&event)));
    html! {
        <div class="editor" ref={parent}>
            if *plain {
                <textarea
                    aria-label={texts.manifest}
                    placeholder={texts.editor_empty}
                    spellcheck="false"
                    value={text.to_string()}
                    {oninput}
                />
            }
        </div>
    }
}
