//! The configurations of the guide `behind_a_proxy`, with the proxies themselves. One that is not installed is skipped.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use axum::Router;
use axum::http::HeaderMap;
use http::{Method, StatusCode};
use ory_sdk::testing::Fault;
use ory_sdk::web::{ForwardAuth, SessionLayer};

use super::service::{Answer, BROWSER, PUBLIC, Service, send, serve};

const GUIDE: &str = include_str!("../../../src/docs/behind_a_proxy.md");

/// The configuration below a heading of the guide, with the addresses of a test.
fn configuration(heading: &str, language: &str, check: &str) -> String {
    let section = GUIDE.split(&format!("\n## {heading}\n")).nth(1).unwrap();
    let block = section.split(&format!("```{language}\n")).nth(1).unwrap().split("```").next().unwrap();
    block.replace("http://127.0.0.1:8081", check)
}

/// A proxy, which ends with the test.
struct Proxy {
    process: Child,
    folder: PathBuf,
    url: String,
}

impl Proxy {
    /// Starts a program with a configuration that is made for a port and a folder. `None` if there is no such program.
    async fn start(program: &str, file: &str, make: impl Fn(u16, &Path) -> (String, Vec<String>)) -> Option<Self> {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let folder = std::env::temp_dir().join(format!("ory-sdk-{program}-{port}"));
        std::fs::create_dir_all(&folder).unwrap();
        let (text, arguments) = make(port, &folder);
        std::fs::write(folder.join(file), text).unwrap();
        let installed = [format!("/usr/sbin/{program}"), program.to_owned()];
        let found = installed.iter().find(|it| !it.starts_with('/') || Path::new(it.as_str()).exists()).unwrap();
        let log = std::fs::File::create(folder.join("log")).unwrap();
        let process = Command::new(found)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn();
        let Ok(process) = process else {
            println!("skipped: {program} is not installed");
            std::fs::remove_dir_all(&folder).unwrap();
            return None;
        };
        let proxy = Self { process, folder, url: format!("http://127.0.0.1:{port}") };
        for _ in 0..400 {
            if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Some(proxy);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{program} does not listen: {:?}", std::fs::read_to_string(proxy.folder.join("log")));
    }

    async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        send(&format!("{}{path}", self.url), Method::GET, headers).await
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// What the proxies ask, and what stands behind them: it says who it is told that the person is.
struct Behind {
    service: Service,
    check: String,
    upstream: String,
}

impl Behind {
    async fn start(check: impl FnOnce(&SessionLayer) -> ForwardAuth) -> Self {
        let service = Service::start().await;
        let layer = SessionLayer::builder(&service.sessions).public_url(PUBLIC).build().unwrap();
        let check = serve(Router::new().fallback_service(check(&layer))).await;
        let echo = |headers: HeaderMap| async move {
            headers.get("x-user-id").map_or(String::new(), |id| id.to_str().unwrap().to_owned())
        };
        let upstream = serve(Router::new().fallback(echo)).await;
        Self { service, check, upstream }
    }

    /// The same for every proxy.
    async fn try_all(&self, proxy: &Proxy) {
        let ory = &self.service.ory;
        let ada = ory.sign_in("ada@example.org");
        let cookie = ("cookie", ada.cookie().expose());
        let person = self.service.get("/home", &[cookie]).await.body;
        let passed = proxy.get("/orders?page=2", &[cookie, ("x-user-id", "forged")]).await;
        assert_eq!((passed.status, passed.body), (StatusCode::OK, person));

        let nobody = proxy.get("/orders?page=2", &BROWSER).await;
        assert_eq!(nobody.status, StatusCode::SEE_OTHER);
        let (login, query) = nobody.location().unwrap();
        assert!(login.ends_with("/self-service/login/browser"), "{login}");
        assert_eq!(query, [("return_to".to_owned(), format!("{PUBLIC}/orders?page=2"))]);
        assert_eq!(proxy.get("/orders", &[("x-user-id", "forged")]).await.status, StatusCode::UNAUTHORIZED);

        ory.person("bob@example.org").totp().create();
        let bob = ory.sign_in("bob@example.org");
        let half = proxy.get("/orders", &[BROWSER[0], ("cookie", bob.cookie().expose())]).await;
        assert_eq!(half.status, StatusCode::SEE_OTHER);
        assert!(half.header("location").unwrap().contains("aal=aal2"));
        let api = proxy.get("/orders", &[("cookie", bob.cookie().expose())]).await;
        assert_eq!(api.status, StatusCode::FORBIDDEN);

        ory.fail("to_session", Fault::status(StatusCode::BAD_GATEWAY).always()).unwrap();
        let outage = proxy.get("/orders", &[BROWSER[0], ("cookie", "ory_kratos_session=unknown-yet")]).await;
        assert_eq!(outage.status, StatusCode::SERVICE_UNAVAILABLE);
        // Envoy responds by itself.
        assert!(matches!(outage.header("retry-after"), Some("1") | None));
        assert_eq!(proxy.get("/orders", &[cookie]).await.status, StatusCode::OK, "cached");
    }
}

#[tokio::test]
async fn nginx() {
    let behind = Behind::start(|layer| ForwardAuth::nginx(layer).prefix("/check").unwrap()).await;
    let locations = configuration("nginx", "nginx", &behind.check).replace("http://127.0.0.1:8082", &behind.upstream);
    let make = |port: u16, folder: &Path| {
        let at = |name: &str| folder.join(name).display().to_string();
        let kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
        let temporary: String = kinds.iter().map(|kind| format!("{kind}_temp_path {};\n", at(kind))).collect();
        let text = format!(
            "daemon off;\nmaster_process off;\npid {};\nerror_log {} warn;\nevents {{}}\nhttp {{\naccess_log off;\n\
             {temporary}server {{\nlisten 127.0.0.1:{port};\n{locations}\n}}\n}}\n",
            at("pid"),
            at("error.log")
        );
        let folder = folder.display().to_string();
        (text, ["-p", &folder, "-c", &at("nginx.conf"), "-e", &at("error.log")].map(str::to_owned).into())
    };
    if let Some(proxy) = Proxy::start("nginx", "nginx.conf", make).await {
        behind.try_all(&proxy).await;
    }
}

#[tokio::test]
async fn envoy() {
    let behind = Behind::start(|layer| ForwardAuth::envoy(layer).prefix("/check").unwrap()).await;
    let filters = configuration("Envoy", "yaml", &behind.check);
    let filters: String = filters.lines().map(|line| format!("          {line}\n")).collect();
    let cluster = |name: &str, url: &str| {
        let port = url.rsplit(':').next().unwrap();
        format!(
            "  - name: {name}\n    load_assignment:\n      cluster_name: {name}\n      endpoints:\n      - lb_endpoints:\n\
             \x20       - endpoint: {{address: {{socket_address: {{address: 127.0.0.1, port_value: {port}}}}}}}\n"
        )
    };
    let clusters = cluster("auth", &behind.check) + &cluster("upstream", &behind.upstream);
    let of_type = |name: &str| format!("\"@type\": type.googleapis.com/envoy.extensions.filters.{name}");
    let (manager, router) =
        (of_type("network.http_connection_manager.v3.HttpConnectionManager"), of_type("http.router.v3.Router"));
    let make = |port: u16, folder: &Path| {
        let text = format!(
            "static_resources:\n  listeners:\n  - address: {{socket_address: {{address: 127.0.0.1, port_value: {port}}}}}\n\
             \x20   filter_chains:\n    - filters:\n      - name: envoy.filters.network.http_connection_manager\n\
             \x20       typed_config:\n          {manager}\n          stat_prefix: test\n          route_config:\n\
             \x20           virtual_hosts:\n            - name: all\n              domains: [\"*\"]\n\
             \x20             routes: [{{match: {{prefix: \"/\"}}, route: {{cluster: upstream}}}}]\n{filters}\
             \x20           - name: envoy.filters.http.router\n              typed_config: {{{router}}}\n\
             \x20 clusters:\n{clusters}"
        );
        let file = folder.join("envoy.yaml").display().to_string();
        (text, ["-c", &file, "--use-dynamic-base-id", "--concurrency", "1"].map(str::to_owned).into())
    };
    if let Some(proxy) = Proxy::start("envoy", "envoy.yaml", make).await {
        behind.try_all(&proxy).await;
    }
}

#[tokio::test]
async fn traefik() {
    let check = |layer: &SessionLayer| ForwardAuth::traefik(layer).path_header("X-Forwarded-Uri").unwrap();
    let behind = Behind::start(check).await;
    let middlewares = configuration("Traefik", "yaml", &behind.check);
    let make = |port: u16, folder: &Path| {
        let text = format!(
            "{middlewares}  routers:\n    all: {{rule: \"PathPrefix(`/`)\", service: upstream, middlewares: [signed-in]}}\n\
             \x20 services:\n    upstream:\n      loadBalancer: {{servers: [{{url: \"{}\"}}]}}\n",
            behind.upstream
        );
        let file = folder.join("dynamic.yaml").display().to_string();
        let arguments = [
            format!("--entrypoints.web.address=127.0.0.1:{port}"),
            format!("--providers.file.filename={file}"),
            "--global.checknewversion=false".to_owned(),
            "--global.sendanonymoususage=false".to_owned(),
        ];
        (text, arguments.into())
    };
    if let Some(proxy) = Proxy::start("traefik", "dynamic.yaml", make).await {
        // It listens before it knows its routes.
        for _ in 0..100 {
            if proxy.get("/", &[]).await.status != StatusCode::NOT_FOUND {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        behind.try_all(&proxy).await;
    }
}
