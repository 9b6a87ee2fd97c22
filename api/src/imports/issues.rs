//! The verdicts on a row and the table of issue codes, with what each says to a person.

use serde::Serialize;

/// What happens to a row; the strongest of its issues decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Taken as it is, perhaps repaired.
    Accept,
    /// Taken, and somebody should look at it.
    Warn,
    /// Taken without the value; listed for correction.
    Drop,
    /// Waits for a human: two different people claim one number.
    Conflict,
    /// Waits in the import for correction.
    Reject,
}

impl Verdict {
    /// The value in tables and JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Warn => "warn",
            Self::Drop => "drop",
            Self::Conflict => "conflict",
            Self::Reject => "reject",
        }
    }
}

/// One kind of issue: stable code, verdict and sentence.
#[derive(Debug, PartialEq, Eq)]
pub struct IssueCode {
    /// Stable snake_case code, part of the contract.
    pub code: &'static str,
    /// What it does to the row.
    pub verdict: Verdict,
    /// Sentence in Indonesian.
    pub id: &'static str,
    /// Sentence in English.
    pub en: &'static str,
}

macro_rules! issues {
    ($($name:ident $code:literal $verdict:ident $id:literal, $en:literal;)*) => {
        $(#[doc = $en]
        pub static $name: IssueCode = IssueCode { code: $code, verdict: Verdict::$verdict, id: $id, en: $en };)*
        /// Every code, strongest verdict first.
        pub static ALL: &[&IssueCode] = &[$(&$name),*];
    };
}

