//! The index against a naive search through all entries.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::grams::grams;
use super::*;

/// A small sound rule, enough to see that it is used.
fn fold(word: &str, out: &mut String) {
    out.extend(word.chars().map(|c| if matches!(c, 'F' | 'V') { 'P' } else { c }));
}

type Entries = BTreeMap<u128, (u32, Vec<String>)>;

/// Every living entry inside the regions that shares a trigram and is alike enough; best text of each id.
fn naive(
    entries: &Entries,
    query: &str,
    allowed: &RegionSet,
    limit: usize,
    after: Option<(u16, u128)>,
) -> Vec<(u16, u128)> {
    let mut pattern = Pattern::new(query, fold);
    let (mut buffer, mut asked, mut has) = (String::new(), Vec::new(), Vec::new());
    grams(&squeeze(query), fold, &mut buffer, &mut asked);
    let mut all: Vec<(u16, u128)> = Vec::new();
    for (id, (region, texts)) in entries {
        if !allowed.contains(*region) {
            continue;
        }
        let best = texts
            .iter()
            .map(|text| squeeze(text))
            .filter(|text| {
                grams(text, fold, &mut buffer, &mut has);
                has.iter().any(|code| asked.contains(code))
            })
            .map(|text| pattern.score(&text))
            .max()
            .unwrap_or(0);
        if best >= LEAST_SCORE {
            all.push((best, *id));
        }
    }
    all.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    all.retain(|(score, id)| after.is_none_or(|(last, last_id)| *score < last || (*score == last && *id > last_id)));
    all.truncate(limit);
    all
}

fn found(
    index: &Index,
    query: &str,
    allowed: &RegionSet,
    limit: usize,
    after: Option<(u16, u128)>,
) -> Vec<(u16, u128)> {
    index.search(query, allowed, limit, after).into_iter().map(|hit| (hit.score, hit.id)).collect()
}

fn built(entries: &Entries) -> Index {
    let index = Index::new(fold);
    let mut builder = index.builder();
    for (id, (region, texts)) in entries {
        for text in texts {
            builder.push(*id, *region, text);
        }
    }
    index.replace(builder);
    index
}

fn regions(slots: &[u32]) -> RegionSet {
    slots.iter().copied().collect()
}

#[test]
fn finds_in_spite_of_typos_and_only_inside() {
    let entries: Entries = [
        (1, (0, vec!["ASEP HIDAYAT".to_owned()])),
        (2, (1, vec!["ASEP HIDAYAT".to_owned(), "UCUP".to_owned()])),
        (3, (1, vec!["PITRI NURHAYATI".to_owned()])),
    ]
    .into();
    let index = built(&entries);
    assert_eq!(index.len(), 4);
    let hits = index.search("hidayt asep", &regions(&[1]), 10, None);
    assert_eq!(hits.iter().map(|hit| hit.id).collect::<Vec<_>>(), [2]);
    assert_eq!(&*hits[0].text, "ASEP HIDAYAT");
    assert_eq!(index.search("fitri nurhayati", &regions(&[0, 1]), 10, None)[0].id, 3);
    assert_eq!(index.search("ucup", &regions(&[1]), 10, None)[0].id, 2);
    assert!(index.search("ucup", &regions(&[0]), 10, None).is_empty());
    assert_eq!(index.search_texts("ucup", &regions(&[1]), 10, Some((MAX_SCORE, 2))).len(), 1);
    assert!(index.search_texts("ucup", &regions(&[1]), 10, Some((MAX_SCORE, 3))).is_empty());
    assert!(index.search("", &regions(&[0, 1]), 10, None).is_empty());
    assert!(index.search("ucup", &RegionSet::default(), 10, None).is_empty());
}

#[test]
fn follows_changes() {
    let index = Index::new(fold);
    let everywhere = regions(&[0, 1, 2]);
    index.apply(&[Change::Put { id: 7, region: 2, texts: vec!["DADANG".into()] }]);
    assert_eq!(found(&index, "dadang", &everywhere, 5, None), [(MAX_SCORE, 7)]);
    index.apply(&[Change::Put { id: 7, region: 0, texts: vec!["TATANG".into()] }]);
    assert!(found(&index, "dadang", &regions(&[2]), 5, None).is_empty());
    assert_eq!(found(&index, "tatang", &regions(&[0]), 5, None), [(MAX_SCORE, 7)]);
    assert_eq!(index.len(), 1);
    index.apply(&[Change::Remove { id: 7 }, Change::Remove { id: 8 }]);
    assert!(index.is_empty());
    assert!(found(&index, "tatang", &everywhere, 5, None).is_empty());
}

