//! Statements that SQLite understands, of the shapes that cost most: nested, repeated, doubled, endless.

/// Draws statements; the same seed draws the same ones.
pub struct Grammar {
    state: u64,
    /// How much deeper the statement at hand may become.
    depth: u32,
    /// Common table expressions that may be named.
    names: Vec<String>,
}

const COLUMNS: [&str; 8] = ["n", "s", "r", "id", "name", "price", "note", "x"];
const LITERALS: [&str; 8] = [
    "1",
    "-1",
    "0.5",
    "NULL",
    "'a'",
    "x'00ff'",
    "9223372036854775807",
    "'[1,{\"a\":2}]'",
];
const BINARY: [&str; 17] = [
    "+", "-", "*", "/", "%", "||", "=", "<", ">=", "IS", "IS NOT", "AND", "OR", "LIKE", "GLOB",
    "->", "->>",
];
const SCALARS: [&str; 18] = [
    "abs",
    "hex",
    "length",
    "lower",
    "quote",
    "typeof",
    "unicode",
    "round",
    "zeroblob",
    "json",
    "json_array",
    "char",
    "trim",
    "sign",
    "json_type",
    "json_object",
    "unhex",
    "strftime",
];
const AGGREGATES: [&str; 12] = [
    "sum",
    "count",
    "max",
    "avg",
    "total",
    "group_concat",
    "json_group_array",
    "median",
    "stddev",
    "string_agg",
    "json_group_object",
    "percentile",
];
const JOINS: [&str; 6] = [
    ",",
    " JOIN ",
    " LEFT JOIN ",
    " CROSS JOIN ",
    " NATURAL JOIN ",
    " FULL JOIN ",
];
const COMPOUNDS: [&str; 4] = [" UNION ALL ", " UNION ", " EXCEPT ", " INTERSECT "];

impl Grammar {
    pub fn new(seed: u64) -> Self {
        Self {
            state: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1,
            depth: 0,
            names: Vec::new(),
        }
    }

