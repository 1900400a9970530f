//! A listing, fed row by row: a table page by page, and every machine format as the rows come.
//!
//! Only [`Rows::finish`] closes a JSON array, so an interrupted listing never looks complete.

use std::fmt::Display;

use super::error::Error;
use super::fields::Fields;
use super::handle::Output;
use super::record::{Column, Record};
use super::settings::Format;
use super::{table, tsv, yaml};

/// The beginning of a GeoJSON document.
const MAP: &str = "{\"type\":\"FeatureCollection\",\"features\":[\n  ";

/// A listing in progress.
pub struct Rows<'o, R: Record> {
    output: &'o Output,
    fields: Fields<R>,
    form: Form<R>,
    count: usize,
}

enum Form<R: 'static> {
    Table(table::Table<R>),
    Json,
    Ndjson,
    Csv(Vec<&'static Column<R>>),
    Tsv(Vec<&'static Column<R>>),
    Yaml,
    /// A map, with the number of rows on it and of those without a location.
    Map {
        placed: usize,
        placeless: usize,
    },
}

impl<'o, R: Record> Rows<'o, R> {
    fn new(output: &'o Output, fields: &Fields<R>) -> Rows<'o, R> {
        let form = match output.format {
            Format::Table => Form::Table(table::Table::new(fields, output)),
            Format::Json if output.filter_items() => Form::Ndjson,
            Format::Json | Format::Sarif => Form::Json,
            Format::Ndjson => Form::Ndjson,
            Format::Csv => Form::Csv(fields.columns(|_| true)),
            Format::Tsv => Form::Tsv(fields.columns(|_| true)),
            Format::Yaml => Form::Yaml,
            Format::Geojson => Form::Map { placed: 0, placeless: 0 },
        };
        Rows { output, fields: fields.clone(), form, count: 0 }
    }

    /// Returns the number of rows so far.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Adds a row.
    pub fn push(&mut self, record: &R) -> Result<(), Error> {
        self.count += 1;
        let first = self.count == 1;
        let fields = &self.fields;
        match &mut self.form {
            Form::Table(table) => {
                table.push(record);
                Ok(())
            }
            Form::Json => self.output.write(|out| {
                out.extend_from_slice(if first { b"[\n  " } else { b",\n  " });
                fields.write(record, out)
            }),
            Form::Ndjson => self.output.write(|out| {
                fields.write(record, out)?;
                out.push(b'\n');
                Ok(())
            }),
            Form::Map { placed, placeless } => match record.place() {
                None => {
                    *placeless += 1;
                    Ok(())
                }
                Some((east, north)) => {
                    *placed += 1;
                    let is_first = *placed == 1;
                    self.output.write(|out| {
                        out.extend_from_slice(if is_first { MAP.as_bytes() } else { b",\n  " });
                        let point = format!(r#"{{"type":"Feature","geometry":{{"type":"Point","coordinates":[{east},{north}]}},"properties":"#);
                        out.extend_from_slice(point.as_bytes());
                        fields.write(record, out)?;
                        out.push(b'}');
                        Ok(())
                    })
                }
            },
            Form::Csv(columns) => self.output.write(|out| {
                let mut csv = csv::Writer::from_writer(out);
                if first && !self.output.no_headers {
                    csv.write_record(columns.iter().map(|column| column.name))?;
                }
                csv.write_record(columns.iter().map(|column| column.cell(record).exact().into_owned()))?;
                Ok(csv.flush()?)
            }),
            Form::Tsv(columns) => self.output.write(|out| {
                if first && !self.output.no_headers {
                    tsv::line(columns.iter().map(|column| column.name.into()), out);
                }
                tsv::line(columns.iter().map(|column| column.cell(record).exact()), out);
                Ok(())
            }),
            Form::Yaml => self.output.write(|out| {
                let mut json = Vec::new();
                fields.write(record, &mut json)?;
                yaml::item(&json, out)
            }),
        }
    }

    /// Writes the rows so far, so that a reader need not wait for the next page. The first flush fixes the column
    /// widths of a table.
    pub fn flush(&mut self) -> Result<(), Error> {
        match &mut self.form {
            Form::Table(table) => self.output.text(&table.drain(self.output, self.output.width)),
            _ if self.output.waits_for_the_whole() => Ok(()),
            _ => self.output.flush(),
        }
    }

    /// Prints the rest of an interrupted listing, and leaves a JSON array open.
    pub fn finish_partial(self) -> Result<(), Error> {
        match self.form {
            Form::Table(mut table) => {
                self.output.text(&table.drain(self.output, self.output.width))?;
                self.output.report_dropped(&table, &self.fields);
                Ok(())
            }
            // A filter would take the part for the whole.
            Form::Json if self.output.waits_for_the_whole() => {
                self.output.drop_buffer();
                Ok(())
            }
            Form::Json if self.count > 0 => self.output.text("\n"),
            Form::Map { placed: 1.., .. } => self.output.text("\n"),
            // A YAML list has no end that could be missing, so a partial one ends with text that no parser accepts.
            Form::Yaml if self.count > 0 => self.output.text("- [ # not all there is\n"),
            _ => self.output.flush(),
        }
    }

    /// Ends the listing. An empty one is a sentence for a person, and an empty array or a header for a program.
    pub fn finish(self) -> Result<(), Error> {
        match (self.form, self.count) {
            (Form::Table(_), 0) => {
                self.output.status(format_args!("no {}", R::NOUN.1));
                Ok(())
            }
            (Form::Table(mut table), _) => {
                self.output.text(&table.drain(self.output, self.output.width))?;
                self.output.report_dropped(&table, &self.fields);
                Ok(())
            }
            (Form::Map { placed, placeless }, _) => {
                self.output.text(&format!("{}\n]}}\n", if placed == 0 { MAP.trim_end() } else { "" }))?;
                if placeless > 0 {
                    self.output.status(format_args!("{placeless} of {} {} have no location", self.count, R::NOUN.1));
                }
                Ok(())
            }
            (Form::Json | Form::Yaml, 0) => self.output.text("[]\n"),
            (Form::Json, _) => self.output.text("\n]\n"),
            (Form::Csv(_) | Form::Tsv(_), 0) if self.output.no_headers => self.output.flush(),
            (Form::Csv(columns), 0) => self.output.text(&header(&columns, ",")),
            (Form::Tsv(columns), 0) => self.output.text(&header(&columns, "\t")),
            (Form::Ndjson | Form::Csv(_) | Form::Tsv(_) | Form::Yaml, _) => self.output.flush(),
        }
    }
}

fn header<R>(columns: &[&'static Column<R>], separator: &str) -> String {
    let names: Vec<&str> = columns.iter().map(|column| column.name).collect();
    format!("{}\n", names.join(separator))
}

impl Output {
    /// Starts a listing.
    pub fn rows<R: Record>(&self, fields: &Fields<R>) -> Rows<'_, R> {
        Rows::new(self, fields)
    }

    /// Writes one record: a card for people, an object or a row for programs.
    pub fn item<R: Record>(&self, record: &R, fields: &Fields<R>) -> Result<(), Error> {
        match self.format {
            Format::Table => self.text(&table::card(record, fields, self)),
            Format::Json | Format::Sarif => self.write(|out| {
                fields.write_pretty(record, &mut *out)?;
                out.push(b'\n');
                Ok(())
            }),
            Format::Yaml => self.write(|out| {
                let mut json = Vec::new();
                fields.write(record, &mut json)?;
                yaml::document(&json, out)
            }),
            Format::Ndjson | Format::Csv | Format::Tsv | Format::Geojson => {
                let mut rows = self.rows(fields);
                rows.push(record)?;
                rows.finish()
            }
        }
    }

    /// Says which columns a table has dropped, and how to show them.
    fn report_dropped<R: Record>(&self, table: &table::Table<R>, fields: &Fields<R>) {
        let lost = table.lost();
        if lost.is_empty() {
            return;
        }
        let names = [table.ids(), lost.clone()].concat().join(",");
        let option = if fields.is_option() { format!("`--fields {names}` or ") } else { String::new() };
        let verb = if lost.len() == 1 { "shows it" } else { "shows them" };
        self.status(format_args!("not shown here: {} ({option}`-o json` {verb})", lost.join(", ")));
    }

    /// Says that the requested value is null.
    pub fn nothing(&self, what: &str) -> Result<(), Error> {
        match self.format {
            Format::Table => self.status(format_args!("`{what}` is null")),
            Format::Json | Format::Ndjson | Format::Sarif | Format::Yaml => self.text("null\n")?,
            Format::Csv | Format::Tsv | Format::Geojson => {}
        }
        Ok(())
    }

    /// Reports a change: a sentence for people, the record for programs.
    pub fn done<R: Record>(&self, sentence: impl Display, record: &R) -> Result<(), Error> {
        if self.is_machine() {
            self.item(record, &Fields::all())?;
        }
        self.status(sentence);
        Ok(())
    }
}
