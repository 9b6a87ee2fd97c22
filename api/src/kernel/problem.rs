//! One error type for the whole service (RFC 9457) and the table of its stable codes.

use serde::Serialize;

/// A stable error code: clients match on `slug`, people read the title and the page at `/problems/{slug}`.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// Stable snake_case name, part of the contract.
    pub slug: &'static str,
    /// HTTP status it answers with.
    pub status: u16,
    /// Short English summary, the same for every occurrence.
    pub title: &'static str,
    /// What the caller can do about it, in Indonesian and English.
    pub help: (&'static str, &'static str),
}

/// Slugs are the lower-case names of the constants.
macro_rules! lower {
    ($name:ident) => {{
        const UPPER: &str = stringify!($name);
        const LEN: usize = UPPER.len();
        const BYTES: [u8; LEN] = ascii_lower(UPPER.as_bytes());
        match std::str::from_utf8(&BYTES) {
            Ok(text) => text,
            Err(_) => "",
        }
    }};
}

macro_rules! codes {
    ($($name:ident $status:literal $title:literal, $id:literal, $en:literal;)*) => {
        $(#[doc = $title]
        pub static $name: Code = Code { slug: lower!($name), status: $status, title: $title, help: ($id, $en) };)*
        /// Every code, in the order of this table.
        pub static ALL: &[&Code] = &[$(&$name),*];
    };
}

const fn ascii_lower<const N: usize>(upper: &[u8]) -> [u8; N] {
    let mut out = [0; N];
    let mut i = 0;
    while i < N {
        out[i] = upper[i].to_ascii_lowercase();
        i += 1;
    }
    out
}

