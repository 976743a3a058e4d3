//! Questions that change the question before: "only Germany", "and by month?", "their average".

use super::frame::Frame;

/// The previous reading with what the new words say, one for each way to take them.
pub fn edit(_previous: &Frame, _new: &Frame) -> Vec<Frame> {
    Vec::new()
}
