//! Every page and every journey in a real browser, on the stand-in or, where the variables name them, on real servers.
//!
//! They need `chromedriver`, Chromium, and axe-core: `npm install --prefix target/axe axe-core`. Screenshots of all pages
//! land in `target/self-service-ui`.

mod admin;
mod browser;
mod driver;
mod journey;
mod mishaps;
mod oauth2;
mod pages;
mod passkeys;
mod returns;
mod site;
mod tabs;
