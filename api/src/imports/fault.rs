//! What makes a whole file unusable. Nothing of such a file reaches the registry.

use serde::{Deserialize, Serialize};

/// Why a file is refused, as it is kept with the import and shown to whoever sent it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileFault {
    /// Stable snake_case code.
    pub code: String,
    /// Part of the upload (`families`, `members`).
    pub file: String,
    /// Row in the file, where the fault has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<u32>,
    /// Sentence for people; names columns, never values of rows.
    pub message: Text,
}

/// A sentence in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// Indonesian.
    pub id: String,
    /// English.
    pub en: String,
}

/// The kinds of fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// No bytes, or only white space.
    Empty,
    /// A header without a single row below it.
    NoRows,
    /// UTF-16 or UTF-32 text.
    WideEncoding,
    /// Not text at all.
    Binary,
    /// An archive that is not a workbook.
    Archive,
    /// The binary workbook of old spreadsheets (`.xls`).
    OldWorkbook,
    /// No row among the first ones names the columns of the profile; the variables that none of them has.
    HeaderMissing(Vec<String>),
    /// The columns are those of the other file of the profile.
    OtherFile(&'static str),
    /// The file ends within a row.
    Truncated(u32),
    /// A row of more than a mebibyte.
    RowTooLong(u32),
    /// More rows than a workbook may have.
    WorkbookTooLong,
    /// More unpacked bytes than a workbook may have.
    WorkbookTooLarge,
    /// A workbook that cannot be opened.
    WorkbookUnreadable,
    /// The disk refused to give the file back.
    Unreadable,
    /// The work was cancelled while the file was being read.
    Stopped,
}

/// Rows of a workbook that are read at most.
pub const MAX_SHEET_ROWS: u32 = 200_000;
/// Bytes of a workbook that are unpacked at most.
pub const MAX_SHEET_BYTES: u64 = 200 * 1024 * 1024;

impl Fault {
    /// The fault as kept with the import.
    #[must_use]
    pub fn describe(&self, file: &str) -> FileFault {
        let (code, row, id, en) = match self {
            Self::Empty => ("file_empty", None, "Berkas kosong.".to_owned(), "The file is empty.".to_owned()),
            Self::NoRows => (
                "file_without_rows",
                None,
                "Berkas hanya berisi judul kolom.".into(),
                "The file holds a header and no rows.".into(),
            ),
            Self::WideEncoding => (
                "file_encoding",
                None,
                "Berkas disimpan sebagai UTF-16. Simpan ulang sebagai CSV UTF-8.".into(),
                "The file is UTF-16. Save it again as CSV UTF-8.".into(),
            ),
            Self::Binary => (
                "file_binary",
                None,
                "Berkas bukan teks CSV dan bukan XLSX.".into(),
                "The file is neither CSV text nor XLSX.".into(),
            ),
            Self::Archive => (
                "file_archive",
                None,
                "Berkas adalah arsip. Unggah isi CSV atau XLSX-nya.".into(),
                "The file is an archive. Upload the CSV or XLSX inside it.".into(),
            ),
            Self::OldWorkbook => (
                "file_old_workbook",
                None,
                "Format XLS lama tidak didukung. Simpan sebagai XLSX atau CSV.".into(),
                "The old XLS format is not supported. Save as XLSX or CSV.".into(),
            ),
            Self::HeaderMissing(missing) => (
                "header_not_recognised",
                None,
                format!("Judul kolom tidak dikenali. Kolom yang belum ada: {}.", missing.join(", ")),
                format!("The header is not recognised. Columns not found: {}.", missing.join(", ")),
            ),
            Self::OtherFile(other) => (
                "file_of_other_part",
                None,
                format!("Kolom berkas ini adalah kolom bagian \"{other}\"."),
                format!("The columns are those of the part \"{other}\"."),
            ),
            Self::Truncated(row) => (
                "file_truncated",
                Some(*row),
                "Berkas terpotong di tengah baris.".into(),
                "The file ends in the middle of a row.".into(),
            ),
            Self::RowTooLong(row) => (
                "row_too_long",
                Some(*row),
                "Ada baris yang terlalu panjang; periksa tanda kutip dan akhir baris.".into(),
                "A row is too long; check quotes and line ends.".into(),
            ),
            Self::WorkbookTooLong => (
                "workbook_too_long",
                None,
                format!("XLSX dibaca sampai {MAX_SHEET_ROWS} baris. Simpan sebagai CSV."),
                format!("XLSX is read up to {MAX_SHEET_ROWS} rows. Save as CSV."),
            ),
            Self::WorkbookTooLarge => (
                "workbook_too_large",
                None,
                "Isi XLSX melebihi 200 MB. Simpan sebagai CSV.".into(),
                "The XLSX unpacks to more than 200 MB. Save as CSV.".into(),
            ),
            Self::WorkbookUnreadable => (
                "workbook_unreadable",
                None,
                "XLSX rusak atau tidak dapat dibuka.".into(),
                "The XLSX is damaged or cannot be opened.".into(),
            ),
            Self::Unreadable => (
                "file_unreadable",
                None,
                "Berkas yang diunggah tidak dapat dibaca kembali.".into(),
                "The uploaded file could not be read back.".into(),
            ),
            Self::Stopped => ("stopped", None, "Pembacaan dihentikan.".into(), "Reading was stopped.".into()),
        };
        FileFault { code: code.to_owned(), file: file.to_owned(), row, message: Text { id, en } }
    }
}
