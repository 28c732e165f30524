//! A gateway in front of a server: it passes requests on, as a load balancer or an ingress does.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::Response;

/// The largest body that it passes on.
const LARGEST: usize = 1 << 20;

/// The gateway for the server at this URL.
pub fn gateway(url: &str) -> Router {
    Router::new().fallback(pass_on).with_state((reqwest::Client::new(), url.to_owned()))
}

type Server = (reqwest::Client, String);

async fn pass_on(State((client, url)): State<Server>, request: Request) -> Result<Response, StatusCode> {
    let (mut head, body) = request.into_parts();
    let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
    // The server has another host, and its connection other limits than that of the client.
    head.headers.remove(header::HOST);
    head.headers.remove(header::CONTENT_LENGTH);
    let body = to_bytes(body, LARGEST).await.map_err(|_| StatusCode::PAYLOAD_TOO_LARGE)?;
    let request = client.request(head.method, format!("{url}{path}")).headers(head.headers).body(body);
    let mut response = request.send().await.map_err(|_| StatusCode::BAD_GATEWAY)?;
    let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
    let body = response.bytes().await.map_err(|_| StatusCode::BAD_GATEWAY)?;
    let mut response = Response::new(Body::from(body));
    (*response.status_mut(), *response.headers_mut()) = (status, headers);
    Ok(response)
}
