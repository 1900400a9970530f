//! What every layer around an exchange does.

use super::request::Request;
use crate::portal::error::Error;
use crate::portal::http::Reply;

/// Executes a request, and makes of the reply what `open` makes of it.
pub trait Execute {
    fn execute<T>(&self, request: &Request<'_>, open: &dyn Fn(Reply) -> Result<T, Error>) -> Result<T, Error>;
}
