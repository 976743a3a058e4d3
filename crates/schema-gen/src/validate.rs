use std::collections::{BTreeMap, HashMap, HashSet};

use crate::ddl::{storage_type, type_name};
use crate::model::{Column, NOT_NULL, Relationship, SourceRows, Table, UNIQUE};
use crate::{Schema, Source, ident};

/// A fault of a schema: `field` is a path such as `tables[0].columns[2].name`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub field: String,
    pub message: String,
}

/// Most columns of a table (SQLite's default limit).
const MAX_COLUMNS: usize = 2_000;

/// Everything that would keep the schema from being approved; empty when it is sound.
pub fn validate(schema: &Schema, sources: &[Source]) -> Vec<Problem> {
    let mut check = Check {
        schema,
        sources: sources
            .iter()
            .map(|source| (source.csv_id.as_str(), source))
            .collect(),
        problems: Vec::new(),
    };
    check.tables();
    check.shared_columns();
    check.relationships();
    check.indexes();
    check.problems
}

/// What is allowed but worth knowing: columns and files that no table holds.
pub fn notices(schema: &Schema, sources: &[Source]) -> Vec<Problem> {
    let mut held: HashMap<&str, HashSet<&str>> = HashMap::new();
    for table in &schema.tables {
        held.entry(&table.source.csv_id).or_default().extend(
            table
                .columns
                .iter()
                .filter_map(|column| column.source_column.as_deref()),
        );
    }
    let mut found = Vec::new();
    for source in sources {
        let Some(columns) = held.get(source.csv_id.as_str()) else {
            found.push(Problem {
                field: "tables".to_owned(),
                message: format!("No table holds the file {}.", source.original_filename),
            });
            continue;
        };
        for profile in &source.analysis.columns {
            if !columns.contains(profile.column.as_str()) {
                found.push(Problem {
                    field: "tables".to_owned(),
                    message: format!(
                        "The column “{}” of {} was left out.",
                        profile.column, source.original_filename
                    ),
                });
            }
        }
    }
    found
}

struct Check<'a> {
    schema: &'a Schema,
    sources: HashMap<&'a str, &'a Source>,
    problems: Vec<Problem>,
}

impl<'a> Check<'a> {
    fn say(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.problems.push(Problem {
            field: field.into(),
            message: message.into(),
        });
    }

    fn name(&mut self, field: &str, name: &str, taken: &mut HashSet<String>) {
        if let Some(fault) = ident::fault(name) {
            self.say(field, fault);
        } else if !taken.insert(name.to_lowercase()) {
            self.say(
                field,
                format!("{name} occurs twice (upper and lower case count as the same)"),
            );
        }
    }

    fn tables(&mut self) {
        if self.schema.tables.is_empty() {
            self.say("tables", "a schema needs at least one table");
        }
        let mut names = HashSet::new();
        let mut whole_files = HashSet::new();
        for (number, table) in self.schema.tables.iter().enumerate() {
            let path = format!("tables[{number}]");
            self.name(&format!("{path}.name"), &table.name, &mut names);
            if table.source.rows == SourceRows::All
                && !whole_files.insert(table.source.csv_id.as_str())
            {
                self.say(
                    format!("{path}.source"),
                    "another table holds every row of this file already",
                );
            }
            self.columns(&path, table);
            self.primary_key(&path, table);
        }
    }

    fn columns(&mut self, path: &str, table: &'a Table) {
        let source = self.sources.get(table.source.csv_id.as_str()).copied();
        if source.is_none() {
            self.say(
                format!("{path}.source.csv_id"),
                format!("there is no file {} in this schema", table.source.csv_id),
            );
        }
        match table.columns.len() {
            0 => self.say(format!("{path}.columns"), "a table needs a column"),
            count if count > MAX_COLUMNS => self.say(
                format!("{path}.columns"),
                format!("{count} columns, more than the {MAX_COLUMNS} allowed"),
            ),
            _ => {}
        }
        let (mut names, mut used) = (HashSet::new(), HashSet::new());
        for (number, column) in table.columns.iter().enumerate() {
            let path = format!("{path}.columns[{number}]");
            self.name(&format!("{path}.name"), &column.name, &mut names);
            self.constraints(&path, column);
            self.reference(&path, table, column);
            match (&column.source_column, source) {
                (None, _) => self.surrogate(&path, table, column),
                (Some(name), Some(source)) => {
                    let known = source
                        .analysis
                        .columns
                        .iter()
                        .any(|own| &own.column == name);
                    if !known {
                        self.say(
                            format!("{path}.source_column"),
                            format!("{} has no column “{name}”", source.original_filename),
                        );
                    } else if !used.insert(name.as_str()) {
                        self.say(
                            format!("{path}.source_column"),
                            format!("“{name}” is in this table already"),
                        );
                    }
                }
                (Some(_), None) => {}
            }
        }
    }

