use yew::prelude::*;

/// A drawn sign of 16 units; words beside it say what it means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Icon {
    Chevron,
    Close,
    Copy,
    Download,
    File,
    Gear,
    Info,
    Lock,
    Plus,
    Search,
    Share,
    Tick,
    Warning,
    Wrench,
}

/// What opens in place has it in front, or behind; styles turn it when it is open.
pub(crate) fn turn() -> Html {
    html! { <span class="turn">{ Icon::Chevron.draw() }</span> }
}

impl Icon {
    fn path(self) -> &'static str {
        match self {
            Self::Chevron => "m6 3.5 4.5 4.5L6 12.5",
            Self::Close => "m4 4 8 8m0-8-8 8",
            Self::Copy => "M5.5 5.5h7v8h-7zM3.5 10.5v-8h7",
            Self::Download => "M8 2.5v7.5m-3-3 3 3 3-3M3 13.5h10",
            Self::File => "M4 2.5h5l3 3v8H4zM9 2.5v3h3",
            Self::Gear => "M2.5 4.5h5m3 0h3m-11 7h3m3 0h5M9 3v3M6.5 10v3",
            Self::Info => "M8 7.5v3.5M8 5h.01M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0",
            Self::Lock => "M4 7.5h8v6H4zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5",
            Self::Plus => "M8 3v10M3 8h10",
            Self::Search => "m10.5 10.5 3 3M12 7A5 5 0 1 1 2 7a5 5 0 0 1 10 0",
            Self::Share => "M8 10V2.5m-3 3 3-3 3 3M3.5 8v5.5h9V8",
            Self::Tick => "m3 8.5 3.5 3.5L13 4.5",
            Self::Warning => "M8 2.5 14 13H2zM8 6.5V9m0 2h.01",
            Self::Wrench => "M10 2.5a3.5 3.5 0 0 0-3 5L2.5 12l1.5 1.5L8.5 9a3.5 3.5 0 0 0 5-3l-2 1-2-2z",
        }
    }

    pub(crate) fn draw(self) -> Html {
        html! {
            <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
                <path d={self.path()} fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round"
                    stroke-linejoin="round" />
            </svg>
        }
    }
}
