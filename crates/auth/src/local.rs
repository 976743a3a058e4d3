use store::users::Identity;

/// The issuer of the one user of local mode; no provider can have it, as it is no URL.
pub(crate) const ISSUER: &str = "local";

pub(crate) fn identity() -> Identity {
    Identity {
        issuer: ISSUER.to_owned(),
        subject: "owner".to_owned(),
        email: None,
        name: Some("Local user".to_owned()),
        picture: None,
    }
}
