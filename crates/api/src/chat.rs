//! One conversation's turns: what the client sends, what is kept, what streams out.

pub mod parts;
pub mod request;
pub mod stream;
pub mod writes;
