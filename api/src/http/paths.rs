//! From a request's path to its pattern, segment by segment.
//!
//! Actix can tell the pattern too, but tries every resource's regular expression in turn, and it is asked at the start
//! of the span, by the guard, by the parameter check and for the metrics. Here it is a few hash lookups, once.

use std::collections::HashMap;

/// Patterns as a tree of segments; `T` is what is known of each.
#[derive(Debug)]
pub struct Paths<T> {
    root: Node<T>,
}

#[derive(Debug)]
struct Node<T> {
    literal: HashMap<String, Node<T>>,
    /// `{name}`: any one segment that is not empty.
    any: Option<Box<Node<T>>>,
    here: Option<T>,
}

impl<T> Default for Node<T> {
    fn default() -> Self {
        Self { literal: HashMap::new(), any: None, here: None }
    }
}

impl<T> Default for Paths<T> {
    fn default() -> Self {
        Self { root: Node::default() }
    }
}

impl<T> Paths<T> {
    /// Adds a pattern such as `/api/v1/households/{id}`.
    pub fn insert(&mut self, pattern: &str, value: T) {
        let mut node = &mut self.root;
        for segment in segments(pattern) {
            node = if segment.starts_with('{') {
                node.any.get_or_insert_with(Box::default)
            } else {
                node.literal.entry(segment.to_owned()).or_default()
            };
        }
        node.here = Some(value);
    }

    /// What is known of the pattern a path follows; a literal segment goes before a parameter.
    pub fn find(&self, path: &str) -> Option<&T> {
        self.root.find(path.strip_prefix('/')?)
    }
}

impl<T> Node<T> {
    fn find(&self, rest: &str) -> Option<&T> {
        let (segment, rest) = match rest.split_once('/') {
            Some((segment, rest)) => (segment, Some(rest)),
            None => (rest, None),
        };
        let literal = self.literal.get(segment);
        let any = self.any.as_deref().filter(|_| !segment.is_empty());
        literal.into_iter().chain(any).find_map(|node| match rest {
            Some(rest) => node.find(rest),
            None => node.here.as_ref(),
        })
    }
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.strip_prefix('/').unwrap_or(path).split('/')
}

#[cfg(test)]
mod tests {
    use super::Paths;

    #[test]
    fn literals_go_before_parameters_and_a_dead_end_goes_back() {
        let mut paths = Paths::default();
        for pattern in ["/a/{id}", "/a/search", "/a/search/now", "/a/{id}/later", "/", "/.well-known/x.json"] {
            paths.insert(pattern, pattern);
        }
        let found = |path| paths.find(path).copied();
        assert_eq!(found("/a/7"), Some("/a/{id}"));
        assert_eq!(found("/a/search"), Some("/a/search"));
        assert_eq!(found("/a/search/now"), Some("/a/search/now"));
        assert_eq!(found("/a/search/later"), Some("/a/{id}/later"));
        assert_eq!(found("/.well-known/x.json"), Some("/.well-known/x.json"));
        assert_eq!(found("/"), Some("/"));
        for path in ["", "a/7", "/a", "/a/", "/a//later", "/a/7/", "/a/7/later/", "//a/7", "/b"] {
            assert_eq!(found(path), None, "{path}");
        }
    }
}
