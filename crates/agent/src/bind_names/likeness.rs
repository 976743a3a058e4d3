//! How near one name is to another, 0 to 1: other case or signs, the same words in another order, inflected, cut or
//! abbreviated, a slip of the keyboard. Names that merely mean something alike are not near.

/// From here on a name may stand for another.
pub(super) const NEAR: f64 = 0.8;
/// How much nearer than any other it must be.
pub(super) const CLEARLY: f64 = 0.04;

/// From here on a name says all that another says.
pub(super) const FULLY: f64 = 0.93;

/// Shorter names with a slip are too likely other names: `count` and `county`, `stage` and `state`.
const MIN_SLIP_CHARS: usize = 7;
const MIN_TWO_SLIPS_CHARS: usize = 10;
/// Letters that a cut word has lost at least: `cust` of `customer`, but not `count` of `country`.
const MIN_CUT_CHARS: usize = 3;

/// Different in signs and case alone.
const SAME_LETTERS: f64 = 0.99;
const INFLECTED: f64 = 0.95;
const SAME_KIND_OF_TIME: f64 = 0.9;
const OTHER_KIND_OF_TIME: f64 = 0.85;
const SLIP: f64 = 0.88;
const CUT: f64 = 0.86;
/// The name has words that were not said.
const SAID_LESS: f64 = 0.85;
const FOR_EACH_UNSAID_WORD: f64 = 0.01;
/// A word of the table stands in one name and not in the other.
const TABLE_WORD: f64 = 0.03;
const OTHER_ORDER: f64 = 0.02;

/// A name of the schema or of a statement, cut into words.
#[derive(Debug, Clone)]
pub(crate) struct Name {
    text: String,
    /// Letters and digits alone, small.
    letters: String,
    words: Vec<String>,
}

impl Name {
    pub(crate) fn new(text: &str) -> Self {
        let lower = text.to_lowercase();
        Self {
            text: text.to_owned(),
            letters: lower.chars().filter(|c| c.is_alphanumeric()).collect(),
            words: words(text),
        }
    }
}

/// How near `said` is to the column `column` of the table `table`.
pub(crate) fn column_likeness(said: &Name, table: &Name, column: &Name) -> f64 {
    let by_words = if said.words == ["id"] && column.words.len() > 1 {
        // Each table may have several ids; only its own is meant.
        let own = Name::new(&column.words[..column.words.len() - 1].join("_"));
        let is_own = column.words.last().is_some_and(|last| last == "id")
            && table_likeness(&own, table) >= INFLECTED;
        if is_own { INFLECTED } else { 0.0 }
    } else {
        words_likeness(said, column, &table.words)
    };
    by_words.max(spelling_likeness(said, column))
}

/// How near `said` is to the table `table`.
pub(crate) fn table_likeness(said: &Name, table: &Name) -> f64 {
    // Words that say nothing of what is in it.
    let filler: Vec<String> = ["table", "tbl", "data", "the"].map(str::to_owned).into();
    words_likeness(said, table, &filler).max(spelling_likeness(said, table))
}

fn spelling_likeness(said: &Name, name: &Name) -> f64 {
    if said.text == name.text {
        return 1.0;
    }
    if said.letters == name.letters && !said.letters.is_empty() {
        return SAME_LETTERS;
    }
    if is_slip(&said.letters, &name.letters) {
        return SLIP;
    }
    0.0
}

/// Words in pairs; those of `forgiven` may be without a partner on either side.
fn words_likeness(said: &Name, name: &Name, forgiven: &[String]) -> f64 {
    let mut free: Vec<usize> = (0..name.words.len()).collect();
    let (mut sum, mut pairs, mut penalty) = (0.0, 0_usize, 0.0);
    let mut last = 0;
    let mut unsaid_of_table = 0_usize;
    for word in &said.words {
        let scored = free
            .iter()
            .map(|&at| (at, word_likeness(word, &name.words[at])));
        let best = scored.max_by(|left, right| left.1.total_cmp(&right.1));
        match best.filter(|(_, likeness)| *likeness >= NEAR) {
            Some((at, likeness)) => {
                free.retain(|other| *other != at);
                sum += likeness;
                pairs += 1;
                if at < last {
                    penalty = OTHER_ORDER;
                }
                last = at;
            }
            None if is_among(word, forgiven) => unsaid_of_table += 1,
            // Something was said that this name does not say.
            None => return 0.0,
        }
    }
    if pairs == 0 {
        return 0.0;
    }
    let unsaid = free.iter().map(|&at| &name.words[at]);
    let (of_table, other): (Vec<_>, Vec<_>) = unsaid.partition(|word| is_among(word, forgiven));
    if of_table.len() + unsaid_of_table > 0 {
        penalty += TABLE_WORD;
    }
    let likeness = sum / pairs as f64 - penalty;
    if other.is_empty() {
        return likeness;
    }
    // `sales` is none of `sales_2023` and `sales_2024`.
    let numbered = other
        .iter()
        .any(|word| word.contains(|c: char| c.is_ascii_digit()));
    if numbered {
        return 0.0;
    }
    likeness * SAID_LESS - FOR_EACH_UNSAID_WORD * (other.len() - 1) as f64
}

