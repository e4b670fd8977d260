//! Missing layers of defence.
