//! Paging: `?limit=&cursor=` -> `next_cursor`.

use serde::Deserialize;
use store::Page;
use utoipa::IntoParams;

use crate::error::{ApiError, FieldError};

const MAX_ROWS: u64 = 1_000;

#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// Items at most, 1 to 200; 50 unless told.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u32>,
    /// `next_cursor` of the part before.
    pub cursor: Option<String>,
}

impl PageQuery {
    pub fn page(&self) -> Result<Page, ApiError> {
        let limit = self.limit.unwrap_or(Page::DEFAULT_LIMIT);
        check_limit(limit.into(), Page::MAX_LIMIT.into())?;
        let cursor = self.cursor.clone().filter(|cursor| !cursor.is_empty());
        Ok(Page { limit, cursor })
    }
}

/// Part of a list that has no order by time, such as the rows of a file.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RangeQuery {
    /// Rows to skip.
    pub offset: Option<u64>,
    /// Rows at most, 1 to 1000; 100 unless told.
    #[param(minimum = 1, maximum = 1000)]
    pub limit: Option<u64>,
}

impl RangeQuery {
    pub fn offset(&self) -> u64 {
        self.offset.unwrap_or(0)
    }

    pub fn limit(&self) -> Result<u64, ApiError> {
        let limit = self.limit.unwrap_or(100);
        check_limit(limit, MAX_ROWS)?;
        Ok(limit)
    }
}

fn check_limit(limit: u64, most: u64) -> Result<(), ApiError> {
    if (1..=most).contains(&limit) {
        return Ok(());
    }
    let error = FieldError {
        field: "limit".into(),
        message: format!("a number from 1 to {most}"),
    };
    Err(
        ApiError::unprocessable("invalid_query", "That many cannot be listed at once.")
            .with_errors(vec![error]),
    )
}
