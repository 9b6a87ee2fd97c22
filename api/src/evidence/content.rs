//! What a received file is, and the form in which it is kept. Told by its bytes alone.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read as _, Write as _};
use std::path::Path;

use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::codecs::png::{PngDecoder, PngEncoder};
use image::codecs::webp::WebPDecoder;
use image::{DynamicImage, ImageDecoder, ImageEncoder as _, ImageError, Limits};
use sha2::{Digest as _, Sha256};

/// Largest picture: what a good telephone takes. One of it costs 160 MB while it is decoded.
const MAX_PIXELS: u64 = 40_000_000;
/// Longest side; a strip of a million pixels by forty is nobody's photograph.
const MAX_SIDE: u32 = 20_000;
const MAX_ALLOCATION: u64 = 256 << 20;
/// Visibly the same as the original, at a fraction of what a lossless picture takes.
const JPEG_QUALITY: u8 = 85;

/// Why a file is not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Nothing in it.
    Empty,
    /// Not a JPEG, PNG or WebP picture and not a PDF.
    Type,
    /// It begins like one and is none.
    Damaged,
    /// More pixels than anybody's camera.
    TooManyPixels,
    /// A PDF with something behind its end: another file in disguise.
    TrailingData,
    /// A PDF that runs or carries something.
    ActiveContent,
    /// The disk, not the file.
    Storage,
}

impl Refusal {
    /// Stable code and sentence of the refused part.
    pub fn describe(self) -> (&'static str, &'static str) {
        match self {
            Self::Empty => ("empty", "is empty"),
            Self::Type => ("type_not_allowed", "is not a JPEG, PNG or WebP picture and not a PDF"),
            Self::Damaged => ("damaged", "cannot be read as what it begins like"),
            Self::TooManyPixels => ("too_many_pixels", "has more than 40 million pixels or a side above 20,000"),
            Self::TrailingData => ("trailing_data", "has something behind its end"),
            Self::ActiveContent => ("active_content", "runs a script or carries another file"),
            Self::Storage => ("storage", "could not be stored"),
        }
    }
}

/// A file as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Kept {
    pub media_type: &'static str,
    pub sha256: String,
    pub bytes: i64,
    /// Width and height of a picture.
    pub size: Option<(i32, i32)>,
}

enum Kind {
    Jpeg,
    Png,
    WebP,
    Pdf,
}

fn kind(head: &[u8]) -> Result<Kind, Refusal> {
    match head {
        [] => Err(Refusal::Empty),
        [0xff, 0xd8, 0xff, ..] => Ok(Kind::Jpeg),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Ok(Kind::Png),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Ok(Kind::WebP),
        [b'%', b'P', b'D', b'F', b'-', ..] => Ok(Kind::Pdf),
        _ => Err(Refusal::Type),
    }
}

fn storage(_: std::io::Error) -> Refusal {
    Refusal::Storage
}

fn unreadable(error: ImageError) -> Refusal {
    match error {
        ImageError::Limits(_) => Refusal::TooManyPixels,
        _ => Refusal::Damaged,
    }
}

/// Reads what was received at `from` and writes what is kept to `to`. A picture loses everything but its pixels.
pub(super) fn keep(from: &Path, to: &Path) -> Result<Kept, Refusal> {
    let mut head = Vec::new();
    File::open(from).and_then(|f| f.take(16).read_to_end(&mut head)).map_err(storage)?;
    let source = || File::open(from).map(BufReader::new).map_err(storage);
    let (media_type, size) = match kind(&head)? {
        Kind::Pdf => {
            let bytes = std::fs::read(from).map_err(storage)?;
            check_pdf(&bytes)?;
            std::fs::write(to, bytes).map_err(storage)?;
            ("application/pdf", None)
        }
        Kind::Jpeg => picture(JpegDecoder::new(source()?).map_err(unreadable)?, to, true)?,
        Kind::Png => picture(PngDecoder::with_limits(source()?, limits()).map_err(unreadable)?, to, false)?,
        Kind::WebP => {
            let decoder = WebPDecoder::new(source()?).map_err(unreadable)?;
            let opaque = !decoder.color_type().has_alpha();
            picture(decoder, to, opaque)?
        }
    };
    let (sha256, bytes) = digest(to).map_err(storage)?;
    Ok(Kept { media_type, sha256, bytes, size })
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_ALLOCATION);
    limits
}

type Made = (&'static str, Option<(i32, i32)>);

fn picture(mut decoder: impl ImageDecoder, to: &Path, photograph: bool) -> Result<Made, Refusal> {
    let (width, height) = decoder.dimensions();
    if width > MAX_SIDE || height > MAX_SIDE || u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(Refusal::TooManyPixels);
    }
    decoder.set_limits(limits()).map_err(unreadable)?;
    // A telephone held upright says so in the EXIF block that is about to go.
    let turned = decoder.orientation().unwrap_or(image::metadata::Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(unreadable)?;
    picture.apply_orientation(turned);
    let mut file = BufWriter::new(File::create(to).map_err(storage)?);
    let (width, height) = (picture.width(), picture.height());
    let written = if photograph {
        let pixels = picture.into_rgb8();
        JpegEncoder::new_with_quality(&mut file, JPEG_QUALITY).encode_image(&pixels)
    } else if picture.color().has_alpha() {
        let pixels = picture.into_rgba8();
        PngEncoder::new(&mut file).write_image(&pixels, width, height, image::ExtendedColorType::Rgba8)
    } else {
        let pixels = picture.into_rgb8();
        PngEncoder::new(&mut file).write_image(&pixels, width, height, image::ExtendedColorType::Rgb8)
    };
    written.map_err(|_| Refusal::Storage)?;
    file.flush().map_err(storage)?;
    let side = |n: u32| i32::try_from(n).unwrap_or(i32::MAX);
    Ok((if photograph { "image/jpeg" } else { "image/png" }, Some((side(width), side(height)))))
}

/// A PDF is kept as it is, so it must be nothing else besides, and must not do anything.
fn check_pdf(bytes: &[u8]) -> Result<(), Refusal> {
    let end = bytes.windows(5).rposition(|w| w == b"%%EOF").ok_or(Refusal::Damaged)?;
    let rest = bytes.get(end + 5..).unwrap_or_default();
    if rest.iter().any(|b| !b.is_ascii_whitespace() && *b != 0) {
        return Err(Refusal::TrailingData);
    }
    let holds = |mark: &[u8]| bytes.windows(mark.len()).any(|w| w == mark);
    if !holds(b"startxref") || !holds(b" obj") {
        return Err(Refusal::Damaged);
    }
    let active: [&[u8]; 7] =
        [b"/JavaScript", b"/JS", b"/Launch", b"/EmbeddedFile", b"/RichMedia", b"/XFA", b"/SubmitForm"];
    // The name must end there: /JSomething is another one.
    let runs = active.iter().any(|mark| {
        bytes.windows(mark.len() + 1).any(|w| w.starts_with(mark) && !w[mark.len()].is_ascii_alphanumeric())
    });
    if runs { Err(Refusal::ActiveContent) } else { Ok(()) }
}

fn digest(path: &Path) -> std::io::Result<(String, i64)> {
    let bytes = std::fs::read(path)?;
    let sum = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
    Ok((sum, i64::try_from(bytes.len()).unwrap_or(i64::MAX)))
}
