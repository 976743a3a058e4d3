//! One row at an end of an order, of which several things are asked: "the largest bill: which table, who served, and how
//! much was it?"

use super::super::data::ColumnId;
use super::super::frame::{Ask, By, Figure, Item, Of};
use super::super::query::{Condition, Expr, Function, OrderBy, Query, Ref, Select};
use super::super::score::Feature;
use super::{Builder, Sense, Sum};

impl Builder<'_, '_> {
    /// `None` where the words ask for something else.
    pub(super) fn extreme_row(&mut self, sense: &Sense) -> Option<Query> {
        let data = self.reader.data;
        let [(By::Of(Of::Column(measured)), None, descending, limit @ Some(_), offset, order_at)] =
            sense.orders.as_slice()
        else {
            return None;
        };
        if !sense.keys.is_empty() || sense.everything || sense.share.is_some() {
            return None;
        }
        let base = data.columns[*measured].table;
        let after = &self.frame.items[order_at + 1..];
        // A second "which" stands among the items as what joins.
        let is_ask = |item: &Item, at: usize| {
            matches!(item, Item::Ask(_))
                || matches!(item, Item::And)
                    && matches!(self.reader.word(at), "which" | "what" | "whose")
        };
        let asks = after
            .iter()
            .filter(|(item, span)| is_ask(item, span.0))
            .count();
        let figures_said = after
            .iter()
            .filter(|(item, _)| matches!(item, Item::Figure(_)))
            .count();
        if asks == 0 || figures_said != sense.figures.len() {
            return None;
        }
        let mut shown: Vec<Expr> = Vec::new();
        let mut show = |exprs: Vec<Expr>| {
            for expr in exprs {
                if !shown.contains(&expr) {
                    shown.push(expr);
                }
            }
        };
        // "what was the largest bill, and …": the bill itself is asked, too; "which order had …": its name.
        let before = &self.frame.items[..*order_at];
        // "which customer placed the largest order, and when": of another kind of rows.
        if before
            .iter()
            .any(|(item, _)| matches!(item, Item::Entity(table) if *table != base))
        {
            return None;
        }
        let names_it = before
            .iter()
            .any(|(item, _)| matches!(item, Item::Entity(table) if *table == base));
        let who = before
            .iter()
            .any(|(item, _)| matches!(item, Item::Ask(Ask::Who)));
        let whose = self.way_to_whom(base);
        if let (true, false, Some(path)) = (who, data.tables[base].holds_persons, whose) {
            let table = path.last().map(|&edge| data.edges[edge].to)?;
            show(self.label(table, &path));
        } else if who || names_it {
            show(self.label(base, &[]));
        } else if before
            .iter()
            .any(|(item, _)| matches!(item, Item::Ask(Ask::Which | Ask::HowMuch)))
        {
            show(vec![Expr::Column(Ref::own(*measured))]);
        }
        for (place, (item, span)) in after.iter().enumerate() {
            match item {
                Item::Ask(Ask::When) => {
                    let time = data.tables[base].time?;
                    show(vec![Expr::Column(Ref::own(time))]);
                }
                Item::Ask(Ask::Who) => {
                    let path = self.way_to_whom(base)?;
                    let table = path.last().map(|&edge| data.edges[edge].to)?;
                    show(self.label(table, &path));
                }
                // "how much was it", and not "how many kilometres".
                Item::Ask(Ask::HowMuch)
                    if !matches!(
                        after.get(place + 1),
                        Some((Item::Figure(_) | Item::Column(_), _))
                    ) =>
                {
                    show(vec![Expr::Column(Ref::own(*measured))]);
                }
                Item::Ask(Ask::Which) | Item::And
                    if matches!(
                        (
                            self.reader.word(span.0),
                            self.reader.word(span.0 + 1),
                            self.reader.word(span.0 + 2)
                        ),
                        ("what", "is" | "was" | "'s", "it" | "that")
                    ) =>
                {
                    show(vec![Expr::Column(Ref::own(*measured))]);
                }
                Item::Ask(Ask::Where) => return None,
                Item::Ask(_) => {}
                Item::Entity(table) if *table == base => {}
                Item::Entity(table) => {
                    let path = self.up(base, *table, span.0)?;
                    show(self.label(*table, &path));
                }
                Item::Column(column)
                | Item::Figure(Figure {
                    of: Of::Column(column),
                    ..
                }) => show(self.told_column(base, *column, span.0)?),
                Item::Figure(_) => return None,
                _ => {}
            }
        }
        if shown.is_empty() || self.pick("one row".into(), 2) > 0 {
            return None;
        }
        let mut conditions = self.lower_with_times(base, &sense.conds, sense)?;
        let measured = Ref::own(*measured);
        if data.columns[measured.column].stats.nulls > 0 {
            conditions.push(Condition::Null(measured.clone(), false));
        }
        self.tells_of_row = true;
        self.features.add(Feature::PlainList, 1.0);
        let mut query = Query::list(base);
        query.rows.conditions = conditions;
        query.select = Select::List {
            shown,
            distinct: false,
        };
        query.order = vec![(OrderBy::Expr(Expr::Column(measured)), *descending)];
        query.limit = *limit;
        query.offset = *offset;
        Some(query)
    }

    /// "the largest payment and who paid it": what is asked beside belongs to one row, not to a sum of many.
    pub(super) fn asks_of_one_row(&mut self, sense: &Sense) {
        let [(By::Of(Of::Column(_)), Some(Function::Sum), .., order_at)] = sense.orders.as_slice()
        else {
            return;
        };
        let asked = self.frame.items[order_at + 1..]
            .iter()
            .filter(|(item, _)| matches!(item, Item::Ask(_)))
            .count();
        if asked > 1 || asked == 1 && sense.also_who {
            self.features.add(Feature::OrderMisfit, 0.7);
        }
    }

    /// "the lowest score and who got it": the row that has it, not the figure alone.
    pub(super) fn whose_extreme(&self, sense: &mut Sense) {
        let [
            Sum::One(
                Figure {
                    function: Some(function @ (Function::Minimum | Function::Maximum)),
                    of: of @ Of::Column(_),
                    ..
                },
                at,
            ),
        ] = sense.figures.as_slice()
        else {
            return;
        };
        if sense.keys.is_empty() && sense.orders.is_empty() {
            sense.orders.push((
                By::Of(of.clone()),
                None,
                *function == Function::Maximum,
                Some(1),
                0,
                *at,
            ));
            sense.figures.clear();
        }
    }

    /// A column of the row, or the name of what it refers to.
    fn told_column(&mut self, base: usize, column: ColumnId, near: usize) -> Option<Vec<Expr>> {
        let data = self.reader.data;
        let reference = self.expr_of(base, column, near)?;
        let target = data
            .edge_of(column)
            .map(|edge| (edge, data.edges[edge].to))
            .filter(|(_, to)| {
                let table = &data.tables[*to];
                table.label.iter().any(|label| !table.key.contains(label))
            });
        Some(match target {
            Some((edge, to)) => {
                let mut path = reference.path.clone();
                path.push(edge);
                self.label(to, &path)
            }
            None => vec![Expr::Column(reference)],
        })
    }
}
