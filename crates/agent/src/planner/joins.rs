//! Which relationships tie the tables of a query together.

use crate::link::catalog::{Catalog, Edge, TableId};
use crate::link::tokens::Token;
use crate::link::words::Word;

/// One step of a join: the table it adds, and the edge over which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    pub from: TableId,
    pub to: TableId,
    pub edge: usize,
}

/// Ties `wanted` to `root` by the lightest paths, one table after the other (a Steiner tree, greedily); `None` where
/// a table is out of reach. `favoured` are edges that the question speaks of.
pub fn join_tree(
    catalog: &Catalog,
    root: TableId,
    wanted: &[TableId],
    favoured: &[usize],
) -> Option<Vec<Step>> {
    let mut joined = vec![root];
    let mut steps = Vec::new();
    let mut open: Vec<TableId> = wanted.iter().copied().filter(|&t| t != root).collect();
    open.sort_unstable();
    open.dedup();
    while !open.is_empty() {
        let best = open
            .iter()
            .filter_map(|&target| {
                let path = lightest(catalog, &joined, target, wanted, favoured)?;
                Some((path.0, target, path.1))
            })
            .min_by(|a, b| a.0.total_cmp(&b.0))?;
        for step in best.2 {
            if !joined.contains(&step.to) {
                joined.push(step.to);
                steps.push(step);
            }
        }
        open.retain(|table| !joined.contains(table));
    }
    Some(steps)
}

/// Relationships whose column the question speaks of (`member_in_charge_id` by "in charge").
pub fn favoured(catalog: &Catalog, tokens: &[Token]) -> Vec<usize> {
    let said = |word: &Word| {
        tokens.iter().any(|token| {
            token.word.lemma == word.lemma || (word.stem.len() >= 4 && token.word.stem == word.stem)
        })
    };
    let speaks = |edge: &Edge| {
        let target = &catalog.tables[edge.to].words;
        let own: Vec<&Word> = edge
            .from_columns
            .iter()
            .flat_map(|&column| &catalog.columns[column].words)
            .filter(|word| {
                !matches!(
                    word.lemma.as_str(),
                    "id" | "code" | "in" | "of" | "to" | "by"
                )
            })
            .filter(|word| {
                let from = &catalog.tables[edge.from].words;
                !target
                    .iter()
                    .chain(from)
                    .any(|other| other.lemma == word.lemma)
            })
            .collect();
        !own.is_empty() && own.iter().all(|word| said(word))
    };
    (0..catalog.edges.len())
        .filter(|&edge| speaks(&catalog.edges[edge]))
        .collect()
}

/// How plainly the key's name says where it leads: the same name on both sides, or the table's name in it.
fn plainness(catalog: &Catalog, edge: &Edge) -> f64 {
    let (Some(&from), Some(&to)) = (edge.from_columns.first(), edge.to_columns.first()) else {
        return 0.0;
    };
    let (from, to) = (&catalog.columns[from], &catalog.columns[to]);
    if from.name.eq_ignore_ascii_case(&to.name) {
        return 0.05;
    }
    let table = &catalog.tables[edge.to].words;
    let named = from.words.iter().any(|word| table.contains(word));
    if named && from.words.len() <= table.len() + 1 {
        0.04
    } else {
        0.0
    }
}

/// Whether a row of `from` may be tied to several rows of `to`.
pub fn fans_out(catalog: &Catalog, steps: &[Step]) -> bool {
    steps.iter().any(|step| {
        let edge = &catalog.edges[step.edge];
        edge.to == step.from && edge.from == step.to && !is_one_to_one(catalog, edge)
    })
}

fn is_one_to_one(catalog: &Catalog, edge: &Edge) -> bool {
    let key = &catalog.tables[edge.from].primary_key;
    !key.is_empty() && key.iter().all(|column| edge.from_columns.contains(column))
}

fn lightest(
    catalog: &Catalog,
    sources: &[TableId],
    target: TableId,
    wanted: &[TableId],
    favoured: &[usize],
) -> Option<(f64, Vec<Step>)> {
    let count = catalog.tables.len();
    let mut cost = vec![f64::INFINITY; count];
    let mut came: Vec<Option<Step>> = vec![None; count];
    let mut done = vec![false; count];
    for &source in sources {
        cost[source] = 0.0;
    }
    loop {
        let next = (0..count)
            .filter(|&table| !done[table] && cost[table].is_finite())
            .min_by(|&a, &b| cost[a].total_cmp(&cost[b]))?;
        if next == target {
            break;
        }
        done[next] = true;
        for (number, edge) in catalog.edges.iter().enumerate() {
            let other = match (edge.from == next, edge.to == next) {
                (true, _) => edge.to,
                (_, true) => edge.from,
                _ => continue,
            };
            let through = if other == target || wanted.contains(&other) {
                0.0
            } else if catalog.is_bridge(other) {
                0.1
            } else {
                0.3
            };
            let liked = if favoured.contains(&number) {
                -0.5
            } else {
                0.0
            };
            let later = number as f64 * 1e-4;
            let total = cost[next] + 1.0 + through + liked + later - plainness(catalog, edge);
            if total < cost[other] {
                cost[other] = total;
                came[other] = Some(Step {
                    from: next,
                    to: other,
                    edge: number,
                });
            }
        }
    }
    let mut path = Vec::new();
    let mut at = target;
    while let Some(step) = came[at] {
        path.push(step);
        at = step.from;
    }
    path.reverse();
    Some((cost[target], path))
}
