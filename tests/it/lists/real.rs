//! Walks through lists of real servers: every page size returns the same rows as one large page.

use std::collections::BTreeSet;

use ory_sdk::Client;

fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Walks a list in small pages and compares the rows with one page of 500.
macro_rules! compare {
    ($name:literal, $start:expr) => {{
        let whole = $start.page_size(500).send().await.unwrap().into_body();
        let texts = |rows: Vec<_>| rows.iter().map(|row| serde_json::to_string(row).unwrap()).collect::<Vec<_>>();
        let whole: BTreeSet<String> = texts(whole).into_iter().collect();
        for size in [1, 3, 7] {
            let (mut found, mut pages) = (Vec::new(), $start.page_size(size).by_page());
            while let Some(page) = pages.next().await {
                found.extend(texts(page.unwrap().into_items()));
            }
            assert_eq!(found.len(), whole.len(), "{} by {size}", $name);
            assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), whole, "{} by {size}", $name);
        }
        println!("{}: {} rows", $name, whole.len());
    }};
}

#[tokio::test]
#[ignore = "needs ORY_KRATOS_PUBLIC_URL, ORY_KRATOS_ADMIN_URL, ORY_HYDRA_ADMIN_URL; ORY_LIST_TOKEN and ORY_LIST_SUBJECT for more"]
async fn live_lists_of_real_servers() {
    let _alone = crate::live::ALONE.lock().await;
    let (public, admin, hydra) =
        (setting("ORY_KRATOS_PUBLIC_URL"), setting("ORY_KRATOS_ADMIN_URL"), setting("ORY_HYDRA_ADMIN_URL"));
    assert!(admin.is_some() || hydra.is_some(), "no server is named");
    if let (Some(public), Some(admin)) = (public, admin) {
        let client = Client::builder().kratos_public_url(public).kratos_admin_url(admin).build().unwrap();
        compare!("identities", client.admin_list_identities());
        compare!("courier", client.admin_list_courier_messages());
        compare!("schemas", client.list_identity_schemas());
        if let Some(token) = setting("ORY_LIST_TOKEN") {
            let person = client.with_session_token(token);
            compare!("own sessions", person.list_sessions());
            let id = person.to_session().send().await.unwrap().identity.as_ref().unwrap().id.to_string();
            compare!("sessions", client.admin_list_identity_sessions().id(id.as_str()));
        }
    }
    if let Some(admin) = hydra {
        let client = Client::builder().hydra_admin_url(admin).build().unwrap();
        compare!("clients", client.admin_list_oauth2_clients());
        compare!("clients by name", client.admin_list_oauth2_clients().client_name("odd"));
        compare!("issuers", client.admin_list_trusted_oauth2_jwt_grant_issuers());
        if let Some(subject) = setting("ORY_LIST_SUBJECT") {
            compare!("consents", client.admin_list_oauth2_subject_consent_sessions().subject(subject.as_str()));
        }
    }
}
