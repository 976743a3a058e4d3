//! Where bytes are in bytes.

pub(crate) fn memchr(needle: u8, haystack: &[u8]) -> Option<usize> {
    haystack.iter().position(|byte| *byte == needle)
}

pub(crate) fn memchr2(first: u8, second: u8, haystack: &[u8]) -> Option<usize> {
    haystack.iter().position(|byte| *byte == first || *byte == second)
}

pub(crate) fn memchr_iter(needle: u8, haystack: &[u8]) -> impl Iterator<Item = usize> {
    haystack.iter().enumerate().filter(move |(_, byte)| **byte == needle).map(|(at, _)| at)
}

pub(crate) mod memmem {
    pub(crate) fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
        haystack.windows(needle.len()).position(|window| window == needle)
    }
}
