//! The city as the agencies' DTSEN files: families and members, written as they are made.

use std::collections::HashMap;
use std::io::Write;
use std::path::Path;

use super::city::{City, Household, Person, Plan};
use super::family::Kind;
use crate::reference::code_maps;

/// Families and members written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// Rows of `dtsen_keluarga.csv`.
    pub families: usize,
    /// Rows of `dtsen_anggota.csv`.
    pub members: usize,
}

const FAMILY: &str = "kode_kelurahan_desa|nama_kecamatan|nama_kelurahan_desa|alamat|rt|rw|nomor_kartu_keluarga|nama_kepala_keluarga|jumlah_anggota_keluarga|desil_nasional|status_kepemilikan_rumah|jenis_lantai_terluas|luas_lantai|jenis_dinding_terluas|jenis_atap_terluas|sumber_air_minum_utama|sumber_penerangan_utama|daya_terpasang|bahan_bakar_utama_memasak|fasilitas_bab";
const MEMBER: &str = "nomor_induk_kependudukan|nomor_kartu_keluarga|nama|nama_ibu_kandung|tanggal_lahir|jenis_kelamin|status_hubungan_keluarga|status_kawin|partisipasi_sekolah|status_bekerja|kondisi_gizi|penyakit_kronis|berjalan_atau_naik_tangga|pbi_nas";

/// From our codes back to the numbers of the layout.
struct Numbers(HashMap<(String, String), String>);

impl Numbers {
    fn load() -> Result<Self, crate::reference::FileError> {
        let mut numbers = HashMap::new();
        for map in code_maps()?.into_iter().filter(|m| m.source == "dtsen") {
            // Where several numbers mean one code, the first is the plain one; the others are merged codes.
            numbers.entry((map.variable, map.code)).or_insert(map.source_code);
        }
        Ok(Self(numbers))
    }
    fn of(&self, variable: &str, code: Option<&str>) -> &str {
        let own = code.and_then(|code| self.0.get(&(variable.to_owned(), code.to_owned())));
        // Blocks shared by several families are `umum` in this layout.
        let merged = || {
            code.filter(|c| matches!(*c, "communal" | "public"))
                .and_then(|_| self.0.get(&(variable.to_owned(), "public_any".to_owned())))
        };
        own.or_else(merged).map_or("", String::as_str)
    }
}

/// Writes `dtsen_keluarga.csv` and `dtsen_anggota.csv` into `dir`. Memory does not grow with the city.
pub fn write(plan: Plan, dir: &Path) -> Result<Written, String> {
    let text = |e: std::io::Error| format!("cannot write to {}: {e}", dir.display());
    std::fs::create_dir_all(dir).map_err(text)?;
    let open =
        |name: &str| std::fs::File::create(dir.join(name)).map(|f| std::io::BufWriter::with_capacity(1 << 20, f));
    let (mut families, mut members) =
        (open("dtsen_keluarga.csv").map_err(text)?, open("dtsen_anggota.csv").map_err(text)?);
    let numbers = Numbers::load().map_err(|e| e.to_string())?;
    let mut city = City::new(plan).map_err(|e| e.to_string())?;
    // As the agencies' own files are: a byte-order mark on the families, none on the members.
    writeln!(families, "\u{feff}{FAMILY}").and_then(|()| writeln!(members, "{MEMBER}")).map_err(text)?;
    let mut written = Written { families: 0, members: 0 };
    while let Some(household) = city.next() {
        let Some(card) = household.card.as_deref().filter(|_| household.kind == Kind::Family) else { continue };
        family(&mut families, &numbers, &city, &household, card).map_err(text)?;
        written.families += 1;
        for person in household.members.iter().filter(|p| !p.unlisted) {
            member(&mut members, &numbers, person, card).map_err(text)?;
            written.members += 1;
        }
    }
    families.flush().and_then(|()| members.flush()).map_err(text)?;
    Ok(written)
}

