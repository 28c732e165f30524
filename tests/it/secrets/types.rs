//! Every type of the contract, with a secret wherever one can be.

use std::collections::BTreeSet;
use std::fmt::Debug;

use ory_sdk::types;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::marked::{Marked, PLACE};
use super::{SECRET, chain, hidden};
use crate::support::dispatch::shown;
use crate::support::spec::Spec;

/// Generates the tests. `responses` are only received; `built` also have a builder.
macro_rules! walk {
    (responses: $($response:ident)* ; built: $($built:ident)* ; unions: $($union:ident)* ; enums: $($open:ident)* ;) => {
        #[test]
        fn no_type_shows_a_secret() {
            let spec = Spec::load();
            $(check::<types::$response>(&spec, stringify!($response));)*
            $(check::<types::$union>(&spec, stringify!($union));)*
            $(
                for value in check::<types::$built>(&spec, stringify!($built)) {
                    let builder: types::builder::$built = value.into();
                    hidden(stringify!($built), &shown(&builder));
                    match builder.build() {
                        Ok(built) => hidden(stringify!($built), &shown(&built)),
                        // Every property is set, also those of which a request must have exactly one.
                        Err(why) => {
                            assert!(schema(&spec, stringify!($built)).get("x-exactly-one").is_some(), "{why}");
                            hidden(stringify!($built), &chain(&why));
                        }
                    }
                }
            )*
            $(
                for value in [types::$open::from(SECRET), serde_json::from_value(Value::from(SECRET)).unwrap()] {
                    assert_eq!(value.as_str(), SECRET);
                    hidden(stringify!($open), &shown(&value));
                }
            )*
        }

        /// If JSON does not fit a request type, the error does not quote it.
        #[test]
        fn no_refused_json_shows_a_secret() {
            let spec = Spec::load();
            let mut refused = 0;
            $(
                for value in Marked::new(&spec).each(schema(&spec, stringify!($built))) {
                    for wrong in spoiled(&value) {
                        if let Err(why) = types::$built::try_from(wrong) {
                            hidden(stringify!($built), &chain(&why));
                            refused += 1;
                        }
                    }
                }
            )*
            assert!(refused > BUILT.len(), "only {refused} were refused");
        }

        /// Decodes JSON as a request type and returns the `Debug` output of the value and its builder.
        pub fn show_as(name: &str, json: &Value) -> Option<Vec<String>> {
            $(
                if name == stringify!($built) {
                    let value: types::$built = serde_json::from_value(json.clone()).ok()?;
                    let builder: types::builder::$built = value.clone().into();
                    return Some([shown(&value), shown(&builder)].concat());
                }
            )*
            $(
                if name == stringify!($union) {
                    return Some(shown(&serde_json::from_value::<types::$union>(json.clone()).ok()?));
                }
            )*
            None
        }

        const STRUCTS: &[&str] = &[$(stringify!($response),)* $(stringify!($built),)*];
        const BUILT: &[&str] = &[$(stringify!($built),)*];
        const UNIONS: &[&str] = &[$(stringify!($union),)*];
        const ENUMS: &[&str] = &[$(stringify!($open),)*];
    };
}

