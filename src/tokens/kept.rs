//! The access token that is kept, and how often another one may be asked for.

use std::time::Duration;

use tokio::time::Instant;

use super::error::TokenError;
use super::response::Tokens;
use crate::privacy::Secret;

/// How long a token is kept of which the server does not say how long it lives.
const UNKNOWN_LIFE: Duration = Duration::from_secs(60);
/// A token that lives longer is replaced after that time all the same.
const LONGEST_LIFE: Duration = Duration::from_secs(24 * 3600);
/// The window at the end of a token's life in which another one is asked for: a tenth of the life, but at least this long.
const SHORTEST_WINDOW: Duration = Duration::from_secs(30);
/// A token is not handed out any more so shortly before its end that it would end on its way.
const MARGIN: Duration = Duration::from_secs(5);
/// The time between two requests after a failure, and between two after refusals.
const PACE: Duration = Duration::from_secs(1);
/// The longest time for which a server is left alone because it says so.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// The access token, what the last request said if it failed, and when the last refusal led to a request.
#[derive(Default)]
pub(super) struct Kept {
    token: Option<Timed>,
    failure: Option<(Instant, TokenError)>,
    forced: Option<Instant>,
}

struct Timed {
    token: Secret,
    /// When another one is asked for.
    due: Instant,
    /// When it is not handed out any more.
    end: Instant,
    /// A server refused it, so that it may have been revoked.
    refused: bool,
}

/// What is there.
pub(super) enum Found {
    /// A token to use.
    Good(Secret),
    /// A token to use, while another one is asked for.
    Due(Secret),
    /// A token that a server refused.
    Refused(Secret),
    Nothing,
}

impl Found {
    /// The token, if there is one.
    pub(super) fn token(self) -> Option<Secret> {
        match self {
            Self::Good(token) | Self::Due(token) | Self::Refused(token) => Some(token),
            Self::Nothing => None,
        }
    }
}

impl Kept {
    pub(super) fn find(&self, now: Instant) -> Found {
        match &self.token {
            Some(kept) if kept.end <= now => Found::Nothing,
            Some(kept) if kept.refused => Found::Refused(kept.token.clone()),
            Some(kept) if kept.due <= now => Found::Due(kept.token.clone()),
            Some(kept) => Found::Good(kept.token.clone()),
            None => Found::Nothing,
        }
    }

    /// Notes that a server refused this token. Nothing changes if another one is here by now, or if the last refusal led to
    /// a request a moment ago: a server that refuses every token must not make every call ask for one.
    pub(super) fn refuse(&mut self, token: &Secret, now: Instant) {
        let Some(kept) = self.token.as_mut().filter(|kept| kept.token == *token) else { return };
        if self.forced.is_none_or(|last| now.saturating_duration_since(last) >= PACE) {
            kept.refused = true;
            self.forced = Some(now);
        }
    }

    /// The error of a request that failed a moment ago.
    pub(super) fn failure(&self, now: Instant) -> Option<TokenError> {
        let (until, error) = self.failure.as_ref()?;
        (now < *until).then(|| error.clone())
    }

    /// Notes a request that failed. A token that was refused may be good for other servers, so it stays.
    pub(super) fn fail(&mut self, error: &TokenError, now: Instant) {
        if let Some(kept) = &mut self.token {
            kept.refused = false;
        }
        let wait = error.retry_after().unwrap_or_default().clamp(PACE, LONGEST_WAIT);
        self.failure = Some((now + wait, error.clone()));
    }

    /// Keeps the token of a request that was sent at that time, if it lives at all.
    pub(super) fn keep(&mut self, tokens: &Tokens, sent: Instant) {
        self.failure = None;
        let life = tokens.expires_in.unwrap_or(UNKNOWN_LIFE).min(LONGEST_LIFE);
        let window = (life / 10).max(SHORTEST_WINDOW).min(life / 2);
        // Processes that started together do not ask together.
        let earlier = (window / 10).mul_f64(fastrand::f64());
        self.token = (!life.is_zero()).then(|| Timed {
            token: tokens.access_token.clone(),
            due: sent + (life - window).saturating_sub(earlier),
            end: sent + (life - MARGIN.min(life / 10)),
            refused: false,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(expires_in: Option<f64>) -> (Kept, Instant) {
        let body = serde_json::json!({"access_token": "t", "expires_in": expires_in});
        let response = crate::response::RawResponse {
            status: http::StatusCode::OK,
            headers: http::HeaderMap::new(),
            body: body.to_string().into(),
        };
        let tokens = super::super::response::tokens(&response, &mut Vec::new()).unwrap();
        let (mut kept, now) = (Kept::default(), Instant::now());
        kept.keep(&tokens, now);
        (kept, now)
    }

    fn is(kept: &Kept, at: Instant) -> char {
        match kept.find(at) {
            Found::Good(_) => 'g',
            Found::Due(_) => 'd',
            Found::Refused(_) => 'r',
            Found::Nothing => 'n',
        }
    }

    #[test]
    fn the_window_depends_on_the_life() {
        // The life, the last moment at which it is surely good, the beginning of the window, and its end.
        let cases = [
            (Some(3600.0), 3200.0, 3240.0, 3595.0),
            (Some(60.0), 26.0, 30.0, 55.0),
            (None, 26.0, 30.0, 55.0),
            (Some(10.0), 4.0, 5.0, 9.0),
            (Some(1.0), 0.4, 0.5, 0.9),
            (Some(1e300), 76_800.0, 77_760.0, 86_395.0),
        ];
        for (life, good, due, end) in cases {
            let (kept, start) = kept(life);
            let at = |seconds: f64| is(&kept, start + Duration::from_secs_f64(seconds));
            let seen = [at(0.0), at(good), at(due), at(end - 0.05), at(end)];
            assert_eq!(seen, ['g', 'g', 'd', 'd', 'n'], "{life:?}");
        }
        for nothing in [0.0, -1.0] {
            let (kept, start) = kept(Some(nothing));
            assert_eq!(is(&kept, start), 'n');
        }
    }

    #[test]
    fn a_refusal_counts_once_a_second() {
        let (mut kept, start) = kept(Some(3600.0));
        kept.refuse(&"another".into(), start);
        assert_eq!(is(&kept, start), 'g');
        kept.refuse(&"t".into(), start);
        assert_eq!(is(&kept, start), 'r');
        let error = TokenError::cut_off();
        kept.fail(&error, start);
        assert_eq!(is(&kept, start), 'g');
        kept.refuse(&"t".into(), start + Duration::from_millis(999));
        assert_eq!(is(&kept, start), 'g');
        kept.refuse(&"t".into(), start + PACE);
        assert_eq!(is(&kept, start), 'r');
        assert!(kept.failure(start + Duration::from_millis(999)).is_some() && kept.failure(start + PACE).is_none());
    }
}