    /// A number below `bound` (xorshift64*, Vigna 2016).
    pub fn below(&mut self, bound: usize) -> usize {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        (self.state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % bound
    }

    fn of(&mut self, list: &[&'static str]) -> &'static str {
        list[self.below(list.len())]
    }

    /// Mostly few, now and then very many.
    fn several(&mut self, most: usize) -> usize {
        match self.below(10) {
            0 => 1 + self.below(most),
            1 | 2 => 1 + self.below(most.min(20)),
            _ => 1 + self.below(most.min(3)),
        }
    }

    pub fn statement(&mut self) -> String {
        self.names.clear();
        self.depth = 2 + self.below(6) as u32;
        match self.below(12) {
            0 => self.nested(),
            1 => self.doubled(),
            2 => self.expressions(),
            3 => self.wide_join(),
            4 => self.many_terms(),
            5 => self.windows(),
            6 => self.endless(),
            7 => self.long_texts(),
            8 => self.unions_of_joins(),
            _ => self.select(),
        }
    }

    /// The same words around a core, many times.
    fn nested(&mut self) -> String {
        let core = self.select();
        let compound = self.of(&COMPOUNDS);
        let (open, close): (String, String) = match self.below(12) {
            0 => ("SELECT * FROM (".into(), ")".into()),
            1 => ("SELECT 1 FROM (".into(), format!("{compound}SELECT 2)")),
            2 => ("SELECT 1 WHERE 1 IN (".into(), ")".into()),
            3 => ("SELECT EXISTS (".into(), ")".into()),
            4 => ("SELECT (".into(), ")".into()),
            5 => ("WITH a AS (".into(), ") SELECT * FROM a".into()),
            6 => ("VALUES ((".into(), "))".into()),
            7 => ("SELECT CASE WHEN (".into(), ") THEN 1 END".into()),
            8 => ("SELECT sum(1) OVER (ORDER BY (".into(), "))".into()),
            9 => ("SELECT * FROM t JOIN (".into(), ") USING (id)".into()),
            10 => ("SELECT value FROM json_each((".into(), "))".into()),
            _ => ("SELECT coalesce((".into(), "), 1)".into()),
        };
        let times = [3, 10, 30, 90, 101, 1_500][self.below(6)];
        format!("{}{core}{}", open.repeat(times), close.repeat(times))
    }

    /// Each level writes the one below twice.
    fn doubled(&mut self) -> String {
        let times = 1 + self.below(95);
        let operator = self.of(&BINARY);
        let body = match self.below(5) {
            0 => format!("x {operator} x"),
            1 => "max(x, x)".to_owned(),
            2 => "CASE WHEN x THEN x ELSE x END".to_owned(),
            3 => format!("(x BETWEEN x AND x) {operator} x"),
            _ => "iif(x IN (x, x), x, x)".to_owned(),
        };
        let condition = if self.below(2) == 0 {
            ""
        } else {
            " WHERE x OR x"
        };
        format!(
            "{}SELECT n AS x FROM wide{}",
            format!("SELECT {body} AS x FROM (").repeat(times),
            format!("){condition}").repeat(times)
        )
    }

    /// Common table expressions that name those before.
    fn expressions(&mut self) -> String {
        let count = 1 + self.several(110);
        let names_each = 1 + self.below(3);
        let compound = self.of(&COMPOUNDS);
        let join = self.of(&JOINS);
        let kind = self.below(5);
        let materialized = ["", "MATERIALIZED ", "NOT MATERIALIZED "][self.below(3)];
        let mut sql = "WITH c0 AS (SELECT n AS x FROM wide LIMIT 3)".to_owned();
        for number in 1..=count {
            let before = format!("c{}", number - 1);
            let body = match kind {
                0 => vec![format!("SELECT x FROM {before}"); names_each].join(compound),
                1 => {
                    let tables: Vec<_> = (0..names_each)
                        .map(|index| format!("{before} AS a{index}"))
                        .collect();
                    format!("SELECT a0.x FROM {}", tables.join(join))
                }
                2 => format!("SELECT x + x AS x FROM {before} WHERE x IN {before}"),
                3 => format!("SELECT x FROM {before} WHERE EXISTS (SELECT 1 FROM {before})"),
                _ => {
                    let other = self.below(number);
                    format!("SELECT x FROM {before} UNION SELECT x FROM c{other}")
                }
            };
            sql += &format!(", c{number} AS {materialized}({body})");
        }
        format!("{sql} SELECT * FROM c{count}")
    }

    fn wide_join(&mut self) -> String {
        let count = 2 + self.several(64);
        let tables: Vec<_> = (0..count)
            .map(|index| {
                format!(
                    "{} AS t{index}",
                    if self.below(2) == 0 { "t" } else { "wide" }
                )
            })
            .collect();
        let join = self.of(&JOINS);
        let operator = self.of(&["=", "<", "IS", "<>"]);
        let terms: Vec<_> = (0..self.several(2_000))
            .map(|_| {
                let (left, right) = (self.below(count), self.below(count));
                let either = self.of(&["rowid", "rowid", "rowid + 1"]);
                format!("t{left}.rowid {operator} t{right}.{either}")
            })
            .collect();
        let word = self.of(&[" AND ", " OR "]);
        let condition = balanced(terms, word);
        let order = self.of(&[
            "",
            " ORDER BY t0.rowid + t1.rowid",
            " GROUP BY t0.rowid % 7, t1.rowid % 5",
        ]);
        format!(
            "SELECT count(*) FROM {} WHERE {condition}{order}",
            tables.join(join)
        )
    }

    /// One condition of very many terms.
    fn many_terms(&mut self) -> String {
        let word = self.of(&[" AND ", " OR ", " + ", " || ", " = "]);
        let kind = self.below(9);
        let count = self.several(6_000);
        let terms: Vec<_> = (0..count)
            .map(|number| match kind {
                0 => format!("n={number}"),
                1 => format!("s LIKE '{number}%'"),
                2 => "n=id".to_owned(),
                3 => format!("n IN (1,{number})"),
                4 => format!("(n={number} OR id={number})"),
                5 => "(SELECT 1)".to_owned(),
                6 => format!("'[{number}]'->>0"),
                7 => format!("n BETWEEN {number} AND id"),
                _ => format!("(n,id)>({number},1)"),
            })
            .collect();
        let core = balanced(terms, word);
        match self.below(4) {
            0 => format!("SELECT {core} FROM wide, t"),
            1 => format!("SELECT x FROM (SELECT {core} AS x, n FROM wide, t) WHERE x OR x > n"),
            2 => format!("SELECT count(*) FROM wide, t GROUP BY {core}"),
            _ => format!("SELECT count(*) FROM wide, t WHERE {core}"),
        }
    }

    fn windows(&mut self) -> String {
        let count = self.several(120);
        let kind = self.below(4);
        let calls: Vec<_> = (0..count)
            .map(|number| match kind {
                0 => format!("sum(n) OVER (ORDER BY n + {number})"),
                1 => format!("median(r) OVER (ORDER BY n ROWS {number} PRECEDING)"),
                2 => format!("count(*) OVER (PARTITION BY n % {}) ", number + 1),
                _ => format!("group_concat(s) OVER (ORDER BY r + {number} ROWS BETWEEN 9 PRECEDING AND 9 FOLLOWING)"),
            })
            .collect();
        let word = self.of(&[", ", " + "]);
        format!(
            "SELECT {} FROM wide",
            if word == ", " {
                calls.join(word)
            } else {
                balanced(calls, word)
            }
        )
    }

    fn endless(&mut self) -> String {
        let step = self.of(&[
            "x + 1",
            "x || x",
            "printf('%d%s', length(x), x)",
            "x + x",
            "hex(x)",
            "json_array(x)",
        ]);
        let word = self.of(&[" UNION ", " UNION ALL "]);
        let aggregate = self.of(&AGGREGATES);
        let what = match self.below(4) {
            0 => format!("{aggregate}(x{}) FROM c", second_argument(aggregate)),
            1 => "x FROM c ORDER BY x DESC".to_owned(),
            2 => "DISTINCT a.x FROM c a, c b".to_owned(),
            _ => "count(*) FROM c, c b, c d".to_owned(),
        };
        let most = self.of(&["", "", " LIMIT 100000"]);
        format!("WITH RECURSIVE c (x) AS (SELECT 1{word}SELECT {step} FROM c{most}) SELECT {what}")
    }

    fn long_texts(&mut self) -> String {
        let length = [100, 10_000, 131_000, 131_072, 1_000_000][self.below(5)];
        let text = match self.below(4) {
            0 => format!("printf('%{length}d', a.n)"),
            1 => format!("hex(zeroblob({length}))"),
            2 => format!("replace(printf('%{length}d', a.n), ' ', 'ab')"),
            _ => format!(
                "'[' || replace(printf('%{}d', a.n), ' ', '1,') || ']'",
                length / 2
            ),
        };
        let call = match self.below(9) {
            0 => format!("instr({text}, {text})"),
            1 => format!("{text} LIKE '%a%b%a%b%a%b%'"),
            2 => format!("json({text})"),
            3 => format!("group_concat({text})"),
            4 => format!("sum(length({text}))"),
            5 => format!("max({text})"),
            6 => format!("(SELECT count(*) FROM json_tree({text}))"),
            7 => format!("upper({text}) GLOB '*A*B*'"),
            _ => format!("trim({text}, {text})"),
        };
        let order = self.of(&["", " ORDER BY 1", " GROUP BY 1", " LIMIT 1"]);
        let tables = self.of(&["wide a", "wide a, wide b", "t b, wide a"]);
        format!("SELECT {call} FROM {tables}{order}")
    }

    fn unions_of_joins(&mut self) -> String {
        let compound = self.of(&COMPOUNDS);
        let count = self.several(50);
        let arm = vec!["SELECT n AS x FROM wide"; count].join(compound);
        let tables: Vec<_> = (0..self.several(6))
            .map(|number| format!("({arm}) u{number}"))
            .collect();
        let join = self.of(&JOINS);
        format!("SELECT * FROM {}", tables.join(join))
    }

    fn select(&mut self) -> String {
        self.depth = self.depth.saturating_sub(1);
        let columns: Vec<_> = (0..self.several(30)).map(|_| self.expression()).collect();
        let mut sql = format!(
            "SELECT {}{}",
            self.of(&["", "", "DISTINCT "]),
            columns.join(", ")
        );
        let tables: Vec<_> = (0..self.several(8)).map(|_| self.table()).collect();
        sql += &format!(" FROM {}", tables.join(self.of(&[", ", " CROSS JOIN "])));
        if self.below(2) == 0 {
            sql += &format!(" WHERE {}", self.expression());
        }
        if self.below(4) == 0 {
            sql += &format!(
                " GROUP BY {} HAVING {}",
                self.expression(),
                self.expression()
            );
        }
        if self.below(5) == 0 {
            let other = self.of(&COMPOUNDS);
            sql += &format!("{other}SELECT {}", vec!["1"; columns.len()].join(", "));
        }
        if self.below(3) == 0 {
            sql += &format!(
                " ORDER BY {} LIMIT {}",
                1 + self.below(columns.len()),
                self.below(5_000)
            );
        }
        sql
    }

    fn table(&mut self) -> String {
        let alias = self.below(1_000_000);
        if self.depth == 0 {
            return format!("{} a{alias}", self.of(&["t", "wide", "wide"]));
        }
        match self.below(6) {
            0 => format!("({}) a{alias}", self.select()),
            1 => format!(
                "(VALUES {}) a{alias}",
                vec!["(1, 2)"; self.several(5_000)].join(", ")
            ),
            2 => format!("json_each('[1, 2, 3]') a{alias}"),
            3 => "(SELECT n AS x, s, id, r, name, price, note FROM wide, t)".to_owned(),
            _ => format!("{} a{alias}", self.of(&["t", "wide", "wide"])),
        }
    }

    fn expression(&mut self) -> String {
        if self.depth == 0 || self.below(4) == 0 {
            return match self.below(3) {
                0 => self.of(&LITERALS).to_owned(),
                _ => self.of(&COLUMNS).to_owned(),
            };
        }
        self.depth -= 1;
        let made = match self.below(11) {
            0 => format!("{}({})", self.of(&SCALARS), self.expression()),
            1 => {
                let aggregate = self.of(&AGGREGATES);
                format!(
                    "{aggregate}({}{})",
                    self.expression(),
                    second_argument(aggregate)
                )
            }
            2 => format!("(SELECT {} FROM wide LIMIT 1)", self.expression()),
            3 => format!("EXISTS ({})", self.select()),
            4 => format!("{} IN (SELECT n FROM wide)", self.expression()),
            5 => format!(
                "CASE WHEN {} THEN {} ELSE {} END",
                self.expression(),
                self.expression(),
                self.expression()
            ),
            6 => format!("CAST({} AS TEXT)", self.expression()),
            7 => format!("{} COLLATE NOCASE", self.expression()),
            8 => format!("NOT {}", self.expression()),
            _ => format!(
                "({} {} {})",
                self.expression(),
                self.of(&BINARY),
                self.expression()
            ),
        };
        self.depth += 1;
        made
    }
}

fn second_argument(aggregate: &str) -> &'static str {
    match aggregate {
        "percentile" => ", 50",
        "string_agg" | "json_group_object" => ", 'k'",
        _ => "",
    }
}

/// Joined in pairs, so that many make no depth.
fn balanced(mut terms: Vec<String>, word: &str) -> String {
    while terms.len() > 1 {
        terms = terms
            .chunks(2)
            .map(|pair| match pair {
                [left, right] => format!("({left}{word}{right})"),
                rest => rest.concat(),
            })
            .collect();
    }
    terms.pop().unwrap_or_default()
}