walk! {
    responses:
        BatchCheckPermissionResult BatchCreateImportedApiKeysResponse BatchCreateImportedApiKeysResult
        BatchPatchIdentitiesResponse BatchVerifyApiKeysResponse CheckOplSyntaxResult CheckPermissionResult
        CheckPermissionResultWithError CloudAccount ContinueWithDeviceAuthnPinEntryUi
        ContinueWithDeviceAuthnPinEntryUiData ContinueWithRecoveryUi ContinueWithRecoveryUiFlow
        ContinueWithRedirectBrowserTo ContinueWithSetOrySessionToken ContinueWithSettingsUi
        ContinueWithSettingsUiFlow ContinueWithVerificationUi ContinueWithVerificationUiFlow
        CreateFedcmFlowResponse CredentialSupportedDraft00 DeriveTokenResponse DerivedToken
        DeviceAuthorization ElementsConfiguration EventStream ExpandedPermissionTree FedcmProvider
        GenericErrorContent GetJwksResponse GetOrganizationResponse HealthStatus Identity IdentityCredentials
        IdentityPatchResponse IdentitySchemaContainer ImportedApiKey IntrospectedOAuth2Token
        IssueApiKeyResponse IssuedApiKey ListEventStreams ListImportedApiKeysResponse
        ListIssuedApiKeysResponse ListOrganizationsResponse ListWorkspaceProjects ListWorkspaces
        LoginFlowTestContext LoginFlowTestDebugPayload LoginFlowTestSchemaValidationError
        LoginFlowTestStepError ManageSessionsResponse Message MessageDispatch Namespace OAuth2ConsentRequest
        OAuth2ConsentRequestOpenIdConnectContext OAuth2LoginRequest OAuth2LogoutRequest OAuth2TokenResponse
        OidcConfiguration OidcUserInfo OnboardingPortalLink Organization
        OrganizationOnboardingPortalLinksResponse ParseError PreviousOAuth2ConsentSession Project
        ProjectApiKey ProjectMetadata RelationshipNamespaces Relationships RevokedSessions
        RotateIssuedApiKeyResponse SelfServiceError SelfServiceLoginFlow SelfServiceLogoutUrl
        SelfServiceRecoveryCode SelfServiceRecoveryFlow SelfServiceRecoveryLink SelfServiceRegistrationFlow
        SelfServiceSettingsFlow SelfServiceVerificationFlow Session SessionAuthenticationMethod SessionDevice
        SourcePosition SuccessfulOAuth2RequestResponse SuccessfulProjectUpdate
        SuccessfulSelfServiceLoginWithoutBrowser SuccessfulSelfServiceRegistrationWithoutBrowser
        TrustedOAuth2JwtGrantIssuer TrustedOAuth2JwtGrantJsonWebKey UiContainer UiNode UiNodeAnchorAttributes
        UiNodeDivisionAttributes UiNodeImageAttributes UiNodeInputAttributes UiNodeInputAttributesOption
        UiNodeMeta UiNodeScriptAttributes UiNodeTextAttributes UiText VerifiableCredentialResponse
        VerifyApiKeyResponse Version Warning Workspace WorkspaceApiKey
    ;
    built:
        AcceptDeviceUserCodeRequest AcceptOAuth2ConsentRequest AcceptOAuth2ConsentRequestSession
        AcceptOAuth2LoginRequest AdminCreateIdentityBody AdminCreateIdentityImportCredentialsLookupSecret
        AdminCreateIdentityImportCredentialsLookupSecretConfig AdminCreateIdentityImportCredentialsOidc
        AdminCreateIdentityImportCredentialsOidcConfig AdminCreateIdentityImportCredentialsOidcProvider
        AdminCreateIdentityImportCredentialsPasskey AdminCreateIdentityImportCredentialsPassword
        AdminCreateIdentityImportCredentialsPasswordConfig AdminCreateIdentityImportCredentialsSaml
        AdminCreateIdentityImportCredentialsSamlConfig AdminCreateIdentityImportCredentialsSamlProvider
        AdminCreateIdentityImportCredentialsTotp AdminCreateIdentityImportCredentialsTotpConfig
        AdminCreateIdentityImportCredentialsWebAuthn AdminCreateIdentityImportCredentialsWebAuthnConfig
        AdminCreateJsonWebKeySetBody AdminCreateSelfServiceRecoveryCodeBody
        AdminCreateSelfServiceRecoveryLinkBody AdminIdentityImportCredentials AdminIntrospectOAuth2TokenBody
        AdminRevokeApiKeyBody AdminRotateIssuedApiKeyBody AdminTrustOAuth2JwtGrantIssuerBody
        AdminUpdateIdentityBody BasicOrganization BatchCheckPermissionBody BatchCreateImportedApiKeysRequest
        BatchVerifyApiKeysRequest CreateEventStreamBody CreateOrganizationOnboardingPortalLinkBody
        CreateProjectApiKeyBody CreateProjectBody CreateTestLoginFlowBody
        CreateVerifiableCredentialRequestBody CreateWorkspaceApiKeyBody CreateWorkspaceBody DeriveTokenRequest
        DeviceAuthnKeyToAdd DeviceAuthnKeyToDelete DeviceAuthnSecretToRotate
        IdentityCredentialsLookupSecretCode IdentityPatch ImportApiKeyRequest IpRestriction IssueApiKeyRequest
        JsonWebKey JsonWebKeySet ManageSessionsBody OAuth2Client OAuth2ClientTokenLifespans
        OAuth2DeviceFlowBody OrganizationBody PatchIdentitiesBody PerformOAuth2TokenFlowBody ProjectCors
        ProjectServiceAccountExperience ProjectServiceIdentity ProjectServiceOAuth2 ProjectServicePermission
        ProjectServiceTalos ProjectServices RateLimitPolicy RecoveryIdentityAddress RejectOAuth2Request
        Relationship RelationshipPatch RevokeOAuth2TokenBody SelfRevokeApiKeyRequest SetEventStreamBody
        SubjectSet SubmitSelfServiceLoginFlowWithCodeMethodBody
        SubmitSelfServiceLoginFlowWithDeviceAuthnMethodBody
        SubmitSelfServiceLoginFlowWithIdentifierFirstMethodBody
        SubmitSelfServiceLoginFlowWithLookupSecretMethodBody SubmitSelfServiceLoginFlowWithOidcMethodBody
        SubmitSelfServiceLoginFlowWithPasskeyMethodBody SubmitSelfServiceLoginFlowWithPasswordMethodBody
        SubmitSelfServiceLoginFlowWithSamlMethodBody SubmitSelfServiceLoginFlowWithTotpMethodBody
        SubmitSelfServiceLoginFlowWithWebAuthnMethodBody SubmitSelfServiceLogoutFlowWithoutBrowserBody
        SubmitSelfServiceRecoveryFlowWithCodeMethodBody SubmitSelfServiceRecoveryFlowWithLinkMethodBody
        SubmitSelfServiceRegistrationFlowWithCodeMethodBody
        SubmitSelfServiceRegistrationFlowWithOidcMethodBody
        SubmitSelfServiceRegistrationFlowWithPasskeyMethodBody
        SubmitSelfServiceRegistrationFlowWithPasswordMethodBody
        SubmitSelfServiceRegistrationFlowWithProfileMethodBody
        SubmitSelfServiceRegistrationFlowWithSamlMethodBody
        SubmitSelfServiceRegistrationFlowWithWebAuthnMethodBody
        SubmitSelfServiceSettingsFlowWithDeviceAuthnMethodBody
        SubmitSelfServiceSettingsFlowWithLookupMethodBody SubmitSelfServiceSettingsFlowWithOidcMethodBody
        SubmitSelfServiceSettingsFlowWithPasskeyMethodBody SubmitSelfServiceSettingsFlowWithPasswordMethodBody
        SubmitSelfServiceSettingsFlowWithProfileMethodBody SubmitSelfServiceSettingsFlowWithSamlMethodBody
        SubmitSelfServiceSettingsFlowWithTotpMethodBody SubmitSelfServiceSettingsFlowWithWebAuthnMethodBody
        SubmitSelfServiceVerificationFlowWithCodeMethodBody
        SubmitSelfServiceVerificationFlowWithLinkMethodBody UpdateApiKeyBody UpdateFedcmFlowBody
        UpdateOrganizationOnboardingPortalLinkBody UpdateProject UpdateWorkspaceBody VerifiableCredentialProof
        VerifiableIdentityAddress VerifyApiKeyRequest
    ;
    unions:
        ContinueWith SubmitSelfServiceLoginFlowBody SubmitSelfServiceRecoveryFlowBody
        SubmitSelfServiceRegistrationFlowBody SubmitSelfServiceSettingsFlowBody
        SubmitSelfServiceVerificationFlowBody UiNodeAttributes
    ;
    enums:
        AuthenticatorAssuranceLevel BatchCreateImportedApiKeysErrorCode CloudAccountRole CloudAccountSource
        CourierMessageStatus CourierMessageType DeviceAuthnKeyToAddUserVerification EventStreamStatus
        EventStreamType ExpandedPermissionTreeType IdentityCredentialsType IdentityPatchResponseAction
        IdentityState KeyStatus KeyVisibility ManageSessionsBodyAction MessageDispatchStatus
        ProjectEnvironment ProjectMetadataState ProjectRegion ProjectState RelationshipPatchAction
        RevocationReason SelfServiceFlowType SelfServiceLoginFlowState SelfServiceRecoveryFlowState
        SelfServiceRegistrationFlowState SelfServiceSettingsFlowState SelfServiceVerificationFlowState
        SessionAuthenticationMethodMethod SubmitSelfServiceRegistrationFlowWithProfileMethodBodyScreen
        TokenAlgorithm UiNodeGroup UiNodeInputAttributesAutocomplete UiNodeInputAttributesType UiNodeType
        UiTextType VerificationErrorCode WorkspaceAccessPolicy
    ;
}

