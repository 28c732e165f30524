//! Pages of flows, as a browser sees them: a service on a real socket in front of the stand-in, and a browser with cookies.

mod app;
mod browser;
mod direct;
mod errors;
mod factors;
mod flows;
mod outages;
mod recorded;
mod refusals;
mod relayed;
mod restarts;
mod returns;
mod two_steps;
