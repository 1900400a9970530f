//! A model
