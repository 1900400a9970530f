//! How time and memory grow with the number of devices and of profiles: a table, and a plot for `benches/`.

use std::fmt::Write;

use super::measure::{Around, Figures, measure, way};
use super::scratch::Scratch;

/// One size of what is asked for, and what it took.
pub struct Point {
    pub size: usize,
    pub taken: Figures,
}

/// Measures a command at each size, and prints a table: times are in those of the first row.
pub fn grow(
    scratch: &Scratch,
    title: &str,
    around: &Around,
    sizes: &[usize],
    command: impl Fn(usize) -> (String, Around),
) -> Vec<Point> {
    let point = |size: &usize| {
        let (command, own) = command(*size);
        let around = [&around[..], &own[..]].concat();
        let runs = if *size < 100_000 { 10 } else { 3 };
        let taken = measure(scratch, title, runs, &around, &[way(size.to_string(), command)])[0];
        Point { size: *size, taken }
    };
    let points: Vec<Point> = sizes.iter().map(point).collect();
    println!("\n| {title} | wall | CPU | peak memory |\n| ---: | ---: | ---: | ---: |");
    let first = points[0].taken;
    for Point { size, taken } in &points {
        let (wall, cpu) = (taken.wall / first.wall, taken.cpu / first.cpu);
        println!("| {size} | {wall:.1} | {cpu:.1} | {:.1} MiB |", taken.memory);
    }
    points
}

/// Draws the points on logarithmic axes: wall time in those of the first, and memory in MiB. A dotted line is linear growth.
pub fn plot(title: &str, points: &[Point]) -> String {
    let (width, height, left, top) = (420.0, 260.0, 50.0, 30.0);
    let first = &points[0];
    let decades = |value: f64, least: f64, most: f64| (value / least).log10() / (most / least).log10();
    #[expect(clippy::cast_precision_loss, reason = "a place in a picture")]
    let (least, most) = (first.size as f64, points[points.len() - 1].size as f64);
    let highest = most / least;
    #[expect(clippy::cast_precision_loss, reason = "a place in a picture")]
    let at = |point: &Point, value: f64| {
        let x = left + width * decades(point.size as f64, least, most);
        let y = top + height * (1.0 - decades(value.max(1.0), 1.0, highest));
        format!("{x:.1},{y:.1}")
    };
    let line = |value: &dyn Fn(&Point) -> f64| {
        points.iter().map(|point| at(point, value(point))).collect::<Vec<_>>().join(" ")
    };
    let wall = line(&|point| point.taken.wall / first.taken.wall);
    let memory = line(&|point| point.taken.memory);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"620\" height=\"340\" font-family=\"sans-serif\" font-size=\"12\">\n\
         <rect width=\"620\" height=\"340\" fill=\"white\"/>\n<text x=\"{left}\" y=\"18\" font-size=\"14\">{title}</text>\n"
    );
    for point in points {
        let x = at(point, 1.0);
        let (x, _) = x.split_once(',').unwrap_or_default();
        let _ = writeln!(svg, "<text x=\"{x}\" y=\"310\" text-anchor=\"middle\">{}</text>", point.size);
    }
    let mut tick = 1.0;
    while tick <= highest * 1.01 {
        let y = top + height * (1.0 - decades(tick, 1.0, highest));
        let _ = writeln!(svg, "<text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{tick}</text>", left - 6.0, y + 4.0);
        let _ = writeln!(svg, "<path d=\"M{left} {y:.1}h{width}\" stroke=\"#ddd\"/>");
        tick *= 10.0;
    }
    let (bottom, right) = (top + height, left + width);
    let _ = write!(
        svg,
        "<path d=\"M{left} {bottom}L{right} {top}\" stroke=\"#888\" stroke-dasharray=\"3 4\"/>\n\
         <polyline points=\"{wall}\" fill=\"none\" stroke=\"#0b62a3\" stroke-width=\"2\"/>\n\
         <polyline points=\"{memory}\" fill=\"none\" stroke=\"#b3420c\" stroke-width=\"2\" stroke-dasharray=\"8 4\"/>\n\
         <text x=\"485\" y=\"80\" fill=\"#0b62a3\">— time, in that</text>\n<text x=\"485\" y=\"95\" fill=\"#0b62a3\">of the first</text>\n\
         <text x=\"485\" y=\"120\" fill=\"#b3420c\">- - memory, MiB</text>\n\
         <text x=\"485\" y=\"145\" fill=\"#555\">··· linear growth</text>\n</svg>\n"
    );
    svg
}