/// Decodes each kind of value of a type and checks that `Debug` shows no secret.
fn check<T: DeserializeOwned + Serialize + Debug>(spec: &Spec, name: &str) -> Vec<T> {
    let mut marked = Marked::new(spec);
    let mut found = Vec::new();
    let mut encoded = String::new();
    for json in marked.each(schema(spec, name)) {
        let value: T = serde_json::from_value(json.clone()).unwrap_or_else(|why| panic!("{name}: {why}: {json}"));
        let kept = serde_json::to_string(&value).unwrap();
        hidden(name, &shown(&value));
        // What is not secret must show, or `Debug` would be useless.
        if kept.contains(PLACE) && !kept.contains("\"context\"") {
            assert!(format!("{value:?}").contains(PLACE), "{name} shows nothing: {value:?}");
        }
        encoded.push_str(&kept);
        found.push(value);
    }
    // Every secret must be in the value, or the check would prove nothing.
    for secret in &marked.secrets {
        assert!(encoded.contains(secret.as_str()), "{name} lost {secret}");
    }
    found
}

/// The schema of a type in the contract. Its name differs only in case.
fn schema<'a>(spec: &'a Spec, name: &str) -> &'a Value {
    let mut found = spec.schemas().iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
    found.next().unwrap_or_else(|| panic!("the contract has no {name}")).1
}

