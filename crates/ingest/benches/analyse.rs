//! Parsing, typing and profiling of whole files, in bytes a second.
#![allow(clippy::expect_used)]

use std::fmt::Write as _;
use std::hint::black_box;
use std::io::Write as _;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use ingest::{Options, RecordReader, Unwatched, analyse};
use tempfile::NamedTempFile;

const ROWS: usize = 200_000;

/// Orders as a shop exports them: ids, names, dates, prices, a flag and free text.
fn orders() -> String {
    let mut text = String::from("order_id,customer,city,ordered_at,quantity,price,paid,note\n");
    let cities = ["Bremen", "Lyon", "Kraków", "Porto", "Gent", "Graz", "Turku"];
    let mut state = 42_u64;
    for row in 0..ROWS {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let noise = state >> 33;
        let _ = writeln!(
            text,
            "{},Customer {},{},2024-{:02}-{:02} {:02}:{:02}:00,{},{}.{:02},{},\"note {}, with a comma\"",
            100_000 + row,
            noise % 5000,
            cities[noise as usize % cities.len()],
            noise % 12 + 1,
            noise % 28 + 1,
            noise % 24,
            noise % 60,
            noise % 9 + 1,
            noise % 900,
            noise % 100,
            if noise.is_multiple_of(3) { "yes" } else { "no" },
            noise % 1000,
        );
    }
    text
}

/// Measurements: eight columns of decimal fractions.
fn measurements() -> String {
    let mut text = String::from("time;a;b;c;d;e;f;g\n");
    let mut state = 7_u64;
    for row in 0..ROWS {
        let _ = write!(text, "{row}");
        for _ in 0..7 {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let _ = write!(
                text,
                ";{}.{:06}",
                (state >> 40) % 1000,
                (state >> 20) % 1_000_000
            );
        }
        text.push('\n');
    }
    text
}

fn file(text: &str) -> NamedTempFile {
    let mut file = NamedTempFile::new().expect("a temporary file");
    file.write_all(text.as_bytes()).expect("space for it");
    file
}

fn bench(criterion: &mut Criterion) {
    for (name, text) in [("orders", orders()), ("measurements", measurements())] {
        let file = file(&text);
        let mut group = criterion.benchmark_group(name);
        group
            .throughput(Throughput::Bytes(text.len() as u64))
            .sample_size(10);
        group.bench_function("analyse", |bencher| {
            bencher.iter(|| {
                analyse(black_box(file.path()), &Options::default(), &Unwatched)
                    .expect("a good file")
            });
        });
        let analysis = analyse(file.path(), &Options::default(), &Unwatched).expect("a good file");
        group.bench_function("read", |bencher| {
            bencher.iter(|| {
                RecordReader::open(file.path(), &analysis.dialect, analysis.columns.len())
                    .expect("a good file")
                    .count()
            });
        });
        group.finish();
    }
}

criterion_group!(benches, bench);
criterion_main!(benches);
