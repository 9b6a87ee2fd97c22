//! Helpers shared by the black-box tests live under `harness`; this library is empty on purpose.
