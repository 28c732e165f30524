//! The login and consent provider: a whole program on the stand-in, and a browser that goes through its pages.

mod attacks;
pub mod browser;
mod consent;
mod device;
mod login;
mod logout;
mod outages;
mod replays;
mod respond;
pub mod site;
