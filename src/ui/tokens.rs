//! The look: colours, type and spacing, each with one meaning. Raw colours are
//! allowed here only.

use std::sync::Arc;

use egui::{Color32, FontData, FontDefinitions, FontFamily, FontId, RichText, Stroke, TextStyle, Theme, Ui};

/// Spacing in points.
pub const S4: f32 = 4.0;
/// Spacing in points.
pub const S8: f32 = 8.0;
/// Spacing in points.
pub const S16: f32 = 16.0;
/// Spacing in points.
pub const S24: f32 = 24.0;

/// Sizes of type in points.
pub const SIZE_H1: f32 = 24.0;
/// Headings within a card.
pub const SIZE_H2: f32 = 17.0;
/// Running text.
pub const SIZE_BODY: f32 = 16.0;
/// Tables, chips and captions.
pub const SIZE_SMALL: f32 = 14.0;
/// Figures that are read first.
pub const SIZE_FIGURE: f32 = 30.0;

/// Rounding of cards and buttons.
pub const ROUND: u8 = 5;

/// The name of the bold family.
const BOLD: &str = "bold";

const fn rgb(hex: u32) -> Color32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::disallowed_methods,
        reason = "each is one byte; colours are made here"
    )]
    Color32::from_rgb((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

/// Foreground and background of a badge.
#[derive(Clone, Copy)]
pub struct Tint {
    /// Text and mark.
    pub fore: Color32,
    /// Behind it.
    pub back: Color32,
}

/// All colours of one theme. Every text colour reaches 4.5:1 on the surfaces it
/// is used on.
pub struct Palette {
    /// Behind everything.
    pub page: Color32,
    /// Cards, rail, bars.
    pub surface: Color32,
    /// Lines between things.
    pub border: Color32,
    /// Lines between rows.
    pub hairline: Color32,
    /// Text.
    pub text: Color32,
    /// Text of less weight.
    pub secondary: Color32,
    /// Links, outlines of buttons.
    pub accent: Color32,
    /// The step one is on.
    pub selected: Color32,
    /// On `selected` and on `go`.
    pub on_strong: Color32,
    /// The one thing to do next.
    pub go: Color32,
    /// `go`, under the pointer.
    pub go_hover: Color32,
    /// Behind an outlined button under the pointer.
    pub hover: Color32,
    /// The ring around what has the focus.
    pub focus: Color32,
    /// Within that ring.
    pub focus_inner: Color32,
    /// Errors.
    pub wrong: Color32,
    /// Attention: a chip.
    pub warm: Tint,
    /// Border of that chip, mark of a highlighted row.
    pub warm_line: Color32,
    /// A row whose entry looks added in bulk.
    pub row_bulk: Color32,
    /// The active row.
    pub row_active: Color32,
    /// Almost certain.
    pub certain: Tint,
    /// Likely.
    pub likely: Tint,
    /// Possible.
    pub possible: Tint,
    /// Individual.
    pub individual: Tint,
    /// Inherited.
    pub inherited: Tint,
    /// Edges of cards, by likelihood.
    pub edges: [Color32; 5],
    /// Charts: bulk, individual, inherited, cleared, no code, not eligible,
    /// declined, conflict.
    pub chart: [Color32; 8],
    /// Charts: a time when many practices coded in bulk.
    pub wave: Color32,
}

const LIGHT: Palette = Palette {
    page: rgb(0xf0_f4f5),
    surface: rgb(0xff_ffff),
    border: rgb(0xd8_dde0),
    hairline: rgb(0xe8_edee),
    text: rgb(0x21_2b32),
    secondary: rgb(0x4c_6272),
    accent: rgb(0x00_5eb8),
    selected: rgb(0x00_5eb8),
    on_strong: rgb(0xff_ffff),
    go: rgb(0x00_7f3b),
    go_hover: rgb(0x00_662f),
    hover: rgb(0xe6_eef7),
    focus: rgb(0xff_eb3b),
    focus_inner: rgb(0x21_2b32),
    wrong: rgb(0xb0_1e14),
    warm: Tint { fore: rgb(0x21_2b32), back: rgb(0xff_f4d6) },
    warm_line: rgb(0xff_b81c),
    row_bulk: rgb(0xff_f9ec),
    row_active: rgb(0xdc_ebf8),
    certain: Tint { fore: rgb(0x9c_1a11), back: rgb(0xfb_e3e1) },
    likely: Tint { fore: rgb(0x6b_4700), back: rgb(0xff_f0cc) },
    possible: Tint { fore: rgb(0x00_3087), back: rgb(0xe6_eef7) },
    individual: Tint { fore: rgb(0x00_592a), back: rgb(0xe3_f1e8) },
    inherited: Tint { fore: rgb(0x33_0072), back: rgb(0xec_e6f2) },
    edges: [rgb(0x00_7f3b), rgb(0x33_0072), rgb(0x00_5eb8), rgb(0xff_b81c), rgb(0xd5_281b)],
    chart: [
        rgb(0xb5_651d),
        rgb(0x33_0072),
        rgb(0x8a_6fb8),
        rgb(0x00_5eb8),
        rgb(0x9f_b3c1),
        rgb(0xdf_e5e8),
        rgb(0x21_2b32),
        rgb(0xd5_281b),
    ],
    wave: rgb(0xf6_efe3),
};

const DARK: Palette = Palette {
    page: rgb(0x12_181c),
    surface: rgb(0x1c_242a),
    border: rgb(0x3c_4850),
    hairline: rgb(0x2a_343b),
    text: rgb(0xf0_f4f5),
    secondary: rgb(0xa9_b9c4),
    accent: rgb(0x7c_bbf5),
    selected: rgb(0x00_5eb8),
    on_strong: rgb(0xff_ffff),
    go: rgb(0x00_7f3b),
    go_hover: rgb(0x0a_9a4c),
    hover: rgb(0x26_3a4c),
    focus: rgb(0xff_eb3b),
    focus_inner: rgb(0x12_181c),
    wrong: rgb(0xff_9d94),
    warm: Tint { fore: rgb(0xff_e3a6), back: rgb(0x45_3400) },
    warm_line: rgb(0xff_b81c),
    row_bulk: rgb(0x2c_281a),
    row_active: rgb(0x1d_3d5a),
    certain: Tint { fore: rgb(0xff_b9b2), back: rgb(0x55_1a15) },
    likely: Tint { fore: rgb(0xff_dd99), back: rgb(0x4a_3600) },
    possible: Tint { fore: rgb(0xb5_d5f8), back: rgb(0x15_3656) },
    individual: Tint { fore: rgb(0xa5_e3bc), back: rgb(0x10_3d23) },
    inherited: Tint { fore: rgb(0xd9_c6f6), back: rgb(0x38_2756) },
    edges: [rgb(0x2f_a868), rgb(0x9d_7be0), rgb(0x5c_a4ec), rgb(0xff_b81c), rgb(0xf0_6a5f)],
    chart: [
        rgb(0xd9_8a3e),
        rgb(0xa9_8be0),
        rgb(0x7a_63a8),
        rgb(0x5c_a4ec),
        rgb(0x6a_7f8e),
        rgb(0x35_414a),
        rgb(0xd8_dde0),
        rgb(0xf0_6a5f),
    ],
    wave: rgb(0x2b_2820),
};

/// The colours of the theme in force.
#[must_use]
pub fn palette(ui: &Ui) -> &'static Palette {
    of(ui.theme())
}

const fn of(theme: Theme) -> &'static Palette {
    match theme {
        Theme::Light => &LIGHT,
        Theme::Dark => &DARK,
    }
}

