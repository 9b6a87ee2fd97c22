//! Empty on purpose: the tests are one binary, `main.rs`, and their helpers lie in `harness/`.
