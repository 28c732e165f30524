// The body of a message that `ory_sdk::actions::CourierMessage` reads: that of Kratos' own template, with the codes of
// login and registration, and the HTML.
local get(object, name) = if name in object then object[name] else null;

function(ctx)
  local data = if 'template_data' in ctx then ctx.template_data else {};
  {
    recipient: ctx.recipient,
    template_type: ctx.template_type,
    to: get(data, 'to'),
    recovery_code: get(data, 'recovery_code'),
    recovery_url: get(data, 'recovery_url'),
    verification_code: get(data, 'verification_code'),
    verification_url: get(data, 'verification_url'),
    login_code: get(data, 'login_code'),
    registration_code: get(data, 'registration_code'),
    subject: get(ctx, 'subject'),
    body: get(ctx, 'body'),
    html_body: get(ctx, 'html_body'),
  }