issues! {
    NAME_MISSING "name_missing" Reject "Nama kosong.", "The name is empty.";
    KK_SCIENTIFIC "kk_scientific_notation" Reject "Nomor KK rusak oleh aplikasi lembar kerja (notasi ilmiah); isi kembali sebagai teks.", "A spreadsheet turned the family-card number into scientific notation; enter it again as text.";
    KK_LENGTH "kk_length" Reject "Nomor KK tidak 16 angka.", "The family-card number is not 16 digits.";
    FAMILY_KEY_MISSING "family_key_missing" Reject "Kunci keluarga dari sumber kosong atau rusak.", "The source's own key of the family is empty or damaged.";
    KK_REPEATED "kk_repeated" Reject "Nomor keluarga ini sudah ada pada baris keluarga sebelumnya.", "An earlier row of the file has this family number.";
    REGION_UNKNOWN "region_unknown" Reject "Kelurahan domisili tidak dikenal.", "The kelurahan of domicile is not known.";
    REGION_OUT_OF_SCOPE "region_out_of_scope" Reject "Kelurahan ini di luar wilayah kerja pengunggah.", "This kelurahan is outside the uploader's area.";
    FAMILY_NOT_FOUND "family_not_found" Reject "Keluarga tidak ada di berkas ini (atau ditolak) dan tidak ada di registri.", "The family is neither accepted from this file nor in the registry.";
    FORMULA_NAME "name_formula" Reject "Nama berisi rumus, bukan teks.", "The name holds a formula, not text.";
    ORGANIZATION_UNKNOWN "organization_unknown" Reject "Lembaga tidak dikenal: nomor tanda daftar dan nama persisnya tidak ada di registri.", "The organization is not known: neither its registration nor its exact name is in the registry.";
    ORGANIZATION_DIFFERS "organization_differs" Reject "Nomor tanda daftar ini milik lembaga dengan nama lain.", "An organization of another name has this registration.";
    ORGANIZATION_OTHER "organization_not_yours" Reject "Lembaga ini bukan lembaga pengunggah.", "This is not the uploader's organization.";
    BENEFIT_UNKNOWN "benefit_unknown" Reject "Jenis bantuan tidak dikenal.", "The kind of benefit is not known.";
    AMOUNT_INVALID "amount_invalid" Reject "Nilai atau kuota bukan angka yang pasti.", "The value or quota is not one certain number.";
    PERIOD_INVALID "period_invalid" Reject "Tanggal mulai atau selesai kosong, tidak mungkin, atau terbalik.", "The first or last day is missing, impossible, or the wrong way round.";
    TARGET_UNKNOWN "need_unknown" Reject "Kebutuhan yang dijawab tidak dapat ditentukan dari jenis bantuan dan sasaran.", "Which need it answers does not follow from the benefit and the target.";
    OFFER_REPEATED "offer_repeated" Reject "Program ini sudah ada pada baris lain berkas ini.", "Another row of the file offers this program already.";
    OFFER_REFUSED "offer_refused" Reject "Program ini ditolak oleh aturan katalog.", "The rules of the catalogue refuse this program.";
    PERSON_NOT_FOUND "person_not_found" Reject "Orang ini tidak ditemukan di registri; catat dulu keluarganya.", "The registry does not have this person; record the family first.";
    NIK_SHARED "nik_shared" Conflict "NIK yang sama dipakai orang lain.", "Another person has the same NIK.";
    PROGRAM_PUBLISHED "program_not_draft" Conflict "Programnya sudah bukan draf; perubahan lewat pengembalian oleh koordinator.", "The program is beyond a draft; it changes only after a coordinator returned it.";
    KNOWN_ELSEWHERE "known_elsewhere" Conflict "Registri mencatatnya di luar wilayah kerja pengunggah; perpindahan harus disetujui kedua pihak.", "The registry has this outside the uploader's area; a move has to be accepted by both sides.";
    NIK_LENGTH "nik_length" Drop "NIK tidak 16 angka; orangnya tetap dicatat tanpa NIK.", "The NIK is not 16 digits; the person is kept without it.";
    NIK_SCIENTIFIC "nik_scientific_notation" Drop "NIK rusak oleh aplikasi lembar kerja (notasi ilmiah); orangnya tetap dicatat tanpa NIK.", "A spreadsheet turned the NIK into scientific notation; the person is kept without it.";
    NIK_PRECISION "nik_numeric_precision_lost" Drop "NIK berasal dari sel angka sehingga angka terakhir hilang; orangnya tetap dicatat tanpa NIK.", "The NIK comes from a numeric cell and its last digit is lost; the person is kept without it.";
    BIRTH_DATE_INVALID "birth_date_invalid" Drop "Tanggal lahir tidak mungkin atau di masa depan; orangnya tetap dicatat tanpa tanggal lahir.", "The birth date is impossible or in the future; the person is kept without it.";
    MEASUREMENT_INVALID "measurement_invalid" Drop "Ukuran atau tanggal pengukuran kosong atau tidak mungkin; tidak dinilai.", "The measurement or its date is missing or impossible; it is not judged.";
    VALUE_FORMULA "value_formula" Drop "Sel berisi rumus, bukan teks; nilainya tidak dipakai.", "The cell holds a formula, not text; the value is left out.";
    NO_IDENTITY "no_identity" Warn "Tanpa NIK dan tanggal lahir; dicatat sebagai orang tanpa dokumen.", "Neither NIK nor birth date; kept as a person without papers.";
    NEED_OF_TARGET "need_by_target" Warn "Kebutuhan diambil dari sasaran; periksa drafnya.", "The need was taken from the target group; check the draft.";
    TARGET_UNMAPPED "target_unknown" Warn "Sasaran tidak ada dalam daftar; tetap dalam kata-kata mitra.", "The target is not in the list; it stays in the partner's words.";
    MEASUREMENT_AGE "measurement_age" Warn "Umur atau jenis kelamin tidak diketahui, atau anak sudah lima tahun; ukurannya tidak dinilai.", "Age or sex is unknown, or the child is five or older; the measurement is not judged.";
    PPKS_AGE "ppks_age_mismatch" Warn "Jenis PPKS tidak mungkin pada usia atau jenis kelamin ini; masalahnya tetap dilaporkan.", "The PPKS type is impossible at this age or sex; the problem is reported all the same.";
    PPKS_UNKNOWN "ppks_unknown" Warn "Jenis PPKS tidak ada dalam daftar; orangnya dicatat, masalahnya belum.", "The PPKS type is not in the list; the person is recorded, the problem is not.";
    NIK_MISSING "nik_missing" Warn "NIK kosong.", "The NIK is empty.";
    NIK_MISMATCH "nik_birth_date_mismatch" Warn "NIK tidak cocok dengan tanggal lahir atau jenis kelamin.", "The NIK disagrees with the birth date or the sex.";
    NIK_IMPLAUSIBLE "nik_implausible" Warn "NIK memuat wilayah, tanggal atau nomor urut yang tidak mungkin.", "The NIK holds an impossible region, date or serial.";
    DECILE_MISSING "decile_missing" Warn "Desil kosong.", "The decile is empty.";
    DECILE_INVALID "decile_invalid" Warn "Desil bukan 1 sampai 10; nilainya tidak dipakai.", "The decile is not 1 to 10; it is left out.";
    PERSON_REPEATED "person_repeated" Warn "Orang ini sudah ada pada baris lain berkas ini; dicatat satu kali.", "Another row of the file holds this person already; recorded once.";
}

/// The entry of a code, where it is one of ours.
#[must_use]
pub fn by_code(code: &str) -> Option<&'static IssueCode> {
    ALL.iter().find(|issue| issue.code == code).copied()
}

/// One issue of one row, as found while reading it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowIssue {
    /// What is wrong.
    pub code: &'static IssueCode,
    /// Variable whose column it stands in.
    pub variable: &'static str,
    /// The value with its personal part hidden.
    pub value_masked: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_ordered_by_strength() {
        let mut codes: Vec<_> = ALL.iter().map(|i| i.code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), ALL.len());
        assert!(ALL.windows(2).all(|pair| pair[0].verdict >= pair[1].verdict));
        assert!(
            Verdict::Reject > Verdict::Conflict && Verdict::Conflict > Verdict::Drop && Verdict::Drop > Verdict::Warn
        );
        assert_eq!(by_code("kk_length"), Some(&KK_LENGTH));
    }
}
