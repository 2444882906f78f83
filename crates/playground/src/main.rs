//! The page: a Yew application over the simulated cluster.

#[cfg(target_arch = "wasm32")]
fn main() {
    use yew::prelude::*;
    #[component]
    fn App() -> Html {
        html! { <p>{ "hello" }</p> }
    }
    let root = web_sys::window().unwrap().document().unwrap().get_element_by_id("app").unwrap();
    yew::Renderer::<App>::with_root(root).render();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!("The page runs in a browser: cargo xtask serve");
}
