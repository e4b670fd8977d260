//! What the labels of a namespace ask for.