/// Copies of the JSON, each with one value of the wrong type.
pub fn spoiled(value: &Value) -> Vec<Value> {
    let wrong = match value {
        Value::String(_) => serde_json::json!({SECRET: [SECRET]}),
        _ => Value::from(format!("{SECRET}\", expected {SECRET}`")),
    };
    let mut all = vec![wrong];
    match value {
        Value::Object(map) => {
            for (key, inner) in map {
                all.extend(spoiled(inner).into_iter().map(|inner| {
                    let mut map = map.clone();
                    map.insert(key.clone(), inner);
                    Value::Object(map)
                }));
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                all.extend(spoiled(inner).into_iter().map(|inner| {
                    let mut items = items.clone();
                    items[index] = inner;
                    Value::Array(items)
                }));
            }
        }
        _ => {}
    }
    all
}

/// `walk!` lists every type of the generated code.
#[test]
fn the_walk_is_complete() {
    let code = syn::parse_file(include_str!(concat!(env!("OUT_DIR"), "/ory.rs"))).unwrap();
    let types = module(&code.items, "types");
    let sorted = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(structs(types), sorted(STRUCTS));
    assert_eq!(structs(module(types, "builder")), sorted(BUILT));
    assert_eq!(macros(types, "tagged_union"), sorted(UNIONS));
    assert_eq!(macros(types, "open_enum"), sorted(ENUMS));
    let others: Vec<&syn::Item> = types
        .iter()
        .filter(|item| matches!(item, syn::Item::Enum(_) | syn::Item::Type(_) | syn::Item::Union(_)))
        .collect();
    // An alias with Ory's name for a type of the crate. The `Debug` of that type has a separate test.
    let [syn::Item::Type(alias)] = others.as_slice() else { panic!("types of another kind: {}", others.len()) };
    assert_eq!(alias.ident, "JsonPatch");
}

fn module<'a>(items: &'a [syn::Item], name: &str) -> &'a [syn::Item] {
    let found = items.iter().find_map(|item| match item {
        syn::Item::Mod(module) if module.ident == name => module.content.as_ref(),
        _ => None,
    });
    &found.unwrap_or_else(|| panic!("no module {name}")).1
}

fn structs(items: &[syn::Item]) -> BTreeSet<String> {
    let names = items.iter().filter_map(|item| match item {
        syn::Item::Struct(item) => Some(item.ident.to_string()),
        _ => None,
    });
    names.collect()
}

/// The names of the types that calls of this macro define: the first word after the attributes.
fn macros(items: &[syn::Item], name: &str) -> BTreeSet<String> {
    let calls = items.iter().filter_map(|item| match item {
        syn::Item::Macro(item) if item.mac.path.segments.last().is_some_and(|last| last.ident == name) => {
            Some(item.mac.tokens.clone())
        }
        _ => None,
    });
    calls
        .map(|tokens| {
            let word = tokens.into_iter().find_map(|token| match token {
                proc_macro2::TokenTree::Ident(word) => Some(word.to_string()),
                _ => None,
            });
            word.unwrap()
        })
        .collect()
}