fn is_among(word: &str, words: &[String]) -> bool {
    words
        .iter()
        .any(|other| word_likeness(word, other) >= INFLECTED)
}

fn word_likeness(said: &str, word: &str) -> f64 {
    if said == word {
        return 1.0;
    }
    if said.contains(|c: char| c.is_ascii_digit()) || word.contains(|c: char| c.is_ascii_digit()) {
        return 0.0;
    }
    if root(said) == root(word) {
        return INFLECTED;
    }
    if is_time(said) && is_time(word) {
        let hours = |word: &str| word == "time";
        let both_or_none = hours(said) == hours(word);
        return if both_or_none {
            SAME_KIND_OF_TIME
        } else {
            OTHER_KIND_OF_TIME
        };
    }
    let (short, long) = if said.len() <= word.len() {
        (said, word)
    } else {
        (word, said)
    };
    if is_cut(short, long) {
        return CUT;
    }
    if is_slip(said, word) {
        return SLIP;
    }
    0.0
}

/// Words that say of a column that it holds a time: `ordered_at` is what others call `order_date`.
fn is_time(word: &str) -> bool {
    matches!(
        word,
        "at" | "on" | "date" | "datetime" | "timestamp" | "time" | "dt"
    )
}

/// `cust` and `customer`, `qty` and `quantity`, `no` and `number`.
fn is_cut(short: &str, long: &str) -> bool {
    if (short, long) == ("no", "number") || (short, long) == ("nr", "number") {
        return true;
    }
    if short.len() < 3 || long.len() < short.len() + MIN_CUT_CHARS {
        return false;
    }
    if long.starts_with(short) {
        return true;
    }
    let same_first = short.chars().next() == long.chars().next();
    let mut letters = long.chars();
    let in_order = short
        .chars()
        .all(|letter| letters.any(|other| other == letter));
    same_first && in_order && short.len() <= 5 && !short.ends_with(['a', 'e', 'i', 'o', 'u'])
}

/// Without the endings of plurals, verbs and nouns made from verbs.
fn root(word: &str) -> &str {
    const ENDINGS: [&str; 13] = [
        "ations", "ation", "ments", "ment", "ings", "ing", "ions", "ion", "ies", "ed", "es", "s",
        "y",
    ];
    if !word.is_ascii() {
        return word;
    }
    let cut = ENDINGS.iter().find_map(|ending| {
        let base = word.strip_suffix(ending)?;
        (base.len() >= 4 || *ending == "s" && base.len() >= 3 && !base.ends_with('s'))
            .then_some(base)
    });
    let base = cut.unwrap_or(word);
    let base = base
        .strip_suffix('e')
        .filter(|base| base.len() >= 3)
        .unwrap_or(base);
    // `shipped`: the doubled letter goes too.
    let bytes = base.as_bytes();
    let doubled =
        cut.is_some() && bytes.len() > 4 && bytes[bytes.len() - 1] == bytes[bytes.len() - 2];
    if doubled {
        &base[..base.len() - 1]
    } else {
        base
    }
}

/// One letter wrong, missing, too many or swapped with its neighbour; in long names two. Never a digit, the first letter,
/// or the end alone.
fn is_slip(left: &str, right: &str) -> bool {
    let length = left.chars().count().min(right.chars().count());
    let digits = |text: &str| {
        text.chars()
            .filter(char::is_ascii_digit)
            .collect::<String>()
    };
    if length < MIN_SLIP_CHARS
        || left.chars().next() != right.chars().next()
        || left.starts_with(right)
        || right.starts_with(left)
        || digits(left) != digits(right)
    {
        return false;
    }
    let most = if length >= MIN_TWO_SLIPS_CHARS { 2 } else { 1 };
    slips(left, right, most) <= most
}

