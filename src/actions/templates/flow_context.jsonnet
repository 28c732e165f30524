// The body of a web hook of Kratos that `ory_sdk::actions::FlowContext` reads.
//
// Named fields only: no cookies, no form with its CSRF token, no headers that may hold a credential.
local pick(object, names) =
  if object == null then {} else { [name]: object[name] for name in names if name in object };

function(ctx)
  pick(ctx, ['request_method', 'request_url']) {
    request_headers: pick(ctx.request_headers, ['Accept-Language', 'Origin', 'True-Client-Ip', 'User-Agent']),
    flow: pick(ctx.flow, [
      'id',
      'type',
      'state',
      'active',
      'request_url',
      'return_to',
      'requested_aal',
      'refresh',
      'organization_id',
      'transient_payload',
      'issued_at',
      'expires_at',
    ]),
    [if 'identity' in ctx then 'identity']: pick(ctx.identity, [
      'id',
      'schema_id',
      'state',
      'traits',
      'metadata_public',
      'external_id',
      'organization_id',
      'verifiable_addresses',
      'recovery_addresses',
      'created_at',
      'updated_at',
    ]),
    [if 'session' in ctx then 'session']: pick(ctx.session, [
      'id',
      'active',
      'authenticator_assurance_level',
      'authentication_methods',
      'devices',
      'authenticated_at',
      'issued_at',
      'expires_at',
    ]),
  }
