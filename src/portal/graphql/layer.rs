//! The interface of the layers around an exchange.

use super::request::Request;
use crate::portal::error::Error;
use crate::portal::http::Reply;

/// Executes a request, and returns the reply as `open` decodes it.
pub trait Execute {
    fn execute<T>(&self, request: &Request<'_>, open: &dyn Fn(Reply) -> Result<T, Error>) -> Result<T, Error>;
}
