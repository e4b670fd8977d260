//! What is known about capabilities, paths and runtimes: data with its sources, and look-ups.
