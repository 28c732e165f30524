//! The login, consent, logout and device pages that Hydra calls.
//!
//! [`Provider`] takes a challenge in and gives a decision out. The guide
//! [be the login and consent app](crate::docs::login_and_consent) shows a whole program.

mod asked;
mod builder;
mod calls;
mod claims;
mod consent;
mod consent_answer;
mod consent_question;
mod cross_site;
mod device;
mod device_question;
mod failure;
mod handle;
mod hydra_error;
mod login;
mod logout;
mod logout_question;
mod parameters;
mod person;
mod redirect;
mod requests;
mod respond;
mod sign_in;
mod visitor;

pub use builder::ProviderBuilder;
pub use claims::{Claims, ClaimsFor};
pub use consent::ConsentStep;
pub use consent_answer::ConsentAnswer;
pub use consent_question::ConsentQuestion;
pub use device::DeviceStep;
pub use device_question::{DeviceAnswer, DeviceQuestion};
pub use failure::{ProviderError, ProviderErrorKind};
pub use handle::Provider;
pub use login::LoginStep;
pub use logout::LogoutStep;
pub use logout_question::{LogoutAnswer, LogoutQuestion};
pub use redirect::Redirect;
pub use sign_in::{SignIn, SignInReason};
pub use visitor::Visitor;
