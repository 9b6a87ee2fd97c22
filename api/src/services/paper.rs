//! A letter as a PDF: one embedded font, plain text, a QR code. Pure.
//!
//! Text is drawn glyph by glyph as it stands: nothing in it is markup. A character the font lacks is drawn as a box, but
//! stays itself when the text is copied or read aloud.

use std::sync::LazyLock;

use chrono::{Datelike as _, NaiveDate};
use krilla::Document;
use krilla::action::{Action, LinkAction};
use krilla::annotation::{Annotation, LinkAnnotation, Target};
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::{DateTime, Metadata};
use krilla::page::PageSettings;
use krilla::surface::Surface;
use krilla::text::{Font, GlyphId, KrillaGlyph};
use qrcode::{Color, EcLevel, QrCode};

static FONT: &[u8] = include_bytes!("../../data/fonts/DejaVuSans.ttf");

/// A4 in points.
const WIDTH: f32 = 595.28;
const HEIGHT: f32 = 841.89;
const MARGIN: f32 = 62.0;
const BOTTOM: f32 = 70.0;
/// Where the values of `Label : value` lines stand.
const TAB: f32 = 150.0;
const QR_SIZE: f32 = 92.0;

/// The QR code of a letter: how anybody checks that it is genuine, or how whoever got it answers.
#[derive(Debug)]
pub struct Check {
    /// Where it leads.
    pub link: String,
    /// What it is for, read aloud.
    pub caption: String,
    /// Printed below it, for who types.
    pub beside: Vec<String>,
}

/// Everything that is printed.
#[derive(Debug)]
pub struct Paper {
    /// Issuing office.
    pub office: String,
    /// Heading.
    pub title: String,
    /// Number; none for what is not counted.
    pub number: Option<String>,
    /// Paragraphs, one a line; `Label : value` is set in two columns.
    pub body: String,
    /// Above the signature.
    pub place_and_date: String,
    /// Date of the letter.
    pub date: NaiveDate,
    /// Function of who signs.
    pub signatory_title: String,
    /// Who signs.
    pub signatory_name: String,
    /// The QR code, for letters that have one.
    pub check: Option<Check>,
}

struct Face {
    font: Font,
    metrics: ttf_parser::Face<'static>,
}

static FACE: LazyLock<Option<Face>> = LazyLock::new(|| {
    let metrics = ttf_parser::Face::parse(FONT, 0).ok()?;
    Some(Face { font: Font::new(FONT.to_vec().into(), 0)?, metrics })
});

impl Face {
    /// Width of a character in parts of the font size, and its glyph; 0 is the box.
    fn glyph(&self, c: char) -> (u16, f32) {
        let id = self.metrics.glyph_index(c).unwrap_or(ttf_parser::GlyphId(0));
        let advance = self.metrics.glyph_hor_advance(id).unwrap_or(1000);
        (id.0, f32::from(advance) / f32::from(self.metrics.units_per_em()))
    }

    fn width(&self, text: &str, size: f32) -> f32 {
        text.chars().map(|c| self.glyph(c).1 * size).sum()
    }

    fn draw(&self, surface: &mut Surface<'_>, x: f32, y: f32, text: &str, size: f32) {
        let glyphs: Vec<KrillaGlyph> = text
            .char_indices()
            .map(|(at, c)| {
                let (id, advance) = self.glyph(c);
                let range = at..at + c.len_utf8();
                KrillaGlyph::new(GlyphId::new(u32::from(id)), advance, 0.0, 0.0, 0.0, range, None)
            })
            .collect();
        if !glyphs.is_empty() {
            surface.draw_glyphs(Point::from_xy(x, y), &glyphs, self.font.clone(), text, size, false);
        }
    }

    /// Lines no wider than this; a word that is wider alone is broken.
    fn wrap(&self, text: &str, size: f32, width: f32) -> Vec<String> {
        let mut lines = vec![String::new()];
        for word in text.split(' ') {
            let last = lines.last().cloned().unwrap_or_default();
            let longer = if last.is_empty() { word.to_owned() } else { format!("{last} {word}") };
            if self.width(&longer, size) <= width {
                if let Some(line) = lines.last_mut() {
                    *line = longer;
                }
                continue;
            }
            let mut rest = String::new();
            for c in word.chars() {
                rest.push(c);
                if self.width(&rest, size) > width {
                    rest.pop();
                    lines.push(std::mem::take(&mut rest));
                    rest.push(c);
                }
            }
            lines.push(rest);
        }
        lines.retain(|line| !line.is_empty());
        lines
    }
}