#[test]
fn a_crowd_of_namesakes_is_read_in_pages() {
    let entries: Entries = (1..=300).map(|id| (id, ((id % 7) as u32, vec!["SITI AMINAH".to_owned()]))).collect();
    let index = built(&entries);
    let everywhere = regions(&[0, 1, 2, 3, 4, 5, 6]);
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let page = found(&index, "siti amina", &everywhere, 70, after);
        let Some(last) = page.last() else { break };
        after = Some(*last);
        all.extend(page);
    }
    assert_eq!(all.iter().map(|(_, id)| *id).collect::<Vec<_>>(), (1..=300).collect::<Vec<u128>>());
}

/// More entries than are ever compared: what lies outside must not move the floor.
#[test]
fn entries_elsewhere_do_not_move_the_floor() {
    let name = |n: u128| {
        let letter = |shift: u32| char::from(b'A' + u8::try_from(n / 26_u128.pow(shift) % 26).unwrap());
        format!("SITI A{}{}{}", letter(0), letter(1), letter(2))
    };
    let inside: Entries = (0..9_000).map(|n| (n, (0, vec![name(n)]))).collect();
    let mut both = inside.clone();
    both.extend((0..9_000).map(|n| (100_000 + n, (1, vec![name(n)]))));
    let (alone, among) = (built(&inside), built(&both));
    let allowed = regions(&[0]);
    for query in ["SITI", "SITI AABB", "SITI AXYZ", "AQQQ"] {
        let hits = alone.search(query, &allowed, 200, None);
        assert!(!hits.is_empty(), "{query}");
        assert_eq!(hits, among.search(query, &allowed, 200, None), "{query}");
    }
}

#[derive(Debug, Clone)]
enum Step {
    Put(u128, u32, Vec<String>),
    Remove(u128),
}

fn text() -> impl Strategy<Value = String> {
    proptest::collection::vec("[ABDEFINSV]{2,6}", 1..4).prop_map(|words| words.join(" "))
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..60_u128, 0..4_u32, proptest::collection::vec(text(), 1..3)).prop_map(|(id, region, texts)| Step::Put(id, region, texts)),
        1 => (0..60_u128).prop_map(Step::Remove),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Built or changed step by step, in one batch or many, the answers are those of the naive search.
    #[test]
    fn answers_are_those_of_the_naive_search(
        start in proptest::collection::btree_map(0..60_u128, (0..4_u32, proptest::collection::vec(text(), 1..3)), 0..80),
        steps in proptest::collection::vec(step(), 0..160),
        batch in 1..40_usize,
        queries in proptest::collection::vec(text(), 1..6),
        slots in proptest::collection::vec(0..4_u32, 0..4),
        limit in 1..12_usize,
    ) {
        let mut entries = start;
        let index = built(&entries);
        for chunk in steps.chunks(batch) {
            let changes: Vec<Change> = chunk.iter().map(|step| match step {
                Step::Put(id, region, texts) => {
                    entries.insert(*id, (*region, texts.clone()));
                    Change::Put { id: *id, region: *region, texts: texts.clone() }
                }
                Step::Remove(id) => {
                    entries.remove(id);
                    Change::Remove { id: *id }
                }
            }).collect();
            index.apply(&changes);
        }
        let allowed = regions(&slots);
        let fresh = built(&entries);
        let inside = built(&entries.iter().filter(|(_, (region, _))| allowed.contains(*region)).map(|(id, entry)| (*id, entry.clone())).collect());
        for query in &queries {
            let expected = naive(&entries, query, &allowed, limit, None);
            prop_assert_eq!(&found(&index, query, &allowed, limit, None), &expected);
            let hits = index.search(query, &allowed, limit, None);
            prop_assert_eq!(&hits, &fresh.search(query, &allowed, limit, None));
            prop_assert_eq!(&hits, &inside.search(query, &allowed, limit, None));
            if let Some(last) = expected.last() {
                prop_assert_eq!(
                    found(&index, query, &allowed, limit, Some(*last)),
                    naive(&entries, query, &allowed, limit, Some(*last))
                );
            }
        }
    }
}