codes! {
    BAD_REQUEST 400 "The request could not be read", "Periksa bentuk permintaan terhadap dokumen OpenAPI.", "Check the form of the request against the OpenAPI document.";
    MALFORMED_JSON 400 "The body is not JSON", "Kirim JSON yang sah dengan Content-Type application/json.", "Send valid JSON with Content-Type application/json.";
    UNKNOWN_PARAMETER 400 "The query string has an unknown or malformed parameter", "Hapus atau perbaiki parameter yang disebut.", "Remove or correct the parameter named.";
    MALFORMED_IF_MATCH 400 "If-Match is not an entity tag of this service", "Kirim ETag yang diterima bersama data.", "Send the ETag that came with the resource.";
    UNSUPPORTED_GRANT_TYPE 400 "The grant type is not supported", "Gunakan client_credentials.", "Use client_credentials.";
    UNAUTHENTICATED 401 "Sign in first", "Masuk, lalu kirim token akses.", "Sign in, then send the access token.";
    BAD_CREDENTIALS 401 "User name, password or code is wrong", "Periksa nama pengguna, kata sandi dan kode.", "Check user name, password and code.";
    TOTP_REQUIRED 401 "A one-time code is required", "Masukkan kode dari aplikasi autentikator.", "Enter the code of your authenticator application.";
    SESSION_EXPIRED 401 "The session has ended", "Masuk kembali.", "Sign in again.";
    FORBIDDEN 403 "This action is not allowed to your role", "Minta petugas yang berwenang.", "Ask somebody whose role allows it.";
    ORIGIN_REFUSED 403 "Requests from this origin are refused", "Buka aplikasi dari alamat resminya.", "Open the application at its own address.";
    NOT_FOUND 404 "Not found", "Data tidak ada atau di luar wilayah kerja Anda.", "It does not exist or is outside your area.";
    METHOD_NOT_ALLOWED 405 "The method is not allowed here", "Lihat header Allow.", "See the Allow header.";
    CONFLICT 409 "The state does not allow this", "Muat ulang dan lihat tindakan yang mungkin.", "Reload and see which actions are possible.";
    WRONG_STATE 409 "The status does not allow this step", "Muat ulang dan lihat tindakan yang mungkin.", "Reload and see which actions are possible.";
    ALREADY_EXISTS 409 "One with this key exists already", "Gunakan kode lain.", "Use another code.";
    SAME_PERSON 409 "A second person has to do this", "Langkah ini harus dilakukan oleh orang lain.", "This step must be done by somebody else.";
    DELIVERIES_OPEN 409 "Deliveries of this referral are still open", "Catat penyaluran yang diterima, gagal, atau batalkan lebih dahulu.", "Record the deliveries as received or failed, or cancel them, first.";
    NO_SEATS 409 "No seat is left in this cycle", "Pilih program lain atau tunggu kuota.", "Choose another program or wait for a seat.";
    INSUFFICIENT_FUNDS 409 "The balance does not cover this amount", "Pilih sumber dana lain atau tambah alokasi.", "Choose another source or allot more.";
    SOURCE_CLOSED 409 "The source's year is closed", "Pilih sumber dana tahun berjalan.", "Choose a source whose year is open.";
    WRONG_FISCAL_YEAR 409 "The source belongs to another fiscal year", "Pilih sumber dana dari tahun anggaran yang tepat.", "Choose a source of the right fiscal year.";
    STILL_HELD 409 "The source still holds money for referrals", "Selesaikan rujukannya, atau sebutkan sumber tahun depan.", "End those referrals, or name next year's source.";
    CLAIM_OVERLAP 409 "Aid of this kind is already held in this period", "Lihat bantuan yang sudah diterima.", "See the aid that is already received.";
    NOT_VERIFIED 409 "The problem is not verified", "Minta orang kedua memverifikasi masalah ini.", "Have a second person verify the problem.";
    PROGRAM_NOT_OPEN 409 "The program takes no referrals now", "Pilih program yang terbit dengan siklus yang sedang berjalan.", "Choose a published program with a cycle that runs today.";
    AGREEMENT_EXPIRED 409 "The organization's registration or agreement is not in force", "Perpanjang izin atau perjanjian lembaga ini, atau pilih lembaga lain.", "Renew its registration or agreement, or choose another organization.";
    ORGANIZATION_SUSPENDED 409 "The organization takes no referrals now", "Pilih lembaga lain; lembaga ini belum terverifikasi atau ditangguhkan.", "Choose another organization: this one is not verified, or suspended.";
    RECEIVER_HAS_ACCOUNT 409 "The receiving organization answers by its own account", "Jawaban diberikan lewat akun lembaga penerima; masuk dengan akun itu.", "The receiver answers by its own account; sign in with it.";
    LINK_ENDED 409 "This link is no longer of use", "Minta tautan baru kepada petugas yang mengirim rujukan ini.", "Ask the officer who sent the referral for a new link.";
    CONTACT_NOT_OPEN 409 "Address and telephone are shown from the day on which help is scheduled", "Tetapkan dahulu hari bantuannya.", "Schedule the help first.";
    CONTACT_NOT_AGREED 409 "The agreement does not cover address and telephone", "Minta Dinas Sosial mencatat alamat dan telepon dalam perjanjian data lembaga ini.", "Ask the city to enter address and telephone in the organization's agreement.";
    TOO_EARLY 409 "The day for this has not come", "Tunggu sampai hari yang disebut pada data ini.", "Wait until the day that the record names.";
    TOO_LATE 409 "The time for this is over", "Sampaikan kepada petugas; keputusan dapat dibatalkan.", "Tell an officer; the decision can be reversed.";
    STR_EXPIRED 409 "The registration certificate (STR) has expired", "Perbarui STR pada akun pekerja sosial.", "Renew the STR on the social worker's account.";
    OPEN_CASES 409 "The account leads open cases", "Serahkan kasusnya lebih dahulu.", "Hand its cases over first.";
    INCOMPLETE 409 "Something required is still open", "Lengkapi yang disebut, lalu ulangi.", "Complete what is named, then try again.";
    ASSESSMENT_OVERDUE 409 "The emergency has waited too long for its assessment", "Lakukan asesmen, lalu lanjutkan bantuan.", "Assess first, then go on helping.";
    LIKELY_DUPLICATE 409 "Somebody like this is in the registry", "Lihat orang yang mirip; bila bukan orang yang sama, kirim lagi dengan confirm_distinct.", "Look at the people named; if it is none of them, send again with confirm_distinct.";
    IDEMPOTENCY_IN_FLIGHT 409 "A request with this key is still running", "Tunggu lalu ulangi dengan kunci yang sama.", "Wait, then repeat with the same key.";
    IMPORT_IN_PROGRESS 409 "Another import of this profile and period is being applied", "Tunggu sampai selesai.", "Wait until it has finished.";
    STALE_VERSION 412 "Somebody changed this meanwhile", "Muat ulang, bandingkan, lalu simpan lagi.", "Reload, compare, then save again.";
    PAYLOAD_TOO_LARGE 413 "The body is too large", "Kirim berkas yang lebih kecil.", "Send a smaller file.";
    UNSUPPORTED_MEDIA_TYPE 415 "The content type is not supported", "Lihat dokumen OpenAPI.", "See the OpenAPI document.";
    VALIDATION_FAILED 422 "Some values are refused", "Perbaiki isian yang disebut.", "Correct the fields named.";
    INVALID_CURSOR 422 "The cursor is not of this list", "Mulai lagi dari halaman pertama tanpa cursor.", "Start again from the first page without a cursor.";
    IDEMPOTENCY_KEY_REUSED 422 "This key was used with another request", "Gunakan kunci baru.", "Use a new key.";
    UNUSABLE_FILE 422 "The file cannot be used", "Periksa profil, pemisah kolom dan isi berkas.", "Check profile, separator and content of the file.";
    EVIDENCE_REFUSED 422 "The file is not accepted as evidence", "Kirim foto JPEG, PNG atau WebP, atau PDF tanpa skrip dan lampiran.", "Send a JPEG, PNG or WebP picture, or a PDF without scripts and attachments.";
    PRECONDITION_REQUIRED 428 "If-Match is required", "Kirim ETag yang diterima bersama data.", "Send the ETag that came with the resource.";
    TOO_MANY_REQUESTS 429 "Too many requests", "Tunggu sesuai Retry-After.", "Wait as Retry-After says.";
    INTERNAL 500 "Something went wrong on our side", "Ulangi; bila tetap gagal, sebutkan request_id kepada admin.", "Try again; if it persists, give request_id to the administrator.";
    STORAGE_FULL 503 "The storage of the service is full", "Sampaikan kepada admin; data yang sudah ada tidak berubah.", "Tell the administrator; what was there before is unchanged.";
    UNAVAILABLE 503 "The service is busy or its database cannot be reached", "Ulangi sesuai Retry-After.", "Try again as Retry-After says.";
}

