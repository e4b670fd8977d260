//! Good housekeeping.
