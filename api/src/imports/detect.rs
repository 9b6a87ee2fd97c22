//! What a spooled file is: its encoding, its line ends, its size in lines, or the reason why it cannot be read.
//!
//! One pass over the bytes in blocks, so memory does not grow with the file.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::fault::Fault;

/// Encoding of a text file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a byte-order mark.
    Utf8,
    /// Windows code page 1252, what Western spreadsheets write.
    Cp1252,
}

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Delimited text.
    Text {
        /// Its encoding.
        encoding: Encoding,
        /// Byte that ends a line: `\n`, or `\r` in files of old Macintosh programs.
        line_end: u8,
        /// Lines, an estimate of the rows.
        lines: u64,
    },
    /// An XLSX workbook.
    Workbook,
}

const BLOCK: usize = 256 * 1024;

/// Looks through a file.
///
/// # Errors
/// The [`Fault`] that makes it unusable.
pub fn detect(path: &Path) -> Result<Form, Fault> {
    let mut file = File::open(path).map_err(|_| Fault::Unreadable)?;
    let mut block = vec![0_u8; BLOCK];
    let mut look = Look::default();
    loop {
        let read = file.read(&mut block).map_err(|_| Fault::Unreadable)?;
        let Some(bytes) = block.get(..read).filter(|b| !b.is_empty()) else { break };
        if look.total == 0
            && let Some(form) = signature(bytes, path)?
        {
            return Ok(form);
        }
        look.block(bytes)?;
    }
    look.finish()
}

fn signature(bytes: &[u8], path: &Path) -> Result<Option<Form>, Fault> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) || bytes.starts_with(&[0, 0, 0xfe, 0xff]) {
        return Err(Fault::WideEncoding);
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return super::sheet::is_workbook(path).map(|()| Some(Form::Workbook));
    }
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(Fault::OldWorkbook);
    }
    let archives: [&[u8]; 5] = [&[0x1f, 0x8b], b"BZh", b"7z\xbc\xaf", &[0xfd, b'7', b'z', b'X', b'Z'], b"Rar!"];
    if archives.iter().any(|magic| bytes.starts_with(magic)) {
        return Err(Fault::Archive);
    }
    if bytes.starts_with(b"%PDF") {
        return Err(Fault::Binary);
    }
    Ok(None)
}

/// Running counts over the blocks.
#[derive(Default)]
struct Look {
    total: u64,
    zeros: u64,
    controls: u64,
    feeds: u64,
    returns: u64,
    visible: bool,
    not_utf8: bool,
    /// The first bytes of a character that the block boundary cut.
    cut: Vec<u8>,
}

impl Look {
    fn block(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        self.total += bytes.len() as u64;
        for &b in bytes {
            match b {
                b'\n' => self.feeds += 1,
                b'\r' => self.returns += 1,
                0 => self.zeros += 1,
                1..=8 | 11 | 12 | 14..=31 | 127 => self.controls += 1,
                b' ' | b'\t' => {}
                _ => self.visible = true,
            }
        }
        if !self.not_utf8 {
            self.utf8(bytes);
        }
        // Zero bytes at every other place are UTF-16 without its mark; elsewhere they are no text at all.
        if self.zeros > 0 {
            return Err(if self.zeros * 3 > self.total { Fault::WideEncoding } else { Fault::Binary });
        }
        // A stray control character happens; one in a hundred bytes is no text.
        if self.controls > 64 && self.controls * 100 > self.total { Err(Fault::Binary) } else { Ok(()) }
    }

    fn utf8(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        if !self.cut.is_empty() {
            let mut joined = std::mem::take(&mut self.cut);
            while joined.len() < 4 && !rest.is_empty() {
                let (head, tail) = rest.split_at(1);
                joined.extend_from_slice(head);
                rest = tail;
                match std::str::from_utf8(&joined) {
                    Ok(_) => {
                        joined.clear();
                        break;
                    }
                    Err(e) if e.error_len().is_some() => {
                        self.not_utf8 = true;
                        return;
                    }
                    Err(_) => {}
                }
            }
            self.cut = joined;
        }
        if let Err(e) = std::str::from_utf8(rest) {
            if e.error_len().is_some() {
                self.not_utf8 = true;
            } else {
                self.cut = rest.get(e.valid_up_to()..).unwrap_or_default().to_vec();
            }
        }
    }

    fn finish(self) -> Result<Form, Fault> {
        if !self.visible {
            return Err(Fault::Empty);
        }
        let encoding = if self.not_utf8 || !self.cut.is_empty() { Encoding::Cp1252 } else { Encoding::Utf8 };
        let (line_end, lines) =
            if self.feeds == 0 && self.returns > 0 { (b'\r', self.returns) } else { (b'\n', self.feeds) };
        Ok(Form::Text { encoding, line_end, lines: lines + 1 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(bytes: &[u8]) -> Result<Form, Fault> {
        let path = std::env::temp_dir().join(format!("satupintu-detect-{}", uuid::Uuid::now_v7()));
        std::fs::write(&path, bytes).unwrap();
        let form = detect(&path);
        std::fs::remove_file(&path).unwrap();
        form
    }

    fn text(encoding: Encoding, line_end: u8, lines: u64) -> Result<Form, Fault> {
        Ok(Form::Text { encoding, line_end, lines })
    }

    #[test]
    fn tells_encodings_and_line_ends() {
        assert_eq!(of(b"a;b\n1;2\n"), text(Encoding::Utf8, b'\n', 3));
        assert_eq!(of("\u{feff}a;b\r\né;2".as_bytes()), text(Encoding::Utf8, b'\n', 2));
        assert_eq!(of(b"a;b\n\xe9;2\n"), text(Encoding::Cp1252, b'\n', 3));
        assert_eq!(of(b"a;b\r1;2\r"), text(Encoding::Utf8, b'\r', 3));
    }

    #[test]
    fn a_character_across_blocks_stays_utf8() {
        for shift in 0..4 {
            let mut bytes = vec![b'a'; BLOCK - shift];
            bytes.extend("€€\n".as_bytes());
            assert_eq!(of(&bytes), text(Encoding::Utf8, b'\n', 2), "{shift}");
            bytes.truncate(BLOCK - shift + 2);
            assert_eq!(of(&bytes), text(Encoding::Cp1252, b'\n', 1), "{shift}");
        }
    }

    #[test]
    fn refuses_what_is_not_a_table() {
        assert_eq!(of(b""), Err(Fault::Empty));
        assert_eq!(of(b" \r\n\t\n"), Err(Fault::Empty));
        assert_eq!(of(b"\xff\xfea\0;\0"), Err(Fault::WideEncoding));
        assert_eq!(of(b"a\0;\0b\0\n\0"), Err(Fault::WideEncoding));
        assert_eq!(of(b"\x7fELF\x02\x01\x01\0aaaaaaaaaaaaaaa"), Err(Fault::Binary));
        assert_eq!(of(b"\x1f\x8b\x08abc"), Err(Fault::Archive));
        assert_eq!(of(b"PK\x03\x04 rubbish"), Err(Fault::Archive));
        assert_eq!(of(b"\xd0\xcf\x11\xe0\xa1\xb1"), Err(Fault::OldWorkbook));
        let mut noise = 1_u32;
        let rubbish: Vec<u8> = std::iter::repeat_with(|| {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (noise >> 24) as u8 | 1
        })
        .take(100_000)
        .collect();
        assert_eq!(of(&rubbish), Err(Fault::Binary));
    }
}
