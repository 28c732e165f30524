//! Lists the public names of the crate, so that every new one is checked for secrets.

use std::collections::BTreeSet;
use std::path::Path;

/// Every public name except the types of the contract. Before you add a name, check that its `Debug`, `Display` and
/// errors show no secret, and add a test for that.
pub const EXPORTED: [&str; 195] = [
    "Client",
    "ClientBuilder",
    "Error",
    "ErrorKind",
    "Response",
    "Result",
    "Secret",
    "Sending",
    "actions::Action",
    "actions::ActionAddress",
    "actions::ActionAuth",
    "actions::ActionDevice",
    "actions::ActionError",
    "actions::ActionFlow",
    "actions::ActionIdentity",
    "actions::ActionMessage",
    "actions::ActionMethod",
    "actions::ActionRefused",
    "actions::ActionSession",
    "actions::CourierMessage",
    "actions::Decision",
    "actions::FlowContext",
    "actions::IdentityChange",
    "actions::Interrupt",
    "actions::PasswordDecision",
    "actions::PasswordMigration",
    "actions::RefreshTokenHook",
    "actions::TokenClaims",
    "actions::TokenDecision",
    "actions::TokenHook",
    "actions::TokenRequest",
    "actions::TokenSession",
    // The crates that the public API uses.
    "bytes",
    "chrono",
    "contract::Area",
    "contract::Body",
    "contract::Contract",
    "contract::Endpoint",
    "contract::Operation",
    "contract::Parameter",
    "contract::Place",
    "contract::Repeat",
    "contract::Security",
    "contract::current",
    "contract::operations",
    "credentials::CookieJar",
    "credentials::SetCookie",
    "credentials::TokenFuture",
    "credentials::TokenProvider",
    "docs",
    "error::Error",
    "error::ErrorId",
    "error::ErrorKind",
    "error::FlowStep",
    "error::InvalidArgument",
    "error::InvalidSetting",
    "error::LogSafe",
    "error::NextStep",
    "error::OAuth2ErrorCode",
    "flow::Flow",
    "flow::FlowKind",
    "flow::Form",
    "flow::Node",
    "flow::Submitted",
    "flow::UiMessage",
    // Only when this crate is fuzzed or tests itself.
    "fuzzing",
    "http",
    // Marker types for conversions, and the traits that setters accept.
    "input::ByOption",
    "input::ByText",
    "input::ByValue",
    "input::GoDuration",
    "input::IntoArgument",
    "input::IntoArguments",
    "input::IntoJsonArgument",
    "input::InvalidArgument",
    "input::InvalidSetting",
    "input::JsonPatch",
    "input::PathSegment",
    "input::Slot",
    // Shows its ids, which are no secrets.
    "input::Subject",
    // Their own test of secrets is `jwt/secrets.rs`.
    "jwt::AccessToken",
    "jwt::AccessTokens",
    "jwt::Algorithm",
    "jwt::Bearers",
    "jwt::IdToken",
    "jwt::IdTokenCheck",
    "jwt::IdTokens",
    "jwt::Introspection",
    "jwt::IntrospectionBuilder",
    "jwt::InvalidToken",
    "jwt::KeySet",
    "jwt::LogoutToken",
    "jwt::LogoutTokens",
    "jwt::Refusal",
    "jwt::SessionToken",
    "jwt::SessionTokens",
    "jwt::VerifierBuilder",
    "jwt::axum::BackChannelLogout",
    "jwt::axum::Bearer",
    "lists::Cursor",
    "lists::Items",
    "lists::Page",
    "lists::Pages",
    "request::CreateFlow",
    "request::GetFlow",
    "request::RequestBuilder",
    "request::SubmitFlow",
    "request::ops",
    "reqwest",
    "response::JsonOrText",
    "response::Location",
    "response::OrRedirect",
    "response::RateLimit",
    "response::Response",
    "response::UnreadableRow",
    "retry::Retry",
    "serde_json",
    "sessions::Check",
    "sessions::Checked",
    "sessions::Credential",
    "sessions::Refusal",
    "sessions::SessionStats",
    "sessions::Sessions",
    "sessions::SessionsBuilder",
    "sessions::SignedIn",
    "sessions::Watch",
    // A server for tests, with made-up secrets.
    "testing",
    // Tests are in `tests/it/tokens/secrets.rs`.
    "tokens::AuthorizationOptions",
    "tokens::BearerLayer",
    "tokens::BearerService",
    "tokens::BegunSignIn",
    "tokens::ClientAuth",
    "tokens::ClientCredentials",
    "tokens::ClientCredentialsBuilder",
    "tokens::CodeFlow",
    "tokens::CodeFlowBuilder",
    "tokens::DeviceFlow",
    "tokens::DeviceFlowBuilder",
    "tokens::DeviceSignIn",
    "tokens::PendingSignIn",
    "tokens::RefreshTokens",
    "tokens::RefreshTokensBuilder",
    "tokens::TokenError",
    "tokens::TokenErrorKind",
    "tokens::Tokens",
    "traits::InvalidTraits",
    "traits::decode",
    "traits::encode",
    "types",
    "url",
    "uuid",
    "web::ForwardAuth",
    "web::Guard",
    "web::GuardService",
    "web::Refused",
    "web::RequestKind",
    "web::SessionFuture",
    "web::SessionLayer",
    "web::SessionLayerBuilder",
    "web::SessionService",
    "web::axum::Person",
    "web::axum::Recent",
    "web::axum::Refused",
    "web::axum::Relay",
    "web::axum::SecondFactor",
    "web::axum::Traits",
    "web::forms::FormHtml",
    "web::forms::TRIGGERS",
    "web::forms::complete",
    "web::forms::method_name",
    "web::pages::ErrorPage",
    "web::pages::FlowPage",
    "web::pages::PageAnswer",
    "web::pages::Pages",
    "web::pages::PagesBuilder",
    "web::provider::Claims",
    "web::provider::ClaimsFor",
    "web::provider::ConsentAnswer",
    "web::provider::ConsentQuestion",
    "web::provider::ConsentStep",
    "web::provider::DeviceAnswer",
    "web::provider::DeviceQuestion",
    "web::provider::DeviceStep",
    "web::provider::LoginStep",
    "web::provider::LogoutAnswer",
    "web::provider::LogoutQuestion",
    "web::provider::LogoutStep",
    "web::provider::Provider",
    "web::provider::ProviderBuilder",
    "web::provider::ProviderError",
    "web::provider::ProviderErrorKind",
    "web::provider::Redirect",
    "web::provider::SignIn",
    "web::provider::SignInReason",
    "web::provider::Visitor",
];

