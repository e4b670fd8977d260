//! What the components share.

mod use_page;

pub(crate) use use_page::{Page, Shared, use_page, use_store};