/// A line of the letter: its pieces with their place from the left margin.
struct Line {
    pieces: Vec<(f32, String)>,
    size: f32,
    height: f32,
}

fn plain(x: f32, text: String, size: f32) -> Line {
    Line { pieces: vec![(x, text)], size, height: size * 1.5 }
}

fn centred(face: &Face, text: &str, size: f32) -> Vec<Line> {
    let room = WIDTH - 2.0 * MARGIN;
    face.wrap(text, size, room).into_iter().map(|t| plain((room - face.width(&t, size)) / 2.0, t, size)).collect()
}

/// A paragraph; one of the form `Label : value` in two columns.
fn paragraph(face: &Face, text: &str) -> Vec<Line> {
    const SIZE: f32 = 10.5;
    let room = WIDTH - 2.0 * MARGIN;
    if text.trim().is_empty() {
        return vec![Line { pieces: Vec::new(), size: SIZE, height: SIZE * 0.8 }];
    }
    if let Some((label, value)) = text.split_once(" : ").filter(|(l, _)| face.width(l, SIZE) < TAB - 8.0) {
        let mut lines: Vec<Line> =
            face.wrap(value, SIZE, room - TAB - 10.0).into_iter().map(|t| plain(TAB + 10.0, t, SIZE)).collect();
        if lines.is_empty() {
            lines.push(plain(TAB + 10.0, "–".into(), SIZE));
        }
        if let Some(first) = lines.first_mut() {
            first.pieces.splice(0..0, [(0.0, label.to_owned()), (TAB, ":".to_owned())]);
        }
        return lines;
    }
    face.wrap(text, SIZE, room).into_iter().map(|t| plain(0.0, t, SIZE)).collect()
}

fn lines(face: &Face, paper: &Paper) -> Vec<Line> {
    let mut all = centred(face, "PEMERINTAH KOTA BANDUNG", 11.0);
    all.extend(centred(face, &paper.office, 13.0));
    all.push(Line { pieces: Vec::new(), size: 1.0, height: 26.0 });
    all.extend(centred(face, &paper.title.to_uppercase(), 12.0));
    if let Some(number) = &paper.number {
        all.extend(centred(face, &format!("Nomor: {number}"), 10.5));
    }
    all.push(Line { pieces: Vec::new(), size: 1.0, height: 14.0 });
    all.extend(paper.body.lines().flat_map(|text| paragraph(face, text)));
    all
}

/// Dark squares of the QR code as one path, its upper left corner at this point.
fn draw_code(surface: &mut Surface<'_>, code: &QrCode, x: f32, y: f32) -> Option<()> {
    let count = code.width();
    let side = QR_SIZE / f32::from(u16::try_from(count).ok()?);
    let mut path = PathBuilder::new();
    for row in 0..count {
        for column in 0..count {
            if code[(column, row)] == Color::Dark {
                let (cx, cy) = (f32::from(u16::try_from(column).ok()?), f32::from(u16::try_from(row).ok()?));
                path.push_rect(Rect::from_xywh(x + cx * side, y + cy * side, side, side)?);
            }
        }
    }
    surface.draw_path(&path.finish()?);
    Some(())
}

/// Height of signature and QR code, which stand together.
const CLOSING: f32 = 150.0;

fn closing(face: &Face, surface: &mut Surface<'_>, paper: &Paper, code: Option<&QrCode>, y: f32) -> Option<()> {
    let (left, right) = (MARGIN, WIDTH / 2.0 + 30.0);
    if let (Some(code), Some(check)) = (code, &paper.check) {
        draw_code(surface, code, left, y)?;
        for (at, text) in check.beside.iter().enumerate() {
            face.draw(surface, left, y + QR_SIZE + 14.0 + 11.0 * f32::from(u16::try_from(at).ok()?), text, 7.5);
        }
    }
    let room = WIDTH - MARGIN - right;
    let mut at = y + 10.0;
    for text in [&paper.place_and_date, &paper.signatory_title] {
        for line in face.wrap(text, 10.5, room) {
            face.draw(surface, right, at, &line, 10.5);
            at += 15.0;
        }
    }
    at += 42.0;
    for line in face.wrap(&paper.signatory_name, 10.5, room) {
        face.draw(surface, right, at, &line, 10.5);
        at += 15.0;
    }
    Some(())
}

