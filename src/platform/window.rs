//! Opening the window, with the renderer that the machine can do.
//!
//! One renderer today (OpenGL, through glow); the ladder for Windows machines
//! without a graphics card takes its place here.

use eframe::egui_glow::{GlowConfiguration, HardwareAcceleration};

/// Opens the window and runs it until it is closed.
///
/// # Errors
/// Where no window can be opened; the sentence says what to do instead.
pub fn open(creator: eframe::AppCreator<'_>) -> Result<(), String> {
    let options = eframe::NativeOptions {
        viewport: egui::ViewportBuilder::default()
            .with_title("Record Access Review")
            .with_app_id("record-access-review")
            .with_inner_size([1366.0, 768.0])
            .with_min_inner_size([960.0, 600.0])
            .with_icon(icon())
            .with_drag_and_drop(true),
        renderer: eframe::Renderer::Glow,
        // Any will do: practices often have no graphics card.
        glow_options: GlowConfiguration {
            vsync: true,
            hardware_acceleration: HardwareAcceleration::Preferred,
            shader_version: None,
        },
        ..Default::default()
    };
    eframe::run_native("Record Access Review", options, creator).map_err(|error| {
        format!("The window could not be opened ({error}). The same work can be done without a window: record-access-review --report FILE --out DIR.")
    })
}

/// The program's icon, drawn from the same numbers as the Windows icon.
fn icon() -> egui::IconData {
    const SIZE: u32 = 64;
    let mut rgba = Vec::with_capacity((SIZE * SIZE * 4) as usize);
    for y in 0..SIZE {
        for x in 0..SIZE {
            rgba.extend(icon_pixel(x, y));
        }
    }
    egui::IconData { rgba, width: SIZE, height: SIZE }
}

/// A sheet with three lines, the last one ticked.
fn icon_pixel(x: u32, y: u32) -> [u8; 4] {
    const BLUE: [u8; 4] = [0x00, 0x5e, 0xb8, 0xff];
    const WHITE: [u8; 4] = [0xff, 0xff, 0xff, 0xff];
    const GREEN: [u8; 4] = [0x00, 0x7f, 0x3b, 0xff];
    let edge = !(4..60).contains(&x) || !(4..60).contains(&y);
    let corner = (x.abs_diff(32) > 24 && y.abs_diff(32) > 24) && (x.abs_diff(32) + y.abs_diff(32) > 52);
    let sheet = (16..48).contains(&x) && (12..52).contains(&y);
    let line = (22..42).contains(&x) && [20, 21, 22, 28, 29, 30].contains(&y);
    // A tick: down to the right for a third, then up.
    let down = (22..29).contains(&x) && (y + 22).abs_diff(x + 38) <= 2;
    let up = (29..43).contains(&x) && (y + x).abs_diff(74) <= 2;
    match (edge || corner, sheet) {
        (true, _) => [0; 4],
        (_, true) if line => BLUE,
        (_, true) if down || up => GREEN,
        (_, true) => WHITE,
        _ => BLUE,
    }
}