    fn constraints(&mut self, path: &str, column: &Column) {
        for (number, constraint) in column.constraints.iter().enumerate() {
            let allowed = [NOT_NULL, UNIQUE]
                .iter()
                .any(|known| known.eq_ignore_ascii_case(constraint));
            if !allowed {
                let shown: String = constraint.chars().take(60).collect();
                self.say(
                    format!("{path}.constraints[{number}]"),
                    format!("only NOT NULL and UNIQUE are possible, not “{shown}”"),
                );
            }
        }
    }

    fn surrogate(&mut self, path: &str, table: &Table, column: &Column) {
        let alone = table.primary_key == [column.name.as_str()];
        if !alone || column.column_type != ingest::ColumnType::Integer {
            self.say(
                format!("{path}.source_column"),
                "a column without a source is a number given to each row: it has to be INTEGER and the whole primary key",
            );
        }
    }

    fn reference(&mut self, path: &str, table: &Table, column: &Column) {
        let Some(reference) = &column.references else {
            return;
        };
        let stated = self.schema.relationships.iter().any(|relationship| {
            relationship.from_table == table.name
                && relationship.from_columns == [column.name.as_str()]
                && relationship.to_table == reference.table
                && relationship.to_columns == [reference.column.as_str()]
        });
        if !stated {
            self.say(
                format!("{path}.references"),
                format!(
                    "no entry of relationships says that {}.{} refers to {}.{}: add it there or remove it here",
                    table.name, column.name, reference.table, reference.column
                ),
            );
        }
    }

    fn primary_key(&mut self, path: &str, table: &Table) {
        let mut seen = HashSet::new();
        for (number, name) in table.primary_key.iter().enumerate() {
            let field = format!("{path}.primary_key[{number}]");
            if table.column(name).is_none() {
                self.say(field, format!("{} has no column {name}", table.name));
            } else if !seen.insert(name) {
                self.say(field, format!("{name} is named twice"));
            }
        }
    }

    /// A source column may stand in two tables only as the link between a table and the one split off it.
    fn shared_columns(&mut self) {
        let mut places: BTreeMap<(&str, &str), Vec<(usize, usize)>> = BTreeMap::new();
        for (table_number, table) in self.schema.tables.iter().enumerate() {
            for (column_number, column) in table.columns.iter().enumerate() {
                if let Some(source) = &column.source_column {
                    places
                        .entry((&table.source.csv_id, source))
                        .or_default()
                        .push((table_number, column_number));
                }
            }
        }
        for ((_, source), found) in places {
            let Some(&(first, _)) = found.first() else {
                continue;
            };
            for &(table, column) in found.iter().skip(1) {
                if table != first && !self.linked(source, first, table) {
                    self.say(
                        format!("tables[{table}].columns[{column}].source_column"),
                        format!(
                            "“{source}” is in {} already, and no relationship links the two",
                            self.schema.tables[first].name
                        ),
                    );
                }
            }
        }
    }

    fn linked(&self, source: &str, one: usize, other: usize) -> bool {
        let holds = |table: &Table, columns: &[String]| {
            table.columns.iter().any(|column| {
                column.source_column.as_deref() == Some(source) && columns.contains(&column.name)
            })
        };
        let (one, other) = (&self.schema.tables[one], &self.schema.tables[other]);
        self.schema.relationships.iter().any(|relationship| {
            [(one, other), (other, one)].iter().any(|(from, to)| {
                relationship.from_table == from.name
                    && relationship.to_table == to.name
                    && holds(from, &relationship.from_columns)
                    && holds(to, &relationship.to_columns)
            })
        })
    }

