use schema_gen::Schema;
use store::StoreError;
use store::dataset::Dataset;

/// A stored value that a phrase may mean.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    pub table: String,
    pub column: String,
    pub value: String,
    /// 1 for the same text, less the more liberties were taken.
    pub score: f64,
}

/// Distinct text values of a database by what people may call them.
#[derive(Debug, Clone, Default)]
pub struct ValueIndex {}

impl ValueIndex {
    /// Reads the distinct values of every text column, bounded for each column and overall.
    pub fn build(dataset: &dyn Dataset, schema: &Schema) -> Result<Self, StoreError> {
        let _ = (dataset, schema);
        Ok(Self::default())
    }
}
