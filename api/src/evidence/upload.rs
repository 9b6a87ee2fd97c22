//! From the parts of an upload to a file that is ready to be kept.

use actix_multipart::{Field, Multipart};
use futures_util::StreamExt as _;
use tokio::io::AsyncWriteExt as _;
use tokio::sync::Semaphore;

use super::content::{self, Kept, Refusal};
use super::store::{Directory, Incoming};
use crate::config::Config;
use crate::kernel::problem::{self, Problem};
use crate::kernel::text::clean;

/// Bytes of one caption: 500 characters of four.
const MAX_CAPTION: usize = 2000;
/// Decoded one at a time: a large picture takes 160 MB while it is.
static DECODING: Semaphore = Semaphore::const_new(1);

/// A file that only waits for its row.
#[derive(Debug)]
pub(super) struct Received {
    pub file: Incoming,
    pub kept: Kept,
    /// Last part of the name it was sent under.
    pub name: String,
    pub caption: Option<String>,
}

fn too_large(config: &Config) -> Problem {
    Problem::with(&problem::PAYLOAD_TOO_LARGE, format!("a file may have {} MB", config.evidence_max_mb))
}

/// Refuses an upload by the length it announces: no byte of it needs to come.
pub(super) fn check_length(config: &Config, announced: Option<u64>) -> Result<(), Problem> {
    let most = config.evidence_max_bytes() + (64 << 10);
    if announced.is_some_and(|bytes| bytes > most) { Err(too_large(config)) } else { Ok(()) }
}

/// Streams an upload to disk, never more than the limit, and makes of it what is kept.
pub(super) async fn receive(config: &Config, mut parts: Multipart) -> Result<Received, Problem> {
    let store = Directory::of(config);
    let (mut file, mut caption) = (None, None);
    while let Some(part) = parts.next().await {
        let mut part = part.map_err(cut_off)?;
        let twice = |pointer: &str| Problem::field(pointer, "duplicate_member", "is given twice");
        match part.name().unwrap_or_default() {
            "caption" if caption.is_some() => return Err(twice("/caption")),
            "file" if file.is_some() => return Err(twice("/file")),
            "caption" => {
                let too_long = || Problem::field("/caption", "length", "is too long");
                let text = part.bytes(MAX_CAPTION).await.map_err(|_| too_long())?.map_err(cut_off)?;
                let text = clean(&String::from_utf8_lossy(&text));
                if text.chars().count() > 500 {
                    return Err(too_long());
                }
                caption = Some(text);
            }
            "file" => {
                let sent_as = part.content_disposition().and_then(|d| d.get_filename()).unwrap_or_default();
                let name = short_name(sent_as);
                let incoming = store.incoming().map_err(storage)?;
                stream(&mut part, &incoming, config).await?;
                file = Some((incoming, name));
            }
            _ => return Err(Problem::field("/", "unknown_member", "only file and caption are parts of this upload")),
        }
    }
    let (raw, name) = file.ok_or_else(|| Problem::field("/file", "required", "file is required"))?;
    let (file, kept) = make(store, raw).await?;
    Ok(Received { file, kept, name, caption: caption.filter(|c| !c.is_empty()) })
}

async fn stream(part: &mut Field, to: &Incoming, config: &Config) -> Result<(), Problem> {
    let mut file = tokio::fs::File::create(to.path()).await.map_err(storage)?;
    let mut bytes = 0_u64;
    while let Some(block) = part.next().await {
        let block = block.map_err(cut_off)?;
        bytes += block.len() as u64;
        if bytes > config.evidence_max_bytes() {
            return Err(too_large(config));
        }
        file.write_all(&block).await.map_err(storage)?;
    }
    file.flush().await.map_err(storage)
}

/// Off the threads that answer requests, one at a time. A decoder that panics has met a damaged file.
async fn make(store: Directory, raw: Incoming) -> Result<(Incoming, Kept), Problem> {
    let _turn = DECODING.acquire().await.map_err(Problem::internal)?;
    let work = move || -> Result<(Incoming, Kept), Refusal> {
        let file = store.incoming().map_err(|_| Refusal::Storage)?;
        let kept = content::keep(raw.path(), file.path())?;
        Ok((file, kept))
    };
    tokio::task::spawn_blocking(work).await.unwrap_or(Err(Refusal::Damaged)).map_err(|refusal| {
        if refusal == Refusal::Storage {
            return Problem::unavailable("an evidence file could not be stored");
        }
        let (code, detail) = refusal.describe();
        Problem::new(&problem::EVIDENCE_REFUSED).and("/file", code, detail)
    })
}

/// What follows the last slash of either kind, without control characters; for people, never for the disk.
fn short_name(sent_as: &str) -> String {
    let last = sent_as.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = clean(last).trim_matches('.').chars().take(120).collect();
    if name.is_empty() { "bukti".into() } else { name }
}

fn cut_off(error: actix_multipart::MultipartError) -> Problem {
    use actix_multipart::MultipartError as E;
    if matches!(error, E::ContentTypeMissing | E::ContentTypeParse | E::ContentTypeIncompatible) {
        return Problem::new(&problem::UNSUPPORTED_MEDIA_TYPE);
    }
    Problem::with(&problem::BAD_REQUEST, "the upload is not complete multipart/form-data")
}

pub(super) fn storage(error: std::io::Error) -> Problem {
    let cause = format!("evidence store: {}", error.kind());
    if error.kind() == std::io::ErrorKind::StorageFull {
        Problem::storage_full(cause)
    } else {
        Problem::unavailable(cause)
    }
}

#[cfg(test)]
mod tests {
    use super::short_name;

    #[test]
    fn a_name_is_no_path() {
        for (sent, kept) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\foto\\rumah.jpg", "rumah.jpg"),
            ("..", "bukti"),
            ("", "bukti"),
            ("a\u{0}\r\nb.jpg", "a b.jpg"),
            ("\u{202e}gpj.exe", "gpj.exe"),
        ] {
            assert_eq!(short_name(sent), kept, "{sent:?}");
        }
    }
}
