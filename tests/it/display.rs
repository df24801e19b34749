//! The real program on a real (virtual) screen: it starts, shows the made-up
//! practice, and the picture is not blank.

use std::collections::HashSet;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Ends a process with the test, however that ends.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn need(tool: &str) {
    let found = Command::new("which").arg(tool).stdout(Stdio::null()).status().is_ok_and(|s| s.success());
    assert!(found, "{tool} is missing; tests/run.sh installs it (Debian: xvfb, xdotool, imagemagick)");
}

#[test]
fn the_window_opens_under_xvfb_and_is_not_blank() {
    for tool in ["Xvfb", "xdotool", "import"] {
        need(tool);
    }
    let dir = tempfile::tempdir().expect("a folder");
    let display = start_display(dir.path());
    let (_xvfb, display) = display;
    let program = Command::new(env!("CARGO_BIN_EXE_record-access-review"))
        .args(["--sample", "--today", "2026-11-20"])
        .env("DISPLAY", &display)
        .env_remove("WAYLAND_DISPLAY")
        .env("XDG_RUNTIME_DIR", dir.path())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let _program = Running(program);
    // Until the picture has settled into something with many colours.
    let mut colours = 0;
    for _ in 0..120 {
        std::thread::sleep(Duration::from_millis(500));
        colours = screenshot(&display).map_or(0, |pixels| pixels.len());
        if colours > 100 {
            break;
        }
    }
    assert!(colours > 100, "the window shows {colours} colours");
}

/// A virtual screen on a number of its own choosing.
fn start_display(dir: &Path) -> (Running, String) {
    let number = dir.join("display");
    let out = std::fs::File::create(&number).expect("a file");
    let child = Command::new("Xvfb")
        .args(["-displayfd", "1", "-screen", "0", "1366x768x24", "-nolisten", "tcp"])
        .stdout(out)
        .stderr(Stdio::null())
        .spawn()
        .expect("Xvfb starts");
    let running = Running(child);
    for _ in 0..100 {
        std::thread::sleep(Duration::from_millis(100));
        if let Ok(n) = std::fs::read_to_string(&number).unwrap_or_default().trim().parse::<u32>() {
            return (running, format!(":{n}"));
        }
    }
    panic!("Xvfb gave no display");
}

/// The distinct colours on the screen.
fn screenshot(display: &str) -> Option<HashSet<[u8; 3]>> {
    let output =
        Command::new("import").args(["-display", display, "-window", "root", "-depth", "8", "rgb:-"]).output().ok()?;
    let pixels: HashSet<[u8; 3]> = output.stdout.chunks_exact(3).map(|p| [p[0], p[1], p[2]]).collect();
    output.status.success().then_some(pixels)
}
