//! The cases. Each makes a number of calls with one client.

use futures_util::future::join_all;
use serde::de::IgnoredAny;
use tokio::runtime::{Builder, Runtime};

use crate::{Contender, data};

/// What to call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    Whoami,
    Whoami64,
    Refused,
    Page,
    PageDecode,
    PageIgnored,
    LoginFlow,
    Walk,
    New,
    NewHttps,
    Clone,
}

impl Case {
    pub const ALL: [Self; 11] = [
        Self::Whoami,
        Self::Whoami64,
        Self::Refused,
        Self::Page,
        Self::PageDecode,
        Self::PageIgnored,
        Self::LoginFlow,
        Self::Walk,
        Self::New,
        Self::NewHttps,
        Self::Clone,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Whoami => "whoami",
            Self::Whoami64 => "whoami, 64 in flight",
            Self::Refused => "whoami, refused (401)",
            Self::Page => "page of 500 identities",
            Self::PageDecode => "page, decode",
            Self::PageIgnored => "page, scanned by serde_json's IgnoredAny",
            Self::LoginFlow => "login flow, decode",
            Self::Walk => "walk through all identities",
            Self::New => "client for http, construction",
            Self::NewHttps => "client for https, construction",
            Self::Clone => "client, clone",
        }
    }

    /// How many calls to make for counting.
    pub fn times(self) -> usize {
        match self {
            Self::Whoami | Self::Refused | Self::LoginFlow => 50,
            Self::Whoami64 | Self::Page | Self::PageDecode | Self::PageIgnored | Self::New | Self::NewHttps => 4,
            Self::Walk => 1,
            Self::Clone => 1000,
        }
    }
}

/// A client, and what its calls need.
pub struct Bench<C> {
    client: C,
    url: String,
    login_flow: Vec<u8>,
    page: Vec<u8>,
    runtime: Runtime,
    identities: usize,
}

impl<C: Contender> Bench<C> {
    /// For a server at this URL with this many identities. Uses a single thread, so that runs are repeatable.
    pub fn new(url: &str, identities: usize) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let client = C::new(url);
        let (login_flow, page) = (data::login_flow(), data::page(0, data::PAGE));
        Self { client, url: url.to_owned(), login_flow, page, runtime, identities }
    }

    /// Why the client cannot run a case, if it cannot.
    pub fn refuses(&self, case: Case) -> Option<String> {
        if case == Case::LoginFlow { C::login_flow(&self.login_flow).err() } else { None }
    }

    pub fn run(&self, case: Case, times: usize) {
        let Self { client, url, login_flow, page, runtime, identities } = self;
        runtime.block_on(async {
            for _ in 0..times {
                match case {
                    Case::Whoami => client.whoami(data::TOKEN).await,
                    Case::Whoami64 => drop(join_all((0..64).map(|_| client.whoami(data::TOKEN))).await),
                    Case::Refused => client.refused(data::STALE_TOKEN).await,
                    Case::Page => client.page(data::PAGE).await,
                    Case::PageDecode => assert_eq!(C::identities(page), Ok(data::PAGE)),
                    // The same for every client: the least that reading these bytes takes.
                    Case::PageIgnored => assert!(serde_json::from_slice::<IgnoredAny>(page).is_ok()),
                    Case::LoginFlow => assert_eq!(C::login_flow(login_flow), Ok(9)),
                    Case::Walk => assert_eq!(client.walk(data::PAGE).await, *identities),
                    Case::New => drop(std::hint::black_box(C::new(url))),
                    Case::NewHttps => drop(std::hint::black_box(C::new("https://ory.example.org"))),
                    Case::Clone => drop(std::hint::black_box(client.clone())),
                }
            }
        });
    }
}
