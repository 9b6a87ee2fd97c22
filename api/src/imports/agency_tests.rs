//! The agencies' sample files against the right answer for every row, in the layouts and encodings they come in.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use super::coded::{CodeMaps, MapLine, Unknown};
use super::family::{Family, FamilyReader};
use super::fault::Fault;
use super::issues::{self, IssueCode, Verdict};
use super::member::{Member, MemberReader, strongest};
use super::places::{Place, Places};
use super::profile::{Profile, profile};
use super::source::Source;

type Listed = BTreeMap<u32, Vec<String>>;

fn agency(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data/agency").join(name)
}

fn places() -> Places {
    let mut reader = csv::Reader::from_reader(include_str!("../../data/regions.csv").as_bytes());
    let headers = reader.headers().unwrap().clone();
    let aliases = headers.iter().position(|h| h == "aliases").unwrap();
    let all: Vec<Place> = reader
        .records()
        .map(|r| {
            let r = r.unwrap();
            Place {
                code: r[0].into(),
                name: r[1].into(),
                aliases: r[aliases].split('|').filter(|a| !a.is_empty()).map(str::to_owned).collect(),
            }
        })
        .collect();
    Places::new(&all)
}

fn maps() -> CodeMaps {
    let mut reader = csv::Reader::from_reader(include_str!("../../data/code_maps.csv").as_bytes());
    let lines: Vec<MapLine> = reader
        .records()
        .map(|r| {
            let r = r.unwrap();
            let restricted = &r[4] == "illness" && &r[5] == "hiv" || &r[4] == "depression_frequency";
            MapLine {
                map: format!("{}/{}/{}", &r[0], &r[1], &r[2]),
                source_code: r[3].into(),
                code: r[5].into(),
                restricted,
            }
        })
        .collect();
    CodeMaps::new(&lines)
}

#[derive(Default)]
struct Outcome {
    families: Listed,
    members: Listed,
    repaired: Vec<u32>,
    restricted: usize,
    unknown: Unknown,
}

struct Person {
    row: u32,
    nik: Option<String>,
    card: Option<String>,
    key: String,
    born: Option<NaiveDate>,
    issues: Vec<&'static IssueCode>,
}

/// The rules of a whole file pair, row against row: what the set-based validation must equal.
fn run(families: &Path, members: &Path) -> Result<Outcome, Fault> {
    let (profile, places, maps): (Profile, _, _) = (profile("dtsen").unwrap().unwrap(), places(), maps());
    let mut out = Outcome::default();
    let mut cards = HashSet::new();
    let layout = profile.file("families").unwrap();
    let source = Source::open(families, &profile, layout)?;
    let reader = FamilyReader::new(&profile, layout, &source.columns, &places, &maps, None);
    let mut family = Family::default();
    source.rows(families, &mut |row| {
        reader.read(row, &mut family, &mut out.unknown);
        if strongest(&family.issues) < Verdict::Reject {
            cards.insert(family.number.unwrap().to_string());
        }
        if !family.issues.is_empty() {
            out.families.insert(row.number, family.issues.iter().map(|i| i.code.code.to_owned()).collect());
        }
        Ok(true)
    })?;
    let layout = profile.file("members").unwrap();
    let source = Source::open(members, &profile, layout)?;
    let reader =
        MemberReader::new(&profile, layout, &source.columns, &maps, NaiveDate::from_ymd_opt(2026, 11, 22).unwrap());
    let mut member = Member::default();
    let mut people = Vec::new();
    source.rows(members, &mut |row| {
        reader.read(row, &mut member, &mut out.unknown);
        out.restricted += member.coded.restricted.len();
        if member.repaired {
            out.repaired.push(row.number);
        }
        people.push(Person {
            row: row.number,
            nik: member.nik.map(|n| n.to_string()),
            card: member.number.map(|n| n.to_string()),
            key: member.name_key.clone(),
            born: member.birth_date,
            issues: member.issues.iter().map(|i| i.code).collect(),
        });
        Ok(true)
    })?;
    let mut by_nik: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, person) in people.iter().enumerate() {
        if let Some(nik) = person.nik.clone().filter(|_| !person.key.is_empty()) {
            by_nik.entry(nik).or_default().push(at);
        }
    }
    let mut shared = HashSet::new();
    for group in by_nik.values() {
        for &a in group {
            for &b in group {
                if people[a].key != people[b].key && (people[a].born.is_none() || people[a].born != people[b].born) {
                    shared.insert(a);
                }
            }
        }
    }
    for (at, person) in people.iter_mut().enumerate() {
        if person.card.as_ref().is_some_and(|card| !cards.contains(card)) {
            person.issues.push(&issues::FAMILY_NOT_FOUND);
        }
        if shared.contains(&at) {
            person.issues.push(&issues::NIK_SHARED);
            person.issues.retain(|i| !i.code.starts_with("nik_") || i.verdict > Verdict::Warn);
        }
        if !person.issues.is_empty() {
            out.members.insert(person.row, person.issues.iter().map(|i| i.code.to_owned()).collect());
        }
    }
    Ok(out)
}

