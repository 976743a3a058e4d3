use crate::{Result, StoreError};

/// Which part of a list, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// At most this many items; held to 1 to [`Page::MAX_LIMIT`].
    pub limit: u32,
    /// [`Paged::next_cursor`] of the part before; `None` for the first.
    pub cursor: Option<String>,
}

impl Page {
    pub const DEFAULT_LIMIT: u32 = 50;
    pub const MAX_LIMIT: u32 = 200;

    /// The first part.
    pub fn first(limit: u32) -> Self {
        Self {
            limit,
            cursor: None,
        }
    }

    pub(crate) fn limit(&self) -> u32 {
        self.limit.clamp(1, Self::MAX_LIMIT)
    }

    /// One row more than asked for tells whether there is a next part.
    pub(crate) fn fetch_limit(&self) -> i64 {
        i64::from(self.limit()) + 1
    }

    /// Time and id of the last item of the part before.
    pub(crate) fn after(&self) -> Result<(Option<&str>, Option<&str>)> {
        let Some(cursor) = self.cursor.as_deref() else {
            return Ok((None, None));
        };
        let (time, id) = cursor.split_once('_').ok_or_else(bad_cursor)?;
        chrono::DateTime::parse_from_rfc3339(time).map_err(|_| bad_cursor())?;
        uuid::Uuid::parse_str(id).map_err(|_| bad_cursor())?;
        Ok((Some(time), Some(id)))
    }
}

impl Default for Page {
    fn default() -> Self {
        Self::first(Self::DEFAULT_LIMIT)
    }
}

fn bad_cursor() -> StoreError {
    StoreError::denied(
        "bad_cursor",
        "cursor: this is not one that a list gave out as next_cursor",
    )
}

/// One part of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Paged<T> {
    pub items: Vec<T>,
    /// Gives the next part; `None` at the end.
    pub next_cursor: Option<String>,
}

impl<T> Paged<T> {
    /// From rows in order, one more than `page` asked for where there are more; `key` gives time and id of an item.
    pub(crate) fn from_rows(
        mut items: Vec<T>,
        page: &Page,
        key: impl Fn(&T) -> (String, String),
    ) -> Self {
        let limit = page.limit() as usize;
        let next_cursor = if items.len() > limit {
            items.truncate(limit);
            items.last().map(|last| {
                let (time, id) = key(last);
                format!("{time}_{id}")
            })
        } else {
            None
        };
        Self { items, next_cursor }
    }
}
