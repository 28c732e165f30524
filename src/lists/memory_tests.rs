//! The memory of a walk does not grow with the list.
#![cfg(feature = "identity")]

use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::pages::Pages;
use crate::call::{CallOptions, Draft};
use crate::client::Client;
use crate::contract::table::ADMIN_LIST_IDENTITIES;
use crate::response::decode;
use crate::wire::read::Read;

/// Rows in memory now, and the most that there ever were.
static LIVE: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

struct Row(u64);

impl<'de> Read<'de> for Row {
    fn read<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let row = u64::read(deserializer)?;
        PEAK.fetch_max(LIVE.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        Ok(Self(row))
    }
}

impl Drop for Row {
    fn drop(&mut self) {
        LIVE.fetch_sub(1, Ordering::SeqCst);
    }
}

/// A list of `count` rows by pages of 250, with page numbers or page tokens in its links.
fn response(target: &str, count: u64, numbered: bool) -> String {
    let query = target.split_once('?').map_or("", |(_, query)| query);
    let key = if numbered { "page" } else { "page_token" };
    let mut pairs = url::form_urlencoded::parse(query.as_bytes());
    let page: u64 = pairs
        .find(|(name, _)| name == key)
        .and_then(|(_, value)| value.trim_start_matches('p').parse().ok())
        .unwrap_or(0);
    let rows: Vec<u64> = (page * 250..((page + 1) * 250).min(count)).collect();
    let body = serde_json::json!(rows).to_string();
    let next = page + 1;
    let links = if numbered {
        format!("X-Total-Count: {count}\r\nLink: </x?page={next}>; rel=\"next\"\r\n")
    } else if next * 250 < count {
        format!("Link: </x?page_token=p{next}>; rel=\"next\"\r\n")
    } else {
        String::new()
    };
    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n{links}\r\n{body}", body.len())
}

async fn serve(mut stream: TcpStream, count: u64, numbered: bool) {
    let mut request = Vec::new();
    while let Ok(read) = stream.read_buf(&mut request).await {
        let text = String::from_utf8_lossy(&request).into_owned();
        if text.ends_with("\r\n\r\n") {
            let target = text.split(' ').nth(1).unwrap_or_default();
            stream.write_all(response(target, count, numbered).as_bytes()).await.unwrap();
            request.clear();
        } else if read == 0 {
            return;
        }
    }
}

/// The most rows in memory, and the most keys and tokens that the walk remembered.
async fn walk(count: u64, numbered: bool, prefetch: bool) -> (usize, usize) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, count, numbered));
        }
    });
    let client = Client::builder().kratos_admin_url(url).build().unwrap();
    let draft = Draft::new(&ADMIN_LIST_IDENTITIES, CallOptions::default());
    PEAK.store(0, Ordering::SeqCst);
    let pages = Pages::new(client, Ok(draft), decode::list::<Row>, |row: &Row| row.0.to_string());
    let mut items = if prefetch { pages.prefetch() } else { pages }.into_items();
    let (mut expected, mut remembered) = (0, 0);
    while let Some(row) = items.next().await {
        assert_eq!(row.unwrap().0, expected);
        expected += 1;
        remembered = remembered.max(items.remembers());
    }
    assert_eq!(expected, count);
    server.abort();
    (PEAK.load(Ordering::SeqCst), remembered)
}

/// Rows are counted as they are decoded and dropped.
#[tokio::test]
async fn at_most_two_pages_are_in_memory() {
    for (numbered, prefetch) in [(false, false), (false, true), (true, false), (true, true)] {
        let (small, _) = walk(1_000, numbered, prefetch).await;
        let (large, remembered) = walk(100_000, numbered, prefetch).await;
        let at = format!("numbered {numbered}, prefetch {prefetch}");
        assert!(large as f64 <= small as f64 * 1.1, "{at}: {large} rows, {small} in the small list");
        assert!(large <= if prefetch { 500 } else { 250 }, "{at}: {large} rows");
        // The keys of one page, and a number for each token: 400 pages.
        assert!(remembered <= 250 + 400, "{at}: {remembered}");
    }
}