/// Optimal string alignment distance, which counts a swap as one; `most + 1` for more than `most`.
fn slips(left: &str, right: &str, most: usize) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    if a.len().abs_diff(b.len()) > most {
        return most + 1;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut next = vec![i];
        for j in 1..=b.len() {
            let replaced = row[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = replaced.min(row[j] + 1).min(next[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(before[j - 2] + 1);
            }
            next.push(best);
        }
        before = std::mem::replace(&mut row, next);
    }
    row[b.len()].min(most + 1)
}

/// Cut at signs, at the borders of camelCase, and between letters and digits.
fn words(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.chars().collect();
    let mut words = Vec::new();
    let mut word = String::new();
    for (at, &letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| letters[at]);
        let border = before.is_some_and(|before| {
            let camel = before.is_lowercase() && letter.is_uppercase();
            let acronym = before.is_uppercase()
                && letter.is_uppercase()
                && letters.get(at + 1).is_some_and(|next| next.is_lowercase());
            let number = before.is_alphabetic() && letter.is_numeric()
                || before.is_numeric() && letter.is_alphabetic();
            camel || acronym || number
        });
        if (border || !letter.is_alphanumeric()) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if letter.is_alphanumeric() {
            word.extend(letter.to_lowercase());
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(said: &str, table: &str, column: &str) -> f64 {
        column_likeness(&Name::new(said), &Name::new(table), &Name::new(column))
    }

    #[test]
    fn names_that_models_get_wrong_are_near() {
        for (said, table, name) in [
            ("order_date", "orders", "ordered_at"),
            ("cust_id", "orders", "customer_id"),
            ("customer_id", "orders", "cust_id"),
            ("OrderDate", "orders", "order_date"),
            ("orderdate", "orders", "order_date"),
            ("date_ordered", "orders", "order_date"),
            ("order_total", "orders", "total"),
            ("name", "customers", "customer_name"),
            ("customer_name", "customers", "name"),
            ("id", "orders", "order_id"),
            ("date", "orders", "ordered_at"),
            ("created_date", "users", "created_at"),
            ("qty", "order_items", "quantity"),
            ("price", "products", "list_price"),
            ("products_name", "sales", "product_name"),
            ("shipping_date", "orders", "shipped_at"),
            ("recieved_at", "parcels", "received_at"),
            ("mean_temp", "weather", "mean_temp_c"),
            ("invoice_no", "lines", "invoice_number"),
        ] {
            let likeness = column(said, table, name);
            assert!(likeness >= NEAR, "{said} {table}.{name}: {likeness}");
        }
    }

    #[test]
    fn names_of_something_else_are_not() {
        for (said, table, name) in [
            ("order_date", "orders", "order_id"),
            ("order_date", "orders", "shipped_at"),
            ("rate", "loans", "date"),
            ("county", "places", "country"),
            ("count", "places", "country"),
            ("stage", "deals", "state"),
            ("line_1", "addresses", "line_2"),
            ("year_2023", "sums", "year_2024"),
            ("id", "order_items", "product_id"),
            ("net_revenue", "sales", "revenue"),
            ("start_date", "terms", "end_date"),
            ("min_price", "offers", "max_price"),
            ("sales", "x", "sales_2023"),
        ] {
            let likeness = column(said, table, name);
            assert!(likeness < NEAR, "{said} {table}.{name}: {likeness}");
        }
    }

    #[test]
    fn the_nearer_name_is_nearer() {
        let nearer = |said, table, near, far| {
            let (near, far) = (column(said, table, near), column(said, table, far));
            assert!(near >= far + CLEARLY, "{said}: {near} {far}");
        };
        nearer("order_date", "orders", "ordered_at", "shipped_at");
        nearer("id", "orders", "order_id", "customer_id");
        nearer("total", "orders", "total", "total_tax");
        nearer("customer_name", "customers", "name", "company_name");
    }

    #[test]
    fn tables_are_found_by_number_and_filler() {
        let table = |said: &str, name: &str| table_likeness(&Name::new(said), &Name::new(name));
        for (said, name) in [
            ("order", "orders"),
            ("OrderItem", "order_items"),
            ("tbl_orders", "orders"),
            ("items", "order_items"),
            ("category", "categories"),
        ] {
            assert!(
                table(said, name) >= NEAR,
                "{said} {name}: {}",
                table(said, name)
            );
        }
        for (said, name) in [
            ("orders", "customers"),
            ("sales", "sales_2023"),
            ("data", "orders"),
        ] {
            assert!(
                table(said, name) < NEAR,
                "{said} {name}: {}",
                table(said, name)
            );
        }
    }
}