fn truth() -> (Listed, Listed, Vec<u32>) {
    let truth: serde_json::Value = serde_json::from_slice(&std::fs::read(agency("truth.json")).unwrap()).unwrap();
    let mut repaired = Vec::new();
    let mut listed = |file: &str| {
        let mut out = Listed::new();
        for row in truth["rows"][file].as_array().unwrap() {
            let number = u32::try_from(row["row"].as_u64().unwrap()).unwrap();
            if row["verdict"] == "accept" {
                repaired.push(number);
            } else {
                out.entry(number).or_default().push(row["reason"].as_str().unwrap().to_owned());
                let code = issues::by_code(row["reason"].as_str().unwrap()).unwrap();
                assert_eq!(code.verdict.as_str(), row["verdict"].as_str().unwrap());
            }
        }
        out
    };
    let (families, members) = (listed("dtsen_keluarga.csv"), listed("dtsen_anggota.csv"));
    repaired.sort_unstable();
    (families, members, repaired)
}

fn assert_truth(outcome: &Outcome) {
    let (families, members, repaired) = truth();
    assert_eq!(outcome.families, families);
    assert_eq!(outcome.members, members);
    assert_eq!(outcome.repaired, repaired);
    assert_eq!(outcome.restricted, 16);
    assert!(outcome.unknown.is_empty(), "{:?}", outcome.unknown);
}

fn table(name: &str) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(agency(name)).unwrap();
    text.trim_start_matches('\u{feff}').lines().map(|l| l.split('|').map(str::to_owned).collect()).collect()
}

struct Dir(PathBuf);
impl Dir {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("satupintu-agency-{}", uuid::Uuid::now_v7()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
    fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }
}
impl Drop for Dir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn write(table: &[Vec<String>], delimiter: &str, line_end: &str, quote: bool) -> String {
    let cell =
        |c: &String| if quote || c.contains(delimiter) { format!("\"{}\"", c.replace('"', "\"\"")) } else { c.clone() };
    table.iter().map(|row| row.iter().map(cell).collect::<Vec<_>>().join(delimiter) + line_end).collect()
}

/// Columns in another order, by a fixed stride.
fn reorder(table: &mut [Vec<String>]) {
    let width = table[0].len();
    let order: Vec<usize> = (0..width).rev().map(|at| (at * 5 + 3) % width).collect();
    let order = if order.iter().collect::<HashSet<_>>().len() == width { order } else { (0..width).rev().collect() };
    for row in table {
        *row = order.iter().map(|at| row[*at].clone()).collect();
    }
}

fn rename(table: &mut [Vec<String>], names: &[(&str, &str)]) {
    for (from, to) in names {
        let at = table[0].iter().position(|h| h == from).unwrap();
        table[0][at] = (*to).to_owned();
    }
}

#[test]
fn the_given_files_get_the_right_answer_for_every_row() {
    assert_truth(&run(&agency("dtsen_keluarga.csv"), &agency("dtsen_anggota.csv")).unwrap());
}

