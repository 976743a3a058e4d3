//! Group H of docs/SECURITY.md, from 30 on: what may be stored, what stays when it is removed, and requests that were
//! answered wrongly.

mod asking;
mod names;
mod removal;
mod texts;