/// The bold face. `strong()` only changes the colour, so bold is a family of its own.
#[must_use]
pub fn bold(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name(BOLD.into()))
}

/// The regular face.
#[must_use]
pub fn regular(size: f32) -> FontId {
    FontId::new(size, FontFamily::Proportional)
}

/// A page's first line.
#[must_use]
pub fn h1(text: impl Into<String>) -> RichText {
    RichText::new(text).font(bold(SIZE_H1))
}

/// A card's first line.
#[must_use]
pub fn h2(text: impl Into<String>) -> RichText {
    RichText::new(text).font(bold(SIZE_H2))
}

/// Running text in bold.
#[must_use]
pub fn strong(text: impl Into<String>) -> RichText {
    RichText::new(text).font(bold(SIZE_BODY))
}

/// Running text of less weight.
#[must_use]
pub fn quiet(ui: &Ui, text: impl Into<String>) -> RichText {
    RichText::new(text).color(palette(ui).secondary)
}

/// Small text of less weight.
#[must_use]
pub fn caption(ui: &Ui, text: impl Into<String>) -> RichText {
    RichText::new(text).size(SIZE_SMALL).color(palette(ui).secondary)
}

/// Installs fonts and both themes.
pub fn install(ctx: &egui::Context) {
    ctx.set_fonts(fonts());
    for theme in [Theme::Light, Theme::Dark] {
        ctx.set_style_of(theme, style(theme));
    }
    ctx.set_theme(egui::ThemePreference::System);
    ctx.options_mut(|options| {
        // Where the system says nothing (Linux): as on paper.
        options.fallback_theme = Theme::Light;
        // Closing asks first if decisions are not saved; Ctrl+Q would not.
        options.quit_shortcuts.clear();
    });
}

