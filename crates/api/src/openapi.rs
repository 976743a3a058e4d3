//! The OpenAPI document: what the handlers say of themselves, and what holds for all of them.

use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{
    Content, InfoBuilder, OpenApi, Ref, RefOr, ResponseBuilder, path::Operation,
};
use utoipa::{PartialSchema, ToSchema};

use crate::error::{FieldError, Problem};

/// Problems that any operation may answer with: the guard stands before all of them.
const EVERYWHERE: [(&str, &str); 5] = [
    ("403", "Refused: sent by another site, or not allowed"),
    ("421", "The server does not answer to this host name"),
    ("429", "Too many requests; Retry-After says when"),
    ("500", "A fault of the server"),
    ("503", "Stopped, stopping, or a part is out of reach"),
];
/// Operations behind sign-in.
const SIGNED_IN: [(&str, &str); 1] = [("401", "Not signed in")];
/// Operations with a body, parameters or an id.
const WITH_INPUT: [(&str, &str); 9] = [
    ("400", "Malformed, or broken off"),
    ("404", "Not there, or not yours"),
    ("408", "The body stopped arriving"),
    ("409", "The state forbids it"),
    ("413", "Too large"),
    ("415", "Not the expected kind of body"),
    (
        "422",
        "Understood but not usable; `errors` names the fields",
    ),
    ("502", "The identity provider's answer cannot be used"),
    ("507", "The disk is full"),
];

/// Adds title, sign-in and the problems to the collected document.
pub fn complete(mut document: OpenApi) -> OpenApi {
    document.info = InfoBuilder::new()
        .title("Data Query Agent API")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some("CSV files -> one checked relational database -> answers with their proof. Errors are problem documents (RFC 9457)."))
        .license(Some(utoipa::openapi::LicenseBuilder::new().name("MIT").identifier(Some("MIT")).build()))
        .build();
    document.servers = None;
    let components = document.components.get_or_insert_with(Default::default);
    components
        .schemas
        .insert("Problem".into(), Problem::schema());
    components
        .schemas
        .insert(FieldError::name().into_owned(), FieldError::schema());
    components.add_security_scheme(
        "bearer",
        SecurityScheme::Http(
            HttpBuilder::new()
                .scheme(HttpAuthScheme::Bearer)
                .bearer_format("JWT")
                .build(),
        ),
    );
    components.add_security_scheme(
        "cookie",
        SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new("access_token"))),
    );
    for item in document.paths.paths.values_mut() {
        let operations = [
            &mut item.get,
            &mut item.post,
            &mut item.put,
            &mut item.patch,
            &mut item.delete,
        ];
        for operation in operations.into_iter().flatten() {
            describe(operation);
        }
    }
    document
}

fn describe(operation: &mut Operation) {
    let open = operation.security.as_ref().is_some_and(|security| {
        security
            .iter()
            .all(|requirement| *requirement == SecurityRequirement::default())
    });
    add(operation, &EVERYWHERE);
    if open {
        operation.security = Some(Vec::new());
    } else {
        let none: [String; 0] = [];
        operation.security = Some(vec![
            SecurityRequirement::new("bearer", none.clone()),
            SecurityRequirement::new("cookie", none),
        ]);
        add(operation, &SIGNED_IN);
    }
    let has_parameters = operation
        .parameters
        .as_ref()
        .is_some_and(|parameters| !parameters.is_empty());
    if operation.request_body.is_some() || has_parameters || !open {
        add(operation, &WITH_INPUT);
    }
}

fn add(operation: &mut Operation, problems: &[(&str, &str)]) {
    for (status, description) in problems {
        let content = Content::new(Some(RefOr::Ref(Ref::from_schema_name("Problem"))));
        let response = ResponseBuilder::new()
            .description(*description)
            .content("application/problem+json", content)
            .build();
        operation
            .responses
            .responses
            .entry((*status).to_owned())
            .or_insert(RefOr::T(response));
    }
}