#[test]
fn other_orders_headings_separators_and_encodings_change_no_answer() {
    for (n, (delimiter, line_end, quote, bom)) in
        [(";", "\r\n", false, true), (",", "\n", true, false), ("\t", "\r\n", true, false), ("|", "\r", false, false)]
            .into_iter()
            .enumerate()
    {
        let dir = Dir::new();
        let (mut families, mut members) = (table("dtsen_keluarga.csv"), table("dtsen_anggota.csv"));
        if n % 2 == 0 {
            reorder(&mut families);
            reorder(&mut members);
        }
        rename(
            &mut families,
            &[
                ("nomor_kartu_keluarga", " No_KK "),
                ("jenis_lantai_terluas", "ID Lantai Terluas"),
                ("sumber_air_minum_utama", "id_sumber_airminum"),
                ("status_kepemilikan_rumah", "id_status_penguasaan_bangunan"),
                ("kode_kelurahan_desa", "Kode Kemdagri"),
            ],
        );
        rename(
            &mut members,
            &[
                ("nomor_induk_kependudukan", "NIK"),
                ("nomor_kartu_keluarga", "No. KK"),
                ("status_hubungan_keluarga", "id_hub_kepala_keluarga"),
                ("status_kawin", "id_status_perkawinan"),
                ("tanggal_lahir", "Tgl Lahir"),
            ],
        );
        let mark = if bom { "\u{feff}" } else { "" };
        let f = dir.write("f.csv", format!("{mark}{}", write(&families, delimiter, line_end, quote)).as_bytes());
        let m = dir.write("m.csv", format!("{mark}{}", write(&members, delimiter, line_end, quote)).as_bytes());
        assert_truth(&run(&f, &m).unwrap());
    }
}

#[test]
fn code_page_1252_is_read_and_only_the_text_differs() {
    let dir = Dir::new();
    let mut members = table("dtsen_anggota.csv");
    members[1][3] = "RENÉE NOËL".to_owned();
    let text = write(&members, "|", "\r\n", false);
    let (bytes, _, lost) = encoding_rs::WINDOWS_1252.encode(&text);
    assert!(!lost);
    let m = dir.write("m.csv", &bytes);
    assert_truth(&run(&agency("dtsen_keluarga.csv"), &m).unwrap());
}

#[test]
fn regions_are_found_by_name_where_the_code_is_gone() {
    let dir = Dir::new();
    let mut families = table("dtsen_keluarga.csv");
    let at = families[0].iter().position(|h| h == "kode_kelurahan_desa").unwrap();
    for row in &mut families {
        row.remove(at);
    }
    let f = dir.write("f.csv", write(&families, "|", "\n", false).as_bytes());
    assert_truth(&run(&f, &agency("dtsen_anggota.csv")).unwrap());
}

#[test]
fn a_workbook_of_text_cells_gets_the_same_answer() {
    let dir = Dir::new();
    let mut paths = Vec::new();
    for name in ["dtsen_keluarga.csv", "dtsen_anggota.csv"] {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        for (r, row) in table(name).iter().enumerate() {
            for (c, cell) in row.iter().enumerate() {
                sheet.write_string(u32::try_from(r).unwrap(), u16::try_from(c).unwrap(), cell).unwrap();
            }
        }
        let path = dir.0.join(format!("{name}.xlsx"));
        book.save(&path).unwrap();
        paths.push(path);
    }
    assert_truth(&run(&paths[0], &paths[1]).unwrap());
}

#[test]
fn unusable_files_say_why() {
    let dir = Dir::new();
    let (families, members) = (agency("dtsen_keluarga.csv"), agency("dtsen_anggota.csv"));
    let fault = |f: &Path, m: &Path| run(f, m).err().unwrap();
    assert_eq!(fault(&members, &families), Fault::OtherFile("members"));
    assert_eq!(fault(&families, &families), Fault::OtherFile("families"));
    assert_eq!(fault(&dir.write("empty.csv", b""), &members), Fault::Empty);
    assert_eq!(fault(&dir.write("header.csv", b"no_kk;kode_kelurahan;desil\n"), &members), Fault::NoRows);
    assert!(matches!(
        fault(&dir.write("text.csv", b"Laporan bulan Oktober\nyang panjang sekali\n"), &members),
        Fault::HeaderMissing(_)
    ));
    assert!(matches!(
        fault(&dir.write("other.csv", b"no_kk:kode_kelurahan:desil\n1:2:3\n"), &members),
        Fault::HeaderMissing(_)
    ));
    let whole = std::fs::read(&members).unwrap();
    assert!(matches!(fault(&families, &dir.write("cut.csv", &whole[..whole.len() / 2])), Fault::Truncated(_)));
    let wide: Vec<u8> = String::from_utf8(whole).unwrap().encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(fault(&families, &dir.write("wide.csv", &wide)), Fault::WideEncoding);
}
