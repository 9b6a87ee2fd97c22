//! Satu Pintu.
