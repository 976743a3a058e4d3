//! Decisions -> the schema, with names, constraints, indexes and reasons.

use ingest::ColumnType;

use crate::facts::{At, ColumnFacts, TableFacts};
use crate::ident::{self, NameScope};
use crate::model::{
    Cardinality, Column, Evidence, Index, KeyExceptions, Misfits, NOT_NULL, Orphans, Relationship,
    Repeats, Rival, SourceRows, Table, TableSource, UNIQUE,
};
use crate::reasoning;
use crate::relations::{self, Candidate, Choice, Composite};
use crate::{Schema, Source};

/// All that was decided about the files.
pub struct Decisions<'a> {
    pub tables: &'a [TableFacts<'a>],
    /// Columns of each table's primary key.
    pub keys: Vec<Vec<usize>>,
    pub choice: Choice,
    pub composites: Vec<Composite>,
}

impl Decisions<'_> {
    /// Each column that refers and the one it refers to, also those of references by several columns.
    fn links(&self) -> Vec<(At, At)> {
        let single = self
            .choice
            .chosen
            .iter()
            .map(|chosen| (chosen.from, chosen.to));
        let several = self.composites.iter().flat_map(|reference| {
            let own = reference.from_columns.iter();
            own.zip(&reference.to_columns)
                .map(|(&from, &to)| ((reference.from_table, from), (reference.to_table, to)))
        });
        single.chain(several).collect()
    }
}

/// Puts the decisions into a schema.
pub fn build(decisions: &Decisions<'_>) -> Schema {
    let mut notes = Vec::new();
    let mut names = NameScope::default();
    let mut schema = Schema::default();
    let types = column_types(decisions);
    for (number, facts) in decisions.tables.iter().enumerate() {
        let stem = ident::table_stem(&facts.source.original_filename);
        let cleaned = names.claim(stem, &format!("table_{}", number + 1));
        notes.extend(cleaned.note);
        let table = build_table(decisions, number, cleaned.name, &types[number], &mut notes);
        schema.tables.push(table);
    }
    add_relationships(decisions, &mut schema);
    require_unique_targets(&mut schema);
    add_indexes(&mut schema);
    schema.derive_references();
    let sources: Vec<&Source> = decisions.tables.iter().map(|own| own.source).collect();
    schema.reasoning = reasoning::write(&schema, &sources, &notes);
    schema
}

fn build_table(
    decisions: &Decisions<'_>,
    number: usize,
    name: String,
    types: &[ColumnType],
    notes: &mut Vec<String>,
) -> Table {
    let facts = &decisions.tables[number];
    let mut names = NameScope::default();
    let mut columns = Vec::with_capacity(facts.columns.len());
    for (position, column) in facts.columns.iter().enumerate() {
        let cleaned = names.claim(&column.profile.column, &format!("column_{}", position + 1));
        notes.extend(cleaned.note.map(|note| format!("In {name}, {note}")));
        let mut built = Column {
            name: cleaned.name,
            column_type: types[position],
            constraints: Vec::new(),
            source_column: Some(column.profile.column.clone()),
            references: None,
            misfits: Misfits::default(),
            description: None,
            words: Vec::new(),
        };
        if column.profile.null_count == 0 && facts.row_count > 0 {
            built.require(NOT_NULL);
        }
        columns.push(built);
    }
    let key = &decisions.keys[number];
    let (repeats, key_exceptions) = match key.as_slice() {
        [only] => kept_exceptions(&facts.columns[*only]),
        _ => (Repeats::default(), None),
    };
    Table {
        name,
        repeats,
        key_exceptions,
        source: TableSource {
            csv_id: facts.source.csv_id.clone(),
            rows: SourceRows::All,
        },
        primary_key: key
            .iter()
            .map(|&column| columns[column].name.clone())
            .collect(),
        columns,
        description: None,
        label: None,
    }
}

/// Rows that break the key of a column by itself are kept.
fn kept_exceptions(column: &ColumnFacts<'_>) -> (Repeats, Option<KeyExceptions>) {
    match column.values.as_ref().filter(|values| !values.is_unique()) {
        None => (Repeats::default(), None),
        Some(values) => (
            Repeats::Keep,
            Some(KeyExceptions {
                repeated_rows: values.non_null - values.distinct.len() as u64,
                empty_rows: values.null_count,
                samples: Vec::new(),
            }),
        ),
    }
}

/// The profiles' types, but one type for columns that refer to each other: INTEGER for whole numbers that either side writes
/// as doubles, TEXT where either side is text.
fn column_types(decisions: &Decisions<'_>) -> Vec<Vec<ColumnType>> {
    let mut types: Vec<Vec<ColumnType>> = decisions
        .tables
        .iter()
        .map(|table| {
            let columns = table.columns.iter();
            columns.map(|column| column.profile.column_type).collect()
        })
        .collect();
    let links = decisions.links();
    // Ends, because a type only ever moves from REAL to INTEGER, and from each to TEXT.
    loop {
        let mut is_settled = true;
        for &(from, to) in &links {
            let common = match (types[from.0][from.1], types[to.0][to.1]) {
                (ColumnType::Real | ColumnType::Integer, ColumnType::Real)
                | (ColumnType::Real, ColumnType::Integer) => ColumnType::Integer,
                (own, key) if own == key => key,
                _ => ColumnType::Text,
            };
            for at in [from, to] {
                is_settled &= types[at.0][at.1] == common;
                types[at.0][at.1] = common;
            }
        }
        if is_settled {
            return types;
        }
    }
}

