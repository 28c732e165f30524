//! The configuration of nginx in the guide, with nginx itself. Skipped where it is not installed.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use axum::Router;
use axum::http::HeaderMap;
use http::{Method, StatusCode};
use ory_sdk::testing::Fault;
use ory_sdk::web::{ForwardAuth, SessionLayer};

use super::service::{Answer, BROWSER, PUBLIC, Service, send, serve};

const GUIDE: &str = include_str!("../../../src/docs/behind_a_proxy.md");

/// nginx, which ends with the test.
struct Nginx {
    process: Child,
    folder: std::path::PathBuf,
    url: String,
}

impl Nginx {
    /// Starts it with the locations of the guide. `None` if there is no nginx.
    async fn start(check: &str, upstream: &str) -> Option<Self> {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let locations = GUIDE.split("```nginx\n").nth(1).unwrap().split("```").next().unwrap();
        let locations = locations.replace("http://127.0.0.1:8081", check).replace("http://127.0.0.1:8082", upstream);
        let folder = std::env::temp_dir().join(format!("ory-sdk-nginx-{port}"));
        std::fs::create_dir_all(&folder).unwrap();
        let at = |name: &str| folder.join(name).display().to_string();
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
        let temporary: String = temporary.iter().map(|kind| format!("{kind}_temp_path {};\n", at(kind))).collect();
        let text = format!(
            "daemon off;\nmaster_process off;\npid {};\nerror_log {} warn;\nevents {{}}\nhttp {{\naccess_log off;\n\
             {temporary}server {{\nlisten 127.0.0.1:{port};\n{locations}\n}}\n}}\n",
            at("pid"),
            at("error.log")
        );
        std::fs::write(folder.join("nginx.conf"), text).unwrap();
        let program = ["/usr/sbin/nginx", "nginx"].into_iter().find(|it| it == &"nginx" || Path::new(it).exists())?;
        let process = Command::new(program)
            .args(["-p", &folder.display().to_string(), "-c", &at("nginx.conf"), "-e", &at("error.log")])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let nginx = Self { process, folder, url: format!("http://127.0.0.1:{port}") };
        for _ in 0..100 {
            if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Some(nginx);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("nginx does not listen: {:?}", std::fs::read_to_string(nginx.folder.join("error.log")));
    }

    async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        send(&format!("{}{path}", self.url), Method::GET, headers).await
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

#[tokio::test]
async fn the_configuration_of_the_guide() {
    let service = Service::start().await;
    let layer = SessionLayer::builder(&service.sessions).public_url(PUBLIC).build().unwrap();
    let check = serve(Router::new().fallback_service(ForwardAuth::nginx(&layer).prefix("/check").unwrap())).await;
    let echo = |headers: HeaderMap| async move {
        headers.get("x-user-id").map_or(String::new(), |it| it.to_str().unwrap().to_owned())
    };
    let upstream = serve(Router::new().fallback(echo)).await;
    let Some(nginx) = Nginx::start(&check, &upstream).await else {
        println!("skipped: nginx is not installed");
        return;
    };
    let ada = service.ory.sign_in("ada@example.org");
    let cookie = ("cookie", ada.cookie().expose());
    let person = service.get("/home", &[cookie]).await.body;

    let passed = nginx.get("/orders?page=2", &[cookie, ("x-user-id", "forged")]).await;
    assert_eq!((passed.status, passed.body), (StatusCode::OK, person));
    let nobody = nginx.get("/orders?page=2", &BROWSER).await;
    assert_eq!(nobody.status, StatusCode::SEE_OTHER);
    let (login, query) = nobody.location().unwrap();
    assert!(login.ends_with("/self-service/login/browser"), "{login}");
    assert_eq!(query, [("return_to".to_owned(), format!("{PUBLIC}/orders?page=2"))]);
    assert_eq!(nginx.get("/orders", &[("x-user-id", "forged")]).await.status, StatusCode::UNAUTHORIZED);

    service.ory.person("bob@example.org").totp().create();
    let bob = service.ory.sign_in("bob@example.org");
    let half = nginx.get("/orders", &[BROWSER[0], ("cookie", bob.cookie().expose())]).await;
    assert_eq!(half.status, StatusCode::SEE_OTHER);
    assert!(half.header("location").unwrap().contains("aal=aal2"));
    let api = nginx.get("/orders", &[("cookie", bob.cookie().expose())]).await;
    assert_eq!(api.status, StatusCode::FORBIDDEN);

    service.ory.fail("to_session", Fault::status(StatusCode::BAD_GATEWAY).always()).unwrap();
    let outage = nginx.get("/orders", &[BROWSER[0], ("cookie", "ory_kratos_session=unknown-yet")]).await;
    assert_eq!((outage.status, outage.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, Some("1")));
    assert_eq!(nginx.get("/orders", &[cookie]).await.status, StatusCode::OK, "cached");
}
