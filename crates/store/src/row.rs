//! Columns of metadata rows to values and back: ids, times and JSON are text.

use std::str::FromStr;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::{Result, StoreError};

/// Fixed width, so that text order is time order.
pub(crate) fn time_text(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Micros, true)
}

pub(crate) fn to_json<T: Serialize + ?Sized>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(StoreError::metadata)
}

pub(crate) fn text(row: &SqliteRow, column: &str) -> Result<String> {
    Ok(row.try_get(column)?)
}

/// An id or a state: anything with a `FromStr`.
pub(crate) fn parsed<T: FromStr>(row: &SqliteRow, column: &str) -> Result<T>
where
    T::Err: std::error::Error + Send + Sync + 'static,
{
    text(row, column)?.parse().map_err(StoreError::metadata)
}

pub(crate) fn optional_parsed<T: FromStr>(row: &SqliteRow, column: &str) -> Result<Option<T>>
where
    T::Err: std::error::Error + Send + Sync + 'static,
{
    row.try_get::<Option<String>, _>(column)?
        .map(|text| text.parse().map_err(StoreError::metadata))
        .transpose()
}

pub(crate) fn json<T: DeserializeOwned>(row: &SqliteRow, column: &str) -> Result<T> {
    serde_json::from_str(&text(row, column)?).map_err(StoreError::metadata)
}

pub(crate) fn optional_json<T: DeserializeOwned>(
    row: &SqliteRow,
    column: &str,
) -> Result<Option<T>> {
    row.try_get::<Option<String>, _>(column)?
        .map(|text| serde_json::from_str(&text).map_err(StoreError::metadata))
        .transpose()
}

/// A value outside the words that a column may hold.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is not a known state")]
pub struct UnknownWordError(pub(crate) String);

/// An enum stored and shown as one lower-case word for each variant.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $word)] $variant),+
        }

        impl $name {
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = crate::row::UnknownWordError;

            fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    other => Err(crate::row::UnknownWordError(other.to_owned())),
                }
            }
        }
    };
}

pub(crate) use words;