/// The QR code that leads to the check.
fn code_of(check: &Check) -> Result<QrCode, &'static str> {
    QrCode::with_error_correction_level(check.link.as_bytes(), EcLevel::M).map_err(|_| "the link is too long")
}

/// Makes the file.
pub fn print(paper: &Paper) -> Result<Vec<u8>, &'static str> {
    let face = FACE.as_ref().ok_or("the font cannot be read")?;
    let code = paper.check.as_ref().map(code_of).transpose()?;
    let mut document = Document::new();
    let mut rest = lines(face, paper).into_iter().peekable();
    loop {
        let settings = PageSettings::from_wh(WIDTH, HEIGHT).ok_or("no page")?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        let mut y = MARGIN;
        while let Some(line) = rest.next_if(|line| y + line.height < HEIGHT - BOTTOM) {
            y += line.height;
            for (x, text) in &line.pieces {
                face.draw(&mut surface, MARGIN + x, y, text, line.size);
            }
        }
        let done = rest.peek().is_none() && y + 24.0 + CLOSING < HEIGHT - 30.0;
        if done {
            closing(face, &mut surface, paper, code.as_ref(), y + 24.0).ok_or("the letter cannot be closed")?;
        }
        surface.finish();
        if let Some(check) = paper.check.as_ref().filter(|_| done) {
            let place = Rect::from_xywh(MARGIN, y + 24.0, QR_SIZE, QR_SIZE).ok_or("no place")?;
            let link = LinkAnnotation::new(place, Target::Action(Action::Link(LinkAction::new(check.link.clone()))));
            page.add_annotation(Annotation::new_link(link, Some(check.caption.clone())));
        }
        page.finish();
        if done {
            break;
        }
    }
    let date = DateTime::new(u16::try_from(paper.date.year()).unwrap_or(2000))
        .month(u8::try_from(paper.date.month()).unwrap_or(1))
        .day(u8::try_from(paper.date.day()).unwrap_or(1));
    let metadata = Metadata::new()
        .title([paper.title.as_str(), paper.number.as_deref().unwrap_or_default()].join(" ").trim_end().to_owned())
        .language("id-ID".into())
        .creator("Satu Pintu".into())
        .creation_date(date);
    document.set_metadata(metadata);
    document.finish().map_err(|_| "the file cannot be written")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paper(body: &str) -> Paper {
        Paper {
            office: "Dinas Sosial Kota Bandung".into(),
            title: "Surat uji".into(),
            number: Some("400.9/0001/UJI/2026".into()),
            body: body.into(),
            place_and_date: "Bandung, 23 November 2026".into(),
            date: NaiveDate::from_ymd_opt(2026, 11, 23).unwrap(),
            signatory_title: "a.n. Kepala Dinas Sosial".into(),
            signatory_name: "Koordinator".into(),
            check: Some(Check {
                link: "https://example.org/verify#K7QW2ZP9XA.8M4TN2QE7RVC1XKP".into(),
                caption: "Periksa keaslian".into(),
                beside: vec!["Kode  K7QW2ZP9XA".into(), "Kunci 8M4T-N2QE-7RVC-1XKP".into()],
            }),
        }
    }

    #[test]
    fn a_letter_is_a_pdf_whatever_is_in_it() {
        for body in ["", "Nama : <b>Siti</b> \u{1f389}\n\nIsi", &"kata ".repeat(4000), &"x".repeat(900), "漢字 ᮞᮥᮔ᮪ᮓ"]
        {
            let file = print(&paper(body)).unwrap();
            assert!(file.starts_with(b"%PDF-") && file.len() < 200_000, "{} bytes", file.len());
        }
    }

    #[test]
    fn lines_fit_their_room() {
        let face = FACE.as_ref().unwrap();
        for text in ["satu dua tiga empat lima", &"w".repeat(300), "a ".repeat(200).trim()] {
            let lines = face.wrap(text, 10.0, 120.0);
            assert!(lines.iter().all(|l| face.width(l, 10.0) <= 120.0), "{lines:?}");
            assert_eq!(lines.concat().replace(' ', ""), text.replace(' ', ""));
        }
    }
}
