//! What a web service responds with, through a real server.

mod answers;
mod extractors;
mod forward_auth;
mod grpc;
mod layers;
mod pages;
pub mod provider;
mod proxies;
mod return_to;
pub mod service;
mod settings;
mod tower;
mod websocket;