fn fonts() -> FontDefinitions {
    let mut fonts = FontDefinitions::empty();
    let data = |bytes: &'static [u8]| Arc::new(FontData::from_static(bytes));
    fonts.font_data.insert("regular".to_owned(), data(include_bytes!("../../assets/fonts/Inter-Regular.otf")));
    fonts.font_data.insert(BOLD.to_owned(), data(include_bytes!("../../assets/fonts/Inter-SemiBold.otf")));
    fonts.families.insert(FontFamily::Proportional, vec!["regular".to_owned()]);
    fonts.families.insert(FontFamily::Monospace, vec!["regular".to_owned()]);
    fonts.families.insert(FontFamily::Name(BOLD.into()), vec![BOLD.to_owned(), "regular".to_owned()]);
    fonts
}

fn style(theme: Theme) -> egui::Style {
    let p = of(theme);
    let mut style = theme.default_style();
    style.text_styles = [
        (TextStyle::Heading, bold(SIZE_H1)),
        (TextStyle::Body, regular(SIZE_BODY)),
        (TextStyle::Button, regular(SIZE_BODY)),
        (TextStyle::Monospace, FontId::new(SIZE_SMALL, FontFamily::Monospace)),
        (TextStyle::Small, regular(SIZE_SMALL)),
    ]
    .into();
    style.spacing.item_spacing = egui::vec2(S8, S8);
    style.spacing.button_padding = egui::vec2(12.0, 6.0);
    style.spacing.interact_size = egui::vec2(40.0, 32.0);
    style.spacing.combo_width = 80.0;
    style.spacing.icon_spacing = 8.0;
    style.spacing.icon_width = 18.0;
    style.spacing.icon_width_inner = 10.0;
    style.spacing.scroll = egui::style::ScrollStyle::solid();
    style.spacing.scroll.bar_width = 12.0;
    style.spacing.scroll.fade.strength = 0.0;
    style.interaction.selectable_labels = false;
    style.interaction.tooltip_delay = 0.3;
    style.animation_time = 0.0;
    let v = &mut style.visuals;
    v.panel_fill = p.page;
    v.window_fill = p.surface;
    v.window_stroke = Stroke::new(1.0, p.border);
    v.extreme_bg_color = p.hairline;
    v.text_edit_bg_color = Some(p.surface);
    v.override_text_color = None;
    v.weak_text_color = Some(p.secondary);
    v.hyperlink_color = p.accent;
    v.selection.bg_fill = p.row_active;
    v.selection.stroke = Stroke::new(2.0, p.accent);
    v.error_fg_color = p.wrong;
    v.warn_fg_color = p.warm.fore;
    for (widget, fill, line) in [
        (&mut v.widgets.noninteractive, p.surface, p.border),
        (&mut v.widgets.inactive, p.surface, p.secondary),
        (&mut v.widgets.hovered, p.hover, p.accent),
        (&mut v.widgets.active, p.hover, p.accent),
        (&mut v.widgets.open, p.hover, p.accent),
    ] {
        widget.bg_fill = fill;
        widget.weak_bg_fill = fill;
        widget.bg_stroke = Stroke::new(1.0, line);
        widget.fg_stroke = Stroke::new(1.0, p.text);
        widget.corner_radius = ROUND.into();
        widget.expansion = 0.0;
    }
    v.widgets.noninteractive.bg_stroke = Stroke::new(1.0, p.border);
    style
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Contrast ratio of WCAG 2.2.
    fn contrast(a: Color32, b: Color32) -> f64 {
        let light = |c: Color32| {
            let part = |v: u8| {
                let v = f64::from(v) / 255.0;
                if v <= 0.040_45 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
            };
            0.2126 * part(c.r()) + 0.7152 * part(c.g()) + 0.0722 * part(c.b())
        };
        let (a, b) = (light(a), light(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn text_reaches_the_contrast_of_level_aa() {
        for p in [&LIGHT, &DARK] {
            for back in [p.page, p.surface, p.row_bulk, p.row_active] {
                for fore in [p.text, p.secondary] {
                    assert!(contrast(fore, back) >= 4.5, "{fore:?} on {back:?}: {}", contrast(fore, back));
                }
            }
            for back in [p.page, p.surface, p.hover] {
                assert!(contrast(p.accent, back) >= 4.5, "accent on {back:?}: {}", contrast(p.accent, back));
            }
            for tint in [p.warm, p.certain, p.likely, p.possible, p.individual, p.inherited] {
                assert!(contrast(tint.fore, tint.back) >= 4.5, "{:?}", tint.back);
            }
            assert!(contrast(p.on_strong, p.selected) >= 4.5);
            assert!(contrast(p.on_strong, p.go) >= 4.5);
            assert!(contrast(p.wrong, p.surface) >= 4.5);
        }
    }
}
