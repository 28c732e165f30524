//! A service that calls another one by gRPC, with a token of its own in each call. The layer works for any client on tower.
//!
//! ```text
//! cargo run --example grpc_tokens
//! ```

use std::error::Error;

use ory_sdk::testing::StandIn;
use ory_sdk::tokens::{BearerLayer, ClientCredentials};
use serde_json::json;
use tonic::service::InterceptorLayer;
use tonic::transport::server::TcpIncoming;
use tonic::transport::{Channel, Server};
use tonic::{Code, Request, Status};
use tonic_health::pb::{HealthCheckRequest, health_client::HealthClient};
use tower_layer::Layer;

/// A service that lets nobody in without a bearer token. Whether the token is good is for the feature `jwt` to say.
async fn serve() -> Result<String, Box<dyn Error>> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    let check = InterceptorLayer::new(|request: Request<()>| match request.metadata().get("authorization") {
        Some(value) if value.as_bytes().starts_with(b"Bearer ory_at_") => Ok(request),
        _ => Err(Status::unauthenticated("a bearer token, please")),
    });
    let (_, health) = tonic_health::server::health_reporter();
    let server = Server::builder().layer(check).add_service(health);
    tokio::spawn(server.serve_with_incoming(TcpIncoming::from(listener)));
    Ok(url)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let ory = StandIn::start().await?;
    let admin = ory.client_builder().build()?;
    let registration = json!({"client_name": "Reports", "grant_types": ["client_credentials"], "scope": "health"});
    let made = admin.admin_create_oauth2_client().json_body(registration).await?.into_body();
    let (id, secret) = (made.client_id.ok_or("no id")?, made.client_secret.ok_or("no secret")?);
    let tokens = ClientCredentials::builder(&admin).client_id(&id).client_secret(secret).scope(["health"]).build()?;

    let channel = Channel::from_shared(serve().await?)?.connect().await?;
    let refused = HealthClient::new(channel.clone()).check(HealthCheckRequest::default()).await;
    let refused = refused.err().ok_or("somebody without a token got in")?;
    println!("without a token: {}", refused.message());
    assert_eq!(refused.code(), Code::Unauthenticated);

    let mut health = HealthClient::new(BearerLayer::new(tokens).layer(channel));
    for _ in 0..3 {
        let status = health.check(HealthCheckRequest::default()).await?.into_inner().status();
        println!("with one:        {}", status.as_str_name());
    }
    assert_eq!(ory.calls_of("perform_oauth2_token_flow")?.len(), 1, "one token for all calls");
    Ok(())
}
