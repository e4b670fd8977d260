//! What a new visitor sees. The other examples are no part of the app: the page's gallery fetches them when it is opened.

/// Name and text of the first example.
pub const FIRST: (&str, &str) = ("risky-web.yaml", include_str!("../../static/examples/risky-web.yaml"));
