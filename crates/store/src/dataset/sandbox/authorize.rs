use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};

use crate::Result;

/// Functions that a query may call, in lower case. All are bounded by the length limit and none reaches outside.
pub(super) const FUNCTIONS: &[&str] = &[
    // Core.
    "abs",
    "char",
    "coalesce",
    "concat",
    "concat_ws",
    "format",
    "glob",
    "hex",
    "if",
    "ifnull",
    "iif",
    "instr",
    "length",
    "like",
    "likelihood",
    "likely",
    "lower",
    "ltrim",
    "max",
    "min",
    "nullif",
    "octet_length",
    "printf",
    "quote",
    "random",
    "replace",
    "round",
    "rtrim",
    "sign",
    "substr",
    "substring",
    "trim",
    "typeof",
    "unhex",
    "unicode",
    "unlikely",
    "upper",
    "zeroblob",
    // Aggregates.
    "avg",
    "count",
    "group_concat",
    "median",
    "mode",
    "percentile",
    "percentile_cont",
    "percentile_disc",
    "stddev",
    "stddev_pop",
    "stddev_samp",
    "string_agg",
    "sum",
    "total",
    "var_pop",
    "var_samp",
    "variance",
    // Windows.
    "cume_dist",
    "dense_rank",
    "first_value",
    "lag",
    "last_value",
    "lead",
    "nth_value",
    "ntile",
    "percent_rank",
    "rank",
    "row_number",
    // Dates.
    "current_date",
    "current_time",
    "current_timestamp",
    "date",
    "datetime",
    "julianday",
    "strftime",
    "time",
    "timediff",
    "unixepoch",
    // Mathematics.
    "acos",
    "acosh",
    "asin",
    "asinh",
    "atan",
    "atan2",
    "atanh",
    "ceil",
    "ceiling",
    "cos",
    "cosh",
    "degrees",
    "exp",
    "floor",
    "ln",
    "log",
    "log10",
    "log2",
    "mod",
    "pi",
    "pow",
    "power",
    "radians",
    "sin",
    "sinh",
    "sqrt",
    "tan",
    "tanh",
    "trunc",
    // JSON.
    "->",
    "->>",
    "json",
    "json_array",
    "json_array_length",
    "json_extract",
    "json_group_array",
    "json_group_object",
    "json_object",
    "json_type",
    "json_valid",
];

/// Functions that give a table, in lower case: what is in their argument, which the length limit bounds. All other
/// tables that SQLite has of itself are denied.
const TABLE_FUNCTIONS: [&str; 2] = ["json_each", "json_tree"];

/// Which tables are the user's, and what the statement at hand touched.
pub(super) struct Access {
    /// Lower-case name -> name, of the tables of `main`.
    tables: BTreeMap<String, String>,
    /// Names of virtual tables that exist without being created.
    modules: BTreeSet<String>,
    /// Names of the statement's common table expressions, in lower case.
    pub expressions: BTreeSet<String>,
    read: BTreeSet<String>,
    denial: Option<String>,
}

impl Access {
    /// Before the authorizer is set: reads the list of tables.
    pub fn of(connection: &Connection) -> Result<Self> {
        let names = |sql: &str| -> Result<Vec<String>> {
            let mut statement = connection.prepare(sql)?;
            let names = statement
                .query_map([], |row| row.get(0))?
                .collect::<rusqlite::Result<Vec<String>>>()?;
            Ok(names)
        };
        let tables = names(
            r"SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\'",
        )?;
        let modules = names("SELECT name FROM pragma_module_list")?;
        Ok(Self {
            tables: tables
                .into_iter()
                .map(|name| (name.to_lowercase(), name))
                .collect(),
            modules: modules.iter().map(|name| name.to_lowercase()).collect(),
            expressions: BTreeSet::new(),
            read: BTreeSet::new(),
            denial: None,
        })
    }

    pub fn decide(&mut self, context: &AuthContext<'_>) -> Authorization {
        let refusal = match context.action {
            AuthAction::Select | AuthAction::Recursive => None,
            AuthAction::Function { function_name } => refuse_function(function_name),
            AuthAction::Read {
                table_name,
                column_name,
            } => self.refuse_read(table_name, column_name, context.database_name),
            ref action => Some(describe(action)),
        };
        match refusal {
            None => Authorization::Allow,
            Some(reason) => {
                self.denial.get_or_insert(reason);
                Authorization::Deny
            }
        }
    }

    pub fn take_denial(&mut self) -> Option<String> {
        self.denial.take()
    }

    /// Names as the tables have them, sorted.
    pub fn tables_read(&self) -> Vec<String> {
        self.read.iter().cloned().collect()
    }

    fn refuse_read(&mut self, table: &str, column: &str, database: Option<&str>) -> Option<String> {
        let lower = table.to_lowercase();
        let is_main = database.is_none_or(|name| name == "main");
        if is_main && let Some(name) = self.tables.get(&lower) {
            self.read.insert(name.clone());
            return None;
        }
        if TABLE_FUNCTIONS.contains(&lower.as_str()) {
            return None;
        }
        // A common table expression of which no column is used comes by its own name, without a column. So does a table
        // that SQLite has of itself, some of which are in no list of modules before they are used.
        let is_expression = column.is_empty() && self.expressions.contains(&lower);
        if is_main && is_expression && !self.is_built_in(&lower) {
            return None;
        }
        Some(format!("reading {table} is not allowed"))
    }

    fn is_built_in(&self, lower: &str) -> bool {
        lower.starts_with("sqlite_") || lower.starts_with("pragma_") || self.modules.contains(lower)
    }
}

fn refuse_function(name: &str) -> Option<String> {
    let lower = name.to_ascii_lowercase();
    (!FUNCTIONS.contains(&lower.as_str())).then(|| format!("the function {name} is not allowed"))
}

/// In words for people, what the statement tried.
fn describe(action: &AuthAction<'_>) -> String {
    match action {
        // DROP and CREATE come as a change of the list of tables.
        AuthAction::Insert { table_name }
        | AuthAction::Update { table_name, .. }
        | AuthAction::Delete { table_name }
            if table_name.starts_with("sqlite_") =>
        {
            "only reading is allowed: this would change which tables there are".to_owned()
        }
        AuthAction::Insert { table_name }
        | AuthAction::Update { table_name, .. }
        | AuthAction::Delete { table_name } => {
            format!("only reading is allowed: this would change {table_name}")
        }
        AuthAction::Attach { .. } | AuthAction::Detach { .. } => {
            "ATTACH and DETACH are not allowed".to_owned()
        }
        AuthAction::Pragma { pragma_name, .. } => {
            format!("PRAGMA {pragma_name} is not allowed")
        }
        AuthAction::Transaction { .. } | AuthAction::Savepoint { .. } => {
            "transactions are not allowed".to_owned()
        }
        _ => "only reading is allowed: this would change the database".to_owned(),
    }
}
