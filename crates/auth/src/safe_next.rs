/// Where to go after sign-in: `next` when it is a path on this site, else `/`.
///
/// Browsers read `\` as `/` and drop tabs and line ends, so that `/\evil` and `/<tab>/evil` leave the site as
/// `//evil` does: such paths are refused rather than cleaned.
pub fn safe_next(next: &str) -> &str {
    let stays = next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains(|c: char| c == '\\' || c.is_control());
    if stays { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::safe_next;

    #[test]
    fn e64_a_next_that_leaves_the_site_becomes_the_home_page() {
        for evil in [
            "//evil.com",
            "///evil.com",
            "/\\evil",
            "\\/evil",
            "\\\\evil",
            "/\t/evil",
            "/\n/evil",
            "\t//evil",
            " //evil.com",
            "https://evil.com",
            "javascript:alert(1)",
            "evil.com",
            "",
            "portal",
            "/a\\b",
            "/\u{0}/evil",
        ] {
            assert_eq!(safe_next(evil), "/", "{evil:?}");
        }
    }

    #[test]
    fn e64_a_path_on_the_site_is_kept() {
        for good in [
            "/",
            "/portal",
            "/portal/query?id=1&q=a//b#c",
            "/portal?next=https://evil.com",
        ] {
            assert_eq!(safe_next(good), good);
        }
    }
}
