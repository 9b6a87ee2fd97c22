//! Requests as somebody; every answer is held against the OpenAPI document before the test sees it.

use reqwest::blocking::{Client, RequestBuilder, multipart};
use reqwest::header::HeaderMap;
use serde_json::Value;

use super::validate::check_answer;

/// Somebody who calls the service.
#[derive(Clone)]
pub struct Caller {
    base: String,
    http: Client,
    token: Option<String>,
}

impl Caller {
    pub(super) fn new(base: &str, http: Client, token: Option<String>) -> Self {
        Self { base: base.to_owned(), http, token }
    }
    /// The access token.
    pub fn token(&self) -> &str {
        self.token.as_deref().unwrap_or_default()
    }
    /// A request to be added to. `path` begins with `/`.
    pub fn request(&self, method: &str, path: &str) -> Request {
        let method: reqwest::Method = method.parse().unwrap();
        let mut builder = self.http.request(method.clone(), format!("{}{path}", self.base));
        if let Some(token) = &self.token {
            builder = builder.bearer_auth(token);
        }
        Request { builder, method: method.to_string(), path: path.to_owned() }
    }
    /// GET.
    pub fn get(&self, path: &str) -> Answer {
        self.request("GET", path).send()
    }
    /// GET, without a look at the document.
    pub fn get_unchecked(&self, path: &str) -> Answer {
        self.request("GET", path).send_unchecked()
    }
    /// POST with a JSON body.
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.request("POST", path).json(body).send()
    }
    /// POST without a body.
    pub fn post_empty(&self, path: &str) -> Answer {
        self.request("POST", path).send()
    }
    /// POST of a transition: with the ETag the resource was read with.
    pub fn act(&self, path: &str, etag: &str, body: &Value) -> Answer {
        self.request("POST", path).header("if-match", etag).json(body).send()
    }
    /// PATCH with the ETag the resource was read with.
    pub fn patch(&self, path: &str, etag: &str, body: &Value) -> Answer {
        self.request("PATCH", path).header("if-match", etag).json(body).send()
    }
    /// DELETE.
    pub fn delete(&self, path: &str) -> Answer {
        self.request("DELETE", path).send()
    }
    /// Every row of a list, page by page.
    pub fn all(&self, path: &str) -> Vec<Value> {
        let mut rows = Vec::new();
        let mut cursor: Option<String> = None;
        loop {
            let joint = if path.contains('?') { '&' } else { '?' };
            let page = match &cursor {
                None => self.get(path),
                Some(c) => self.get(&format!("{path}{joint}cursor={c}")),
            }
            .expect(200);
            rows.extend(page["data"].as_array().unwrap().iter().cloned());
            match page["page"]["next_cursor"].as_str() {
                Some(next) => cursor = Some(next.to_owned()),
                None => return rows,
            }
        }
    }
}

/// A request being built.
pub struct Request {
    builder: RequestBuilder,
    method: String,
    path: String,
}

impl Request {
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.builder = self.builder.header(name, value);
        self
    }
    pub fn json(mut self, body: &Value) -> Self {
        self.builder = self.builder.json(body);
        self
    }
    /// A body as it is.
    pub fn body(mut self, content_type: &str, body: impl Into<reqwest::blocking::Body>) -> Self {
        self.builder = self.builder.header("content-type", content_type).body(body);
        self
    }
    pub fn form(mut self, fields: &[(&str, &str)]) -> Self {
        self.builder = self.builder.form(fields);
        self
    }
    pub fn multipart(mut self, form: multipart::Form) -> Self {
        self.builder = self.builder.multipart(form);
        self
    }
    pub fn basic(mut self, user: &str, password: &str) -> Self {
        self.builder = self.builder.basic_auth(user, Some(password));
        self
    }
    /// Sends, checks the answer against the document, gives it.
    pub fn send(self) -> Answer {
        let (method, path) = (self.method.clone(), self.path.clone());
        let answer = self.send_unchecked();
        check_answer(&method, &path, &answer);
        answer
    }
    /// Sends and gives the answer as it is: for tests that ask a thing ten thousand times.
    pub fn send_unchecked(self) -> Answer {
        let response = self.builder.send().unwrap_or_else(|e| panic!("{} {}: {e}", self.method, self.path));
        Answer {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            request: format!("{} {}", self.method, self.path),
            body: response.bytes().unwrap().to_vec(),
        }
    }
}

/// What the service answered.
#[derive(Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub body: Vec<u8>,
    request: String,
}

impl Answer {
    /// Stops the test on another status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{} answered {}: {}", self.request, self.status, self.text());
        self
    }
    /// Stops the test unless it is the problem of this code.
    #[track_caller]
    pub fn problem(self, code: &str) -> Self {
        assert_eq!(self.json()["code"], code, "{} answered {}: {}", self.request, self.status, self.text());
        self
    }
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
    /// The body as JSON; null where it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
    /// A header, or nothing.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|v| v.to_str().ok())
    }
    /// The entity tag.
    #[track_caller]
    pub fn etag(&self) -> &str {
        self.header("etag").unwrap_or_else(|| panic!("{} has no ETag", self.request))
    }
    /// The member `id`.
    #[track_caller]
    pub fn id(&self) -> String {
        self.json()["id"].as_str().unwrap_or_else(|| panic!("{} has no id: {}", self.request, self.text())).to_owned()
    }
    /// Codes of the refused fields, `pointer code`.
    pub fn refusals(&self) -> Vec<String> {
        let body = self.json();
        let errors = body["errors"].as_array().cloned().unwrap_or_default();
        errors
            .iter()
            .map(|e| format!("{} {}", e["pointer"].as_str().unwrap_or("-"), e["code"].as_str().unwrap_or("-")))
            .collect()
    }
    pub(super) fn request(&self) -> &str {
        &self.request
    }
}

impl std::ops::Index<&str> for Answer {
    type Output = Value;
    /// A member of the body. The parsed body is leaked: tests are short.
    fn index(&self, member: &str) -> &Value {
        &Box::leak(Box::new(self.json()))[member]
    }
}
