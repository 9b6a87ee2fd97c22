//! Regions: the city by default, the country on request, found by name and by other spellings.

use crate::harness::TestApp;

#[test]
fn the_city_is_listed_with_what_it_lies_in() {
    let app = TestApp::start();
    let caller = app.as_role("village_operator");
    let all = caller.all("/api/v1/regions?limit=100");
    let of = |level: &str| all.iter().filter(|r| r["level"] == level).count();
    assert_eq!((of("province"), of("city"), of("kecamatan"), of("kelurahan")), (1, 1, 30, 151));
    let everywhere = caller.all("/api/v1/regions?everywhere=true&level=province&limit=200");
    assert!(everywhere.len() > 30, "{} provinces", everywhere.len());
    let page = caller.get("/api/v1/regions?level=kelurahan&limit=10&include_total=true").expect(200);
    assert_eq!((&page["page"]["total"], &page["page"]["total_capped"]), (&151.into(), &false.into()));
    assert!(page.header("link").unwrap().contains("rel=\"next\""));
}

#[test]
fn a_region_is_found_below_its_parent_and_by_every_spelling() {
    let app = TestApp::start();
    let caller = app.as_role("auditor");
    let below = caller.all("/api/v1/regions?parent_code=32.73.01");
    assert_eq!(below.len(), 4);
    assert!(below.iter().all(|r| r["level"] == "kelurahan" && r["parent_code"] == "32.73.01"));
    for q in ["geger kalong", "GEGERKALONG", "Geger%20Kal"] {
        let found = caller.all(&format!("/api/v1/regions?q={}", q.replace(' ', "%20")));
        assert_eq!(found.len(), 1, "{q}");
        assert_eq!(found[0]["code"], "32.73.01.1002");
    }
    assert!(caller.all("/api/v1/regions?q=%25").is_empty(), "a per cent sign is a character");
    let one = caller.get("/api/v1/regions/32.73.01.1001").expect(200);
    assert_eq!(
        (&one["name"], &one["postal_code"], &one["in_city"]),
        (&"Sukarasa".into(), &"40152".into(), &true.into())
    );
}

#[test]
fn what_is_not_there_or_not_known_is_refused() {
    let app = TestApp::start();
    let caller = app.as_role("citizen");
    caller.get("/api/v1/regions/99.99").expect(404).problem("not_found");
    caller.get("/api/v1/regions/32%2E73%00").expect(404);
    caller.get("/api/v1/regions?level=galaxy").expect(400).problem("unknown_parameter");
    caller.get("/api/v1/regions?colour=red").expect(400).problem("unknown_parameter");
    caller.get("/api/v1/regions?limit=0").expect(400).problem("unknown_parameter");
    caller.get("/api/v1/regions?limit=201").expect(400).problem("unknown_parameter");
    caller.request("POST", "/api/v1/regions").send().expect(405);
}
