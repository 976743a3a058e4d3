//! Paging: `?limit=&cursor=` -> `next_cursor`.

use serde::Deserialize;
use store::Page;
use utoipa::IntoParams;

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
    pub fn page(&self) -> Page {
        Page {
            limit: self.limit.unwrap_or(Page::DEFAULT_LIMIT),
            cursor: self.cursor.clone().filter(|cursor| !cursor.is_empty()),
        }
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

    pub fn limit(&self) -> u64 {
        self.limit.unwrap_or(100).clamp(1, 1_000)
    }
}