fn family(
    out: &mut impl Write,
    numbers: &Numbers,
    city: &City,
    household: &Household,
    card: &str,
) -> std::io::Result<()> {
    let Some(place) = city.places().all().get(household.place) else { return Ok(()) };
    let (rt, rw) =
        household.neighbourhood.map_or_else(Default::default, |(rt, rw)| (format!("{rt:03}"), format!("{rw:03}")));
    let house = |variable: &str, column: &str| numbers.of(column, household.house.code(variable));
    writeln!(
        out,
        "{}|{}|{}|{}|{rt}|{rw}|{card}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}",
        place.code.replace('.', ""),
        place.district_name.to_uppercase(),
        place.name.to_uppercase(),
        household.street.as_deref().unwrap_or(""),
        household.head().map_or_else(String::new, |h| h.name.to_uppercase()),
        household.declared,
        household.decile.map_or_else(String::new, |d| d.to_string()),
        house("house_status", "status_kepemilikan_rumah"),
        house("floor", "jenis_lantai_terluas"),
        household.house.floor_area,
        house("wall", "jenis_dinding_terluas"),
        house("roof", "jenis_atap_terluas"),
        house("water", "sumber_air_minum_utama"),
        house("lighting", "sumber_penerangan_utama"),
        house("power", "daya_terpasang"),
        house("cooking", "bahan_bakar_utama_memasak"),
        house("toilet", "fasilitas_bab"),
    )
}

fn member(out: &mut impl Write, numbers: &Numbers, person: &Person, card: &str) -> std::io::Result<()> {
    let fact = |variable: &str, column: &str| numbers.of(column, person.facts.code(variable));
    let secret = person.facts.restricted.iter().find(|(variable, _)| *variable == "illness").map(|(_, code)| *code);
    writeln!(
        out,
        "{}|{card}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}",
        person.nik.as_deref().unwrap_or(""),
        person.name.to_uppercase(),
        person.mother.as_deref().unwrap_or("").to_uppercase(),
        person.birth.map_or_else(String::new, |d| d.to_string()),
        numbers.of("jenis_kelamin", Some(person.sex.code())),
        numbers.of("status_hubungan_keluarga", Some(person.relation)),
        numbers.of("status_kawin", Some(person.marital)),
        fact("school_participation", "partisipasi_sekolah"),
        numbers.of("status_bekerja", Some(person.facts.code("working").unwrap_or("no"))),
        numbers.of("kondisi_gizi", Some(person.facts.code("nutrition").unwrap_or("no_record"))),
        numbers.of("penyakit_kronis", Some(secret.or(person.facts.code("illness")).unwrap_or("none"))),
        fact("walking", "berjalan_atau_naik_tangga"),
        fact("pbi_national", "pbi_nas"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_read_back_in_their_own_layout() {
        let dir = std::env::temp_dir().join(format!("satupintu-files-{}", std::process::id()));
        let plan = Plan { seed: 7, households: 500, today: chrono::NaiveDate::from_ymd_opt(2026, 11, 22).unwrap() };
        let written = write(plan, &dir).unwrap();
        let families = std::fs::read_to_string(dir.join("dtsen_keluarga.csv")).unwrap();
        let members = std::fs::read_to_string(dir.join("dtsen_anggota.csv")).unwrap();
        std::fs::remove_dir_all(&dir).unwrap();
        assert!(
            families.starts_with('\u{feff}')
                && families.lines().count() == written.families + 1
                && written.families > 480
        );
        assert!(members.lines().count() == written.members + 1);
        for (text, columns) in [(&families, 20), (&members, 14)] {
            for line in text.lines() {
                assert_eq!(line.split('|').count(), columns, "{line}");
            }
        }
        // Every coded column of the families is filled but where the law of the form leaves it empty (power without a meter).
        for line in families.lines().skip(1) {
            let cells: Vec<&str> = line.split('|').collect();
            assert!([10, 11, 12, 13, 14, 15, 16, 18, 19].iter().all(|at| !cells[*at].is_empty()), "{line}");
        }
        for line in members.lines().skip(1) {
            let cells: Vec<&str> = line.split('|').collect();
            assert!((5..14).all(|at| !cells[at].is_empty()), "{line}");
        }
    }
}