fn add_relationships(decisions: &Decisions<'_>, schema: &mut Schema) {
    let tables = &schema.tables;
    let names = |table: usize, columns: &[usize]| -> Vec<String> {
        columns
            .iter()
            .map(|&column| tables[table].columns[column].name.clone())
            .collect()
    };
    let mut found: Vec<Relationship> = decisions
        .choice
        .chosen
        .iter()
        .map(|candidate| Relationship {
            from_table: tables[candidate.from.0].name.clone(),
            from_columns: names(candidate.from.0, &[candidate.from.1]),
            to_table: tables[candidate.to.0].name.clone(),
            to_columns: names(candidate.to.0, &[candidate.to.1]),
            cardinality: cardinality(decisions, candidate.from.0, &[candidate.from.1]),
            confidence: candidate.confidence(),
            evidence: Evidence {
                distinct: candidate.distinct,
                matched: candidate.matched,
                orphan_rows: candidate.orphan_rows,
                orphan_samples: Vec::new(),
                reasons: candidate.reasons.clone(),
                rivals: rivals(decisions, schema, candidate),
            },
            orphans: Orphans::default(),
            even_out: Vec::new(),
        })
        .collect();
    found.extend(decisions.composites.iter().map(|reference| Relationship {
        from_table: tables[reference.from_table].name.clone(),
        from_columns: names(reference.from_table, &reference.from_columns),
        to_table: tables[reference.to_table].name.clone(),
        to_columns: names(reference.to_table, &reference.to_columns),
        cardinality: cardinality(decisions, reference.from_table, &reference.from_columns),
        confidence: relations::confidence(reference.weight),
        evidence: Evidence {
            distinct: reference.distinct,
            matched: reference.matched,
            orphan_rows: reference.orphan_rows,
            orphan_samples: Vec::new(),
            reasons: reference.reasons.clone(),
            rivals: Vec::new(),
        },
        orphans: Orphans::default(),
        even_out: Vec::new(),
    }));
    schema.relationships = found;
}

/// One-to-one only where the referencing columns are themselves a key.
fn cardinality(decisions: &Decisions<'_>, table: usize, columns: &[usize]) -> Cardinality {
    let key = &decisions.keys[table];
    let whole_key = key.len() == columns.len() && key.iter().all(|column| columns.contains(column));
    let unique = matches!(columns, [only] if decisions.tables[table].columns[*only].is_unique());
    if whole_key || (unique && key.as_slice() == columns) {
        Cardinality::OneToOne
    } else {
        Cardinality::ManyToOne
    }
}

fn rivals(decisions: &Decisions<'_>, schema: &Schema, chosen: &Candidate) -> Vec<Rival> {
    let Some(beaten) = decisions.choice.rivals.get(&chosen.from) else {
        return Vec::new();
    };
    beaten
        .iter()
        .take(3)
        .map(|rival| {
            let table = &schema.tables[rival.to.0];
            Rival {
                table: table.name.clone(),
                columns: vec![table.columns[rival.to.1].name.clone()],
                confidence: rival.confidence(),
                reason: rival_reason(chosen, rival),
            }
        })
        .collect()
}

fn rival_reason(chosen: &Candidate, rival: &Candidate) -> String {
    if rival.name_score + 0.05 < chosen.name_score {
        "its values fit too, but its name fits less well".to_owned()
    } else if rival.orphan_rows > chosen.orphan_rows {
        format!("{} rows would refer to nothing", rival.orphan_rows)
    } else {
        "its values fit too, but it is less likely the key of what is meant".to_owned()
    }
}

/// A referenced column has to be declared unique.
fn require_unique_targets(schema: &mut Schema) {
    let targets: Vec<(String, Vec<String>)> = schema
        .relationships
        .iter()
        .map(|relationship| {
            (
                relationship.to_table.clone(),
                relationship.to_columns.clone(),
            )
        })
        .collect();
    for (name, columns) in targets {
        let known = schema
            .table(&name)
            .is_some_and(|table| schema.is_key(table, &columns));
        let [only] = columns.as_slice() else { continue };
        if known {
            continue;
        }
        let column = schema
            .tables
            .iter_mut()
            .find(|table| table.name == name)
            .and_then(|table| table.columns.iter_mut().find(|column| &column.name == only));
        if let Some(column) = column {
            column.require(UNIQUE);
        }
    }
}

/// An index for each reference that no key begins with, and for each key that is not enforced.
pub fn add_indexes(schema: &mut Schema) {
    let mut names = NameScope::default();
    for table in &schema.tables {
        names.claim(&table.name, "table");
    }
    for index in &schema.indexes {
        names.claim(&index.name, "index");
    }
    let references = schema.relationships.iter();
    let references =
        references.map(|relationship| (&relationship.from_table, &relationship.from_columns));
    let loose = |table: &&Table| table.enforced_key() != table.primary_key;
    let keys = schema.tables.iter().filter(loose);
    let keys = keys.map(|table| (&table.name, &table.primary_key));
    let wanted: Vec<(String, Vec<String>)> = references
        .chain(keys)
        .map(|(table, columns)| (table.clone(), columns.clone()))
        .collect();
    for (table, columns) in wanted {
        let Some(table) = schema.table(&table) else {
            continue;
        };
        let served = table.enforced_key().starts_with(&columns)
            || schema
                .indexes
                .iter()
                .any(|index| index.table == table.name && index.columns.starts_with(&columns));
        if served {
            continue;
        }
        let wish = format!("idx_{}_{}", table.name, columns.join("_"));
        let index = Index {
            name: names.claim(&wish, "index").name,
            table: table.name.clone(),
            columns,
            unique: false,
        };
        schema.indexes.push(index);
    }
}
