//! Small pictures.

use yew::prelude::*;

fn icon(path: &'static str) -> Html {
    html! { <svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d={path} /></svg> }
}

/// A triangle.
pub fn play() -> Html {
    icon("M3.5 1.8v12.4a.7.7 0 0 0 1.1.6l9.6-6.2a.7.7 0 0 0 0-1.2L4.6 1.2a.7.7 0 0 0-1.1.6z")
}

/// Two bars.
pub fn pause() -> Html {
    icon("M3 1.5h3.4v13H3zM9.6 1.5H13v13H9.6z")
}

/// To the right, against a bar.
pub fn step() -> Html {
    icon("M2 1.8v12.4L11 8zM11.6 1.5H14v13h-2.4z")
}

/// Back, turned around to the left.
pub fn take_back() -> Html {
    icon("M6.6 1.6 2 6l4.6 4.4V7.6h2.9a2.7 2.7 0 0 1 0 5.4H5v2h4.5a4.7 4.7 0 0 0 0-9.4H6.6z")
}

/// Again, turned around to the right.
pub fn redo() -> Html {
    icon("M9.4 1.6 14 6l-4.6 4.4V7.6H6.5a2.7 2.7 0 0 0 0 5.4H11v2H6.5a4.7 4.7 0 0 1 0-9.4h2.9z")
}

/// To the left, against a bar.
pub fn step_back() -> Html {
    icon("M14 1.8v12.4L5 8zM4.4 1.5H2v13h2.4z")
}
