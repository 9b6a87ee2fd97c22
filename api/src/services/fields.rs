//! What a letter may say of somebody: each placeholder with its type, its name for people and a made-up value. Pure.

use chrono::NaiveDate;

/// Type of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Date,
    Number,
}

/// A value of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Text(String),
    Date(NaiveDate),
    Number(i64),
}

macro_rules! fields {
    ($($name:ident $slug:literal $kind:ident $id:literal $en:literal $sample:literal;)*) => {
        /// What a template may name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub(super) enum Field { $($name),* }
        impl Field {
            /// Every field, in the order in which people look for them.
            pub(super) const ALL: &[Self] = &[$(Self::$name),*];
            pub(super) fn parse(slug: &str) -> Option<Self> {
                match slug { $($slug => Some(Self::$name),)* _ => None }
            }
            pub(super) fn kind(self) -> Kind {
                match self { $(Self::$name => Kind::$kind,)* }
            }
            pub(super) fn slug(self) -> &'static str {
                match self { $(Self::$name => $slug,)* }
            }
            /// Its name in Indonesian and English.
            pub(super) fn name(self) -> (&'static str, &'static str) {
                match self { $(Self::$name => ($id, $en),)* }
            }
            fn example(self) -> &'static str {
                match self { $(Self::$name => $sample,)* }
            }
        }
    };
}

// Numbers of the examples end in a serial that is never given out.
fields! {
    SubjectName "subject_name" Text "Nama pemohon" "Name of the person" "Siti Aminah";
    SubjectNik "subject_nik" Text "NIK pemohon" "NIK of the person" "3273014701800000";
    SubjectSex "subject_sex" Text "Jenis kelamin" "Sex" "Perempuan";
    SubjectBirthDate "subject_birth_date" Date "Tanggal lahir" "Date of birth" "1980-01-07";
    SubjectAddress "subject_address" Text "Alamat" "Address" "Jl. Melati 3 RT 001 RW 002";
    FamilyCard "family_card" Text "Nomor KK" "Family card number" "3273010101010000";
    HeadName "head_name" Text "Nama kepala keluarga" "Name of the head of the family" "Ahmad Hidayat";
    Village "village" Text "Kelurahan" "Kelurahan" "Sukasari";
    District "district" Text "Kecamatan" "Kecamatan" "Sukasari";
    Decile "decile" Number "Desil" "Decile" "2";
    MembersCount "members_count" Number "Jumlah anggota keluarga" "Members of the family" "4";
    Purpose "purpose" Text "Keperluan" "Purpose" "Pengajuan keringanan biaya sekolah";
    Addressee "addressee" Text "Tujuan surat" "Addressee" "Kepala SDN 01";
    LetterNumber "letter_number" Text "Nomor surat" "Number of the letter" "400.9/0000/CONTOH/2026";
    LetterDate "letter_date" Date "Tanggal surat" "Date of the letter" "2026-11-23";
    Office "office" Text "Kantor penerbit" "Issuing office" "Dinas Sosial";
    SignatoryName "signatory_name" Text "Nama penanda tangan" "Name of who signs" "Nama Pejabat";
    SignatoryTitle "signatory_title" Text "Jabatan penanda tangan" "Function of who signs" "Petugas";
}

impl Field {
    /// Formats its placeholder may have besides none.
    pub(super) fn formats(self) -> &'static [&'static str] {
        match self.kind() {
            Kind::Text => &["upper"],
            Kind::Date => &["long", "short"],
            Kind::Number => &[],
        }
    }

    /// A value of nobody, to show how a letter looks.
    pub(super) fn sample(self) -> Value {
        let text = self.example();
        match self.kind() {
            Kind::Text => Value::Text(text.to_owned()),
            Kind::Date => text.parse().map_or_else(|_| Value::Text(text.to_owned()), Value::Date),
            Kind::Number => text.parse().map_or_else(|_| Value::Text(text.to_owned()), Value::Number),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_found_by_its_name_and_has_a_value_of_its_kind() {
        for field in Field::ALL {
            assert_eq!(Field::parse(field.slug()), Some(*field));
            let fits = match field.sample() {
                Value::Text(text) => field.kind() == Kind::Text && !text.is_empty(),
                Value::Date(_) => field.kind() == Kind::Date,
                Value::Number(_) => field.kind() == Kind::Number,
            };
            assert!(fits, "{}", field.slug());
        }
    }
}
