//! Addresses as they are looked up: abbreviations brought to one form, house numbers bare, RT and RW as words.

/// `Jln. Moch.Toha No 012, RT 03/RW 005` → `JL MOCH TOHA 12 RT3 RW5`. `rt` and `rw` are those kept apart from the
/// street, if any; what the street itself says of them comes first.
pub fn normalize(street: &str, rt: Option<&str>, rw: Option<&str>) -> String {
    let mut words: Vec<String> = Vec::new();
    let (mut own_rt, mut own_rw) = (None, None);
    let tokens = tokens(street);
    let mut at = 0;
    while at < tokens.len() {
        let token = tokens[at].as_str();
        let next = tokens.get(at + 1).map(String::as_str).filter(|next| is_number(next));
        match (token, next) {
            ("RT", Some(number)) => {
                own_rt = Some(bare(number));
                at += 1;
                // "RT 03/05": the second number is the RW.
                if let Some(second) = tokens.get(at + 1).filter(|second| is_number(second)) {
                    own_rw = Some(bare(second));
                    at += 1;
                }
            }
            ("RW", Some(number)) => {
                own_rw = Some(bare(number));
                at += 1;
            }
            ("NO" | "NOMOR" | "NOMER" | "NMR" | "NR", Some(_)) => {}
            _ if is_number(token) => words.push(bare(token)),
            _ => words.push(short(token).to_owned()),
        }
        at += 1;
    }
    for (label, own, apart) in [("RT", own_rt, rt), ("RW", own_rw, rw)] {
        let number = own.or_else(|| apart.map(str::trim).filter(|text| is_number(text)).map(bare));
        if let Some(number) = number {
            words.push(format!("{label}{number}"));
        }
    }
    words.join(" ")
}

/// Whether somebody who types this looks for an address rather than a name: a number in it, or a word for a street.
pub fn is_address(text: &str) -> bool {
    let tokens = tokens(text);
    tokens.iter().any(|token| is_number(token))
        || tokens
            .iter()
            .any(|token| matches!(short(token), "JL" | "GG" | "KP" | "KOMP" | "PERUM" | "BLOK" | "DUSUN" | "RT" | "RW"))
}

fn is_number(token: &str) -> bool {
    !token.is_empty() && token.bytes().all(|b| b.is_ascii_digit())
}

fn bare(number: &str) -> String {
    let bare = number.trim_start_matches('0');
    if bare.is_empty() { "0".to_owned() } else { bare.to_owned() }
}

/// Capital words and numbers; a word and a number written together are two.
fn tokens(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut last = ' ';
    for c in text.chars() {
        let c = c.to_ascii_uppercase();
        if !c.is_ascii_alphanumeric() {
            // An apostrophe joins.
            if c != '\'' {
                last = ' ';
            }
            continue;
        }
        match out.last_mut() {
            Some(word) if last != ' ' && last.is_ascii_digit() == c.is_ascii_digit() => word.push(c),
            _ => out.push(c.to_string()),
        }
        last = c;
    }
    out
}

/// The form a word of an address is kept in.
fn short(word: &str) -> &str {
    match word {
        "JALAN" | "JLN" | "JLAN" | "JAL" => "JL",
        "GANG" | "GNG" => "GG",
        "KAMPUNG" | "KAMPONG" | "KMP" | "KPG" => "KP",
        "KOMPLEK" | "KOMPLEKS" | "KOMPL" | "KOMPLK" => "KOMP",
        "PERUMAHAN" | "PRM" | "PRUM" => "PERUM",
        "BLK" | "BLOCK" => "BLOK",
        "DSN" => "DUSUN",
        "TERUS" | "TRS" | "TRSN" | "TER" => "TERUSAN",
        "DLM" => "DALAM",
        "UTR" => "UTARA",
        "SEL" | "SLT" => "SELATAN",
        "BRT" => "BARAT",
        "TMR" | "TIM" => "TIMUR",
        "H" | "HJ" => "HAJI",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_form_for_what_is_written_in_many() {
        for written in [
            "Jln. Moch.Toha No 012, RT 03/RW 005",
            "JALAN MOCH TOHA NO.12 RT03 RW05",
            "jl moch toha 12 rt 3/5",
            "Jl. Moch. Toha No. 12 RT.003 RW.005",
        ] {
            assert_eq!(normalize(written, None, None), "JL MOCH TOHA 12 RT3 RW5", "{written}");
        }
        assert_eq!(normalize("Gang H. Sobari Dlm", Some("004"), Some(" 1")), "GG HAJI SOBARI DALAM RT4 RW1");
        assert_eq!(normalize("Gg. Mukalmi II/2", Some("-"), None), "GG MUKALMI II 2");
        assert_eq!(normalize("Kp. Ciroyom RT 1", Some("9"), Some("2")), "KP CIROYOM RT1 RW2");
        assert_eq!(normalize("", None, None), "");
    }

    #[test]
    fn tells_an_address_from_a_name() {
        for text in ["Jl Merdeka", "merdeka 12", "RT 3 RW 5", "gang sobari", "Blok C"] {
            assert!(is_address(text), "{text}");
        }
        for text in ["Asep Hidayat", "Siti", "H. Sobari", "Nomor"] {
            assert!(!is_address(text), "{text}");
        }
    }
}