/// One refused value: where it is and why. Never carries the value itself.
#[derive(Debug, Clone, Serialize, PartialEq, Eq, utoipa::ToSchema)]
pub struct FieldError {
    /// JSON pointer into the body, or the name of the parameter.
    #[schema(example = "/name")]
    pub pointer: String,
    /// Stable code of the refusal.
    #[schema(example = "required")]
    pub code: String,
    /// What is wrong, in English.
    #[schema(example = "must not be empty")]
    pub detail: String,
}

/// The error of every layer. `detail` is for the caller, `cause` for the log alone.
#[derive(Debug)]
pub struct Problem {
    /// Entry of the code table.
    pub code: &'static Code,
    /// Sentence for the caller; never an echoed value.
    pub detail: String,
    /// Refused fields, if any.
    pub errors: Vec<FieldError>,
    /// Seconds after which trying again makes sense.
    pub retry_after: Option<u32>,
    /// Methods that a 405 lists.
    pub allow: Option<String>,
    /// Further members of the answer, an object.
    pub members: Option<Box<serde_json::Value>>,
    /// Internal cause, logged and never sent.
    pub cause: Option<String>,
}

impl Problem {
    /// A problem with the code's own title as its detail.
    pub fn new(code: &'static Code) -> Self {
        Self {
            code,
            detail: code.title.to_owned(),
            errors: Vec::new(),
            retry_after: None,
            allow: None,
            members: None,
            cause: None,
        }
    }
    /// A problem with a sentence of its own.
    pub fn with(code: &'static Code, detail: impl Into<String>) -> Self {
        Self { detail: detail.into(), ..Self::new(code) }
    }
    /// Row absent or out of scope: both answer the same.
    pub fn not_found() -> Self {
        Self::new(&NOT_FOUND)
    }
    /// One refused field.
    pub fn field(pointer: impl Into<String>, code: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::new(&VALIDATION_FAILED).and(pointer, code, detail)
    }
    /// Adds a refused field.
    #[must_use]
    pub fn and(mut self, pointer: impl Into<String>, code: impl Into<String>, detail: impl Into<String>) -> Self {
        self.errors.push(FieldError { pointer: pointer.into(), code: code.into(), detail: detail.into() });
        self
    }
    /// A failure of ours; the cause goes to the log.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        Self { cause: Some(cause.to_string()), ..Self::new(&INTERNAL) }
    }
    /// No room left on a disk of ours; trying again at once is of no use.
    pub fn storage_full(cause: impl std::fmt::Display) -> Self {
        Self { retry_after: Some(60), cause: Some(cause.to_string()), ..Self::new(&STORAGE_FULL) }
    }
    /// Busy or without database; the caller should try again.
    pub fn unavailable(cause: impl std::fmt::Display) -> Self {
        Self { retry_after: Some(1), cause: Some(cause.to_string()), ..Self::new(&UNAVAILABLE) }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code.slug, self.detail)
    }
}

impl std::error::Error for Problem {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_unique_and_lower_case() {
        let mut slugs: Vec<_> = ALL.iter().map(|c| c.slug).collect();
        assert!(slugs.contains(&"stale_version"));
        assert!(slugs.iter().all(|s| s.chars().all(|c| c.is_ascii_lowercase() || c == '_')));
        slugs.sort_unstable();
        let all = slugs.len();
        slugs.dedup();
        assert_eq!(all, slugs.len());
    }
}
