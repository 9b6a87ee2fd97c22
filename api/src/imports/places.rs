//! Regions of the city by code, and by name inside their kecamatan.

use std::collections::HashMap;

use crate::kernel::cells::place_key;

/// Kelurahan by code and by name.
#[derive(Debug, Default)]
pub struct Places {
    /// Dotted code by undotted code.
    by_code: HashMap<String, String>,
    /// Kecamatan code by name key.
    districts: HashMap<String, String>,
    /// Name keys of the city, and its code.
    city: (Vec<String>, String),
    /// Kelurahan code by (kecamatan code, name key).
    by_name: HashMap<(String, String), String>,
}

/// One region as it is in the reference table.
#[derive(Debug, Clone)]
pub struct Place {
    /// Dotted code.
    pub code: String,
    /// Official name.
    pub name: String,
    /// Other names.
    pub aliases: Vec<String>,
}

impl Places {
    /// Index over the kecamatan and kelurahan of the city; other levels are ignored.
    #[must_use]
    pub fn new(places: &[Place]) -> Self {
        let mut index = Self::default();
        for place in places {
            let names = || std::iter::once(&place.name).chain(&place.aliases).map(|name| place_key(name));
            match place.code.matches('.').count() {
                1 => {
                    index.city.0.extend(names());
                    index.city.1.clone_from(&place.code);
                }
                2 => {
                    for name in names() {
                        index.districts.entry(name).or_insert_with(|| place.code.clone());
                    }
                }
                3 => {
                    let district = place.code.rsplit_once('.').map(|(head, _)| head.to_owned()).unwrap_or_default();
                    index.by_code.insert(place.code.replace('.', ""), place.code.clone());
                    for name in names() {
                        index.by_name.entry((district.clone(), name)).or_insert_with(|| place.code.clone());
                    }
                }
                _ => {}
            }
        }
        index
    }

    /// Code of the city.
    #[must_use]
    pub fn city_code(&self) -> &str {
        &self.city.1
    }

    /// Whether a cell means the whole city.
    #[must_use]
    pub fn is_city(&self, raw: &str) -> bool {
        let key = place_key(raw);
        let bare =
            |name: &str| ["KOTA", "KABUPATEN"].iter().find_map(|p| name.strip_prefix(p)).unwrap_or(name).to_owned();
        key == "SELURUHKOTA" || self.city.0.iter().any(|name| *name == key || bare(name) == bare(&key))
    }

    /// Kecamatan by its name.
    #[must_use]
    pub fn district(&self, name: &str) -> Option<&str> {
        self.named(&place_key(name), &["KECAMATAN", "KEC"], |k| self.districts.get(k)).map(String::as_str)
    }

    /// Kelurahan of a code, dotted or not, with what spreadsheets add to it.
    #[must_use]
    pub fn by_code(&self, raw: &str) -> Option<&str> {
        let text = raw.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\'' | '’' | '"' | '='));
        if let Some(code) = self.by_code.get(text) {
            return Some(code);
        }
        let digits: String = text
            .strip_suffix(".0")
            .filter(|head| !head.contains('.'))
            .unwrap_or(text)
            .chars()
            .filter(|c| *c != '.' && *c != ' ')
            .collect();
        self.by_code.get(&digits).map(String::as_str)
    }

    /// Kelurahan by its name inside a kecamatan, which is given by name or by code.
    #[must_use]
    pub fn by_name(&self, district_name: &str, district_code: &str, name: &str) -> Option<&str> {
        let code = district_code.chars().filter(char::is_ascii_digit).collect::<String>();
        let by_code = || match code.as_bytes() {
            [a, b, c, d, e, f] => {
                let dotted = format!(
                    "{}{}.{}{}.{}{}",
                    char::from(*a),
                    char::from(*b),
                    char::from(*c),
                    char::from(*d),
                    char::from(*e),
                    char::from(*f)
                );
                self.districts.values().find(|known| **known == dotted)
            }
            _ => None,
        };
        let key = place_key(district_name);
        let district = self.named(&key, &["KECAMATAN", "KEC"], |k| self.districts.get(k)).or_else(by_code)?;
        let key = place_key(name);
        self.named(&key, &["KELURAHAN", "KEL", "DESA"], |k| self.by_name.get(&(district.clone(), k.to_owned())))
            .map(String::as_str)
    }

    fn named<'a>(
        &'a self,
        key: &str,
        prefixes: &[&str],
        get: impl Fn(&str) -> Option<&'a String>,
    ) -> Option<&'a String> {
        get(key).or_else(|| prefixes.iter().find_map(|prefix| key.strip_prefix(prefix)).and_then(&get))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places() -> Places {
        let place = |code: &str, name: &str, aliases: &[&str]| Place {
            code: code.into(),
            name: name.into(),
            aliases: aliases.iter().map(|a| (*a).to_owned()).collect(),
        };
        Places::new(&[
            place("32.73", "Kota Bandung", &[]),
            place("32.73.12", "Batununggal", &[]),
            place("32.73.12.1001", "Gumuruh", &[]),
            place("32.73.21", "Bandung Kidul", &[]),
            place("32.73.21.1001", "Batununggal", &[]),
            place("32.73.01", "Sukasari", &[]),
            place("32.73.01.1002", "Gegerkalong", &["Geger Kalong"]),
            place("32.73.23", "Rancasari", &[]),
            place("32.73.23.1004", "Mekar Jaya", &["Mekarmulya"]),
            place("32.73.28", "Panyileukan", &[]),
            place("32.73.28.1004", "Mekar Mulya", &[]),
        ])
    }

    #[test]
    fn finds_by_code_however_it_is_written() {
        let places = places();
        for raw in ["32.73.01.1002", "3273011002", " '3273011002", "3273011002.0", "32 73 01 1002"] {
            assert_eq!(places.by_code(raw), Some("32.73.01.1002"), "{raw}");
        }
        for raw in ["3299990001", "", "327301", "32.73.01"] {
            assert_eq!(places.by_code(raw), None, "{raw}");
        }
    }

    #[test]
    fn the_city_and_its_kecamatan_are_told_from_others() {
        let places = places();
        assert!(places.is_city("Kota Bandung") && places.is_city("BANDUNG") && places.is_city("seluruh kota"));
        assert!(!places.is_city("Kota Cimahi") && !places.is_city("Kab. Bandung") && !places.is_city(""));
        assert_eq!(places.district("Kec. Bandung Kidul"), Some("32.73.21"));
        assert_eq!(places.district("Kec. Cimahi Selatan"), None);
        assert_eq!(places.city_code(), "32.73");
    }

    #[test]
    fn finds_by_name_only_inside_the_kecamatan() {
        let places = places();
        assert_eq!(places.by_name("BANDUNG KIDUL", "", "batununggal"), Some("32.73.21.1001"));
        assert_eq!(places.by_name("Kec. Batununggal", "", "Batununggal"), None);
        assert_eq!(places.by_name("", "32.73.01", "Kel. Geger Kalong"), Some("32.73.01.1002"));
        assert_eq!(places.by_name("RANCASARI", "", "MEKARMULYA"), Some("32.73.23.1004"));
        assert_eq!(places.by_name("PANYILEUKAN", "", "MEKARMULYA"), Some("32.73.28.1004"));
        assert_eq!(places.by_name("", "", "Gumuruh"), None);
    }
}