    fn relationships(&mut self) {
        let mut seen = HashSet::new();
        for (number, relationship) in self.schema.relationships.iter().enumerate() {
            let path = format!("relationships[{number}]");
            if !seen.insert((
                &relationship.from_table,
                &relationship.from_columns,
                &relationship.to_table,
                &relationship.to_columns,
            )) {
                self.say(path.clone(), "this relationship is stated twice");
            }
            if !(0.0..=1.0).contains(&relationship.confidence) {
                self.say(format!("{path}.confidence"), "not between 0 and 1");
            }
            self.relationship(&path, relationship);
        }
    }

    fn relationship(&mut self, path: &str, relationship: &'a Relationship) {
        let from = self.side(
            path,
            "from",
            &relationship.from_table,
            &relationship.from_columns,
        );
        let to = self.side(path, "to", &relationship.to_table, &relationship.to_columns);
        if relationship.from_columns.len() != relationship.to_columns.len() {
            self.say(
                format!("{path}.to_columns"),
                "both sides need the same number of columns",
            );
            return;
        }
        let (Some(from), Some(to)) = (from, to) else {
            return;
        };
        if from.name == to.name && relationship.from_columns == relationship.to_columns {
            self.say(format!("{path}.to_columns"), "columns refer to themselves");
        }
        if !self.schema.is_key(to, &relationship.to_columns) {
            self.say(
                format!("{path}.to_columns"),
                format!(
                    "{} ({}) is neither primary key nor UNIQUE, so nothing can refer to it",
                    to.name,
                    relationship.to_columns.join(", ")
                ),
            );
        }
        for (own, other) in relationship
            .from_columns
            .iter()
            .zip(&relationship.to_columns)
        {
            self.same_type(path, (from, own), (to, other));
        }
    }

    fn same_type(&mut self, path: &str, from: (&Table, &str), to: (&Table, &str)) {
        let (Some(own), Some(other)) = (from.0.column(from.1), to.0.column(to.1)) else {
            return;
        };
        if storage_type(own.column_type) != storage_type(other.column_type) {
            self.say(
                format!("{path}.from_columns"),
                format!(
                    "{}.{} is {} but {}.{} is {}",
                    from.0.name,
                    from.1,
                    type_name(own.column_type),
                    to.0.name,
                    to.1,
                    type_name(other.column_type)
                ),
            );
        }
    }

    fn side(
        &mut self,
        path: &str,
        side: &str,
        name: &str,
        columns: &[String],
    ) -> Option<&'a Table> {
        let Some(table) = self.schema.table(name) else {
            self.say(
                format!("{path}.{side}_table"),
                format!("there is no table {name}"),
            );
            return None;
        };
        if columns.is_empty() {
            self.say(format!("{path}.{side}_columns"), "a column is needed");
        }
        let mut seen = HashSet::new();
        for column in columns {
            if table.column(column).is_none() {
                self.say(
                    format!("{path}.{side}_columns"),
                    format!("{name} has no column {column}"),
                );
            } else if !seen.insert(column) {
                self.say(
                    format!("{path}.{side}_columns"),
                    format!("{column} is named twice"),
                );
            }
        }
        Some(table)
    }

    fn indexes(&mut self) {
        // Indexes and tables share one name space in SQLite.
        let mut names: HashSet<String> = self
            .schema
            .tables
            .iter()
            .map(|table| table.name.to_lowercase())
            .collect();
        for (number, index) in self.schema.indexes.iter().enumerate() {
            let path = format!("indexes[{number}]");
            self.name(&format!("{path}.name"), &index.name, &mut names);
            let Some(table) = self.schema.table(&index.table) else {
                self.say(
                    format!("{path}.table"),
                    format!("there is no table {}", index.table),
                );
                continue;
            };
            if index.columns.is_empty() {
                self.say(format!("{path}.columns"), "a column is needed");
            }
            for column in &index.columns {
                if table.column(column).is_none() {
                    self.say(
                        format!("{path}.columns"),
                        format!("{} has no column {column}", table.name),
                    );
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
