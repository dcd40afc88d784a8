mod app;
mod config;
mod echo;
mod health;
pub mod log;
mod problem;
mod serve;

pub use config::{Config, read_config};
pub use health::check_health;
pub use serve::{Bounds, serve};
