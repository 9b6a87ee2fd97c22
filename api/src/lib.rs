//! Satu Pintu: one door to social welfare for a city.
//!
//! Modules in floor order; a module uses only lower floors. `ARCHITECTURE.md` beside this crate explains the house.

// Floor 0: values and rules that need no database, no network and no clock.
pub mod kernel;

// Floor 1: the platform. Knows no domain word.
pub mod access;
pub mod config;
pub mod db;
pub mod http;
pub mod idempotency;
pub mod jobs;
pub mod search;

// Floor 2: reference.
pub mod accounts;
pub mod calendars;
pub mod codes;
pub mod identity;
pub mod operations;
pub mod organizations;
pub mod reference;
pub mod regions;
pub mod views;

// Floor 3: registry.
pub mod households;
pub mod instruments;
pub mod mandates;

// Floor 4: need and supply.
pub mod funding;
pub mod problems;
pub mod programs;

// Floor 5: decisions.
pub mod assessments;
pub mod benefits;
pub mod break_glass;
pub mod corrections;
pub mod matching;
pub mod referrals;
pub mod services;

// Floor 6: people's work over all of it.
pub mod allocations;
pub mod cases;
pub mod decisions;
pub mod duplicates;
pub mod evidence;
pub mod quality;

// Floor 7: doors, and what is kept behind them.
pub mod demo;
pub mod exports;
pub mod imports;
pub mod retention;

// Floor 8: everything put together.
pub mod app;
pub mod cli;
pub mod meta;
