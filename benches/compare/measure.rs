//! What a command costs beside its alternatives: by hyperfine, GNU time, and perf or valgrind. It says nothing of what is good.

use std::process::{Command, Stdio};

use serde_json::Value;

use super::scratch::Scratch;

/// One way to get the same.
pub struct Way {
    pub name: String,
    pub command: String,
}

pub fn way(name: impl Into<String>, command: impl Into<String>) -> Way {
    Way { name: name.into(), command: command.into() }
}

/// The variables that the commands find; none takes one away.
pub type Around = Vec<(&'static str, Option<String>)>;

/// What a command took: seconds, and the memory of its largest process in MiB.
#[derive(Clone, Copy)]
pub struct Figures {
    pub wall: f64,
    pub cpu: f64,
    pub memory: f64,
}

/// So many runs are asked of commands that take milliseconds.
pub const SHORT: u32 = 40;

fn command(program: &str, around: &Around) -> Command {
    let mut command = Command::new(program);
    for (name, value) in around {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command
}

/// Runs the ways side by side and prints each one's time in those of the first.
pub fn compare(scratch: &Scratch, title: &str, runs: u32, around: &Around, ways: &[Way]) {
    let figures = measure(scratch, title, runs, around, ways);
    println!("\n| {title} | wall | CPU | peak memory | instructions |\n| --- | --- | --- | --- | --- |");
    for (way, taken) in ways.iter().zip(&figures) {
        let (wall, cpu) = (taken.wall / figures[0].wall, taken.cpu / figures[0].cpu);
        // Counting is fifty times slower than running, unless the machine does it.
        let instructions = instructions(&way.command, around, runs >= SHORT).unwrap_or_else(|| "-".into());
        println!("| {} | {wall:.2} | {cpu:.2} | {:.1} MiB | {instructions} |", way.name, taken.memory);
    }
}

/// Runs the ways side by side.
pub fn measure(scratch: &Scratch, title: &str, runs: u32, around: &Around, ways: &[Way]) -> Vec<Figures> {
    let export = scratch.path("figures.json");
    let mut hyperfine = command("hyperfine", around);
    hyperfine.args(["--style", "none", "--shell", "none", "--warmup", "1", "--runs", &runs.to_string()]);
    hyperfine.arg("--export-json").arg(&export).args(ways.iter().map(|way| way.command.as_str()));
    let status = hyperfine.stdout(Stdio::null()).stderr(Stdio::inherit()).status();
    assert!(status.expect("this needs hyperfine").success(), "{title}: a command failed");
    let told: Value = serde_json::from_slice(&std::fs::read(&export).unwrap()).unwrap();
    let figure = |n: usize, name: &str| told["results"][n][name].as_f64().unwrap();
    let figures = |(n, way): (usize, &Way)| Figures {
        wall: figure(n, "median"),
        cpu: figure(n, "user") + figure(n, "system"),
        memory: memory(&way.command, around),
    };
    ways.iter().enumerate().map(figures).collect()
}

/// The largest process of a command, by GNU time.
fn memory(line: &str, around: &Around) -> f64 {
    let mut time = command("/usr/bin/time", around);
    let out = time.args(["-f", "%M", "sh", "-c", line]).stdout(Stdio::null()).output();
    let told = out.ok().and_then(|out| String::from_utf8_lossy(&out.stderr).lines().last().map(str::to_owned));
    told.and_then(|told| told.trim().parse::<f64>().ok()).unwrap_or(f64::NAN) / 1024.0
}

/// The user's instructions of a command and all that it starts: by perf, or by valgrind where the machine counts none.
fn instructions(line: &str, around: &Around, patient: bool) -> Option<String> {
    let told = |program: &str, options: &[&str]| {
        let out =
            command(program, around).args(options).args(["sh", "-c", line]).stdout(Stdio::null()).output().ok()?;
        // Not everything runs where its instructions are counted.
        out.status.success().then(|| String::from_utf8_lossy(&out.stderr).into_owned())
    };
    let count = |text: String| text.lines().find_map(|line| line.split(',').next()?.parse::<f64>().ok());
    let counted = || told("perf", &["stat", "-x", ",", "-e", "instructions:u"]).and_then(count);
    let followed = || {
        let options = ["--tool=callgrind", "--trace-children=yes", "--callgrind-out-file=/dev/null"];
        let text = patient.then(|| told("valgrind", &options))??;
        let counts = text.lines().filter_map(|line| line.split_once("Collected : ")?.1.parse::<f64>().ok());
        Some(counts.sum::<f64>()).filter(|sum| *sum > 0.0)
    };
    let all = if machine_counts() { counted() } else { followed() };
    Some(format!("{:.1} M", all? / 1e6))
}

fn machine_counts() -> bool {
    let out = Command::new("perf").args(["stat", "-x", ",", "-e", "instructions:u", "true"]).output();
    out.is_ok_and(|out| String::from_utf8_lossy(&out.stderr).starts_with(|first: char| first.is_ascii_digit()))
}

pub fn has(program: &str) -> bool {
    let found = Command::new("sh").args(["-c", &format!("command -v {program}")]).stdout(Stdio::null()).status();
    found.is_ok_and(|status| status.success())
}

/// The same through a shell, where a pipe needs one.
pub fn shell(command: &str) -> String {
    format!("sh -c \"{}\"", command.replace('\\', "\\\\").replace('"', "\\\""))
}