/// Modules that are not searched: the guides, the fuzz checks, and the stand-in for tests.
const CLOSED: [&str; 3] = ["docs", "fuzzing", "testing"];

#[test]
fn nothing_else_is_exported() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut names = BTreeSet::new();
    search(&source, "", items(&source.join("lib.rs")), &mut names);
    assert_eq!(names, EXPORTED.map(str::to_owned).into());
}

/// Adds the public names of a module, and of its public modules.
fn search(folder: &Path, path: &str, items: Vec<syn::Item>, names: &mut BTreeSet<String>) {
    for item in items {
        match item {
            syn::Item::Mod(module) if is_public(&module.vis) => {
                let (name, inner) = (format!("{path}{}", module.ident), folder.join(module.ident.to_string()));
                match module.content {
                    _ if CLOSED.contains(&name.as_str()) => drop(names.insert(name)),
                    Some((_, items)) => search(&inner, &format!("{name}::"), items, names),
                    None => {
                        let folder = inner.join("mod.rs");
                        let file = if folder.exists() { folder } else { inner.with_extension("rs") };
                        search(&inner, &format!("{name}::"), self::items(&file), names);
                    }
                }
            }
            item => {
                let mut found = BTreeSet::new();
                exports(&item, &mut found);
                names.extend(found.into_iter().map(|name| format!("{path}{name}")));
            }
        }
    }
}

fn items(file: &Path) -> Vec<syn::Item> {
    syn::parse_file(&std::fs::read_to_string(file).unwrap()).unwrap().items
}

fn is_public(visibility: &syn::Visibility) -> bool {
    matches!(visibility, syn::Visibility::Public(_))
}

/// The public names that an item adds to its module.
fn exports(item: &syn::Item, names: &mut BTreeSet<String>) {
    let (visibility, name) = match item {
        syn::Item::Use(item) if is_public(&item.vis) => return leaves(&item.tree, names),
        syn::Item::Const(item) => (&item.vis, &item.ident),
        syn::Item::Enum(item) => (&item.vis, &item.ident),
        syn::Item::Fn(item) => (&item.vis, &item.sig.ident),
        syn::Item::Mod(item) => (&item.vis, &item.ident),
        syn::Item::Static(item) => (&item.vis, &item.ident),
        syn::Item::Struct(item) => (&item.vis, &item.ident),
        syn::Item::Trait(item) => (&item.vis, &item.ident),
        syn::Item::Type(item) => (&item.vis, &item.ident),
        _ => return,
    };
    if is_public(visibility) {
        names.insert(name.to_string());
    }
}

fn leaves(tree: &syn::UseTree, names: &mut BTreeSet<String>) {
    match tree {
        syn::UseTree::Path(path) => leaves(&path.tree, names),
        syn::UseTree::Group(group) => group.items.iter().for_each(|tree| leaves(tree, names)),
        syn::UseTree::Name(name) => drop(names.insert(name.ident.to_string())),
        syn::UseTree::Rename(rename) => drop(names.insert(rename.rename.to_string())),
        syn::UseTree::Glob(_) => panic!("a glob hides what is exported"),
    }
}
