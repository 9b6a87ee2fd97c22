//! The service starts, tells who it is and refuses who it does not know.

use crate::harness::{TestApp, redacted};

#[test]
fn it_answers_and_refuses() {
    let app = TestApp::start();
    let nobody = app.anonymous();
    assert_eq!(nobody.get("/readyz").expect(200)["status"], "ready");
    nobody.get("/api/v1/operations").expect(401).problem("unauthenticated");
    nobody.get("/nothing").expect(404).problem("not_found");
    let page = app.as_role("coordinator").get("/api/v1/operations").expect(200);
    assert_eq!(redacted(&page.json())["data"], serde_json::json!([]));
    app.as_role("citizen").get("/api/v1/operations").expect(403).problem("forbidden");
    app.as_client("test-importer").get("/api/v1/operations").expect(200);
    app.as_client("test-nothing").get("/api/v1/operations").expect(403);
}
