//! `/verify`: is this certificate genuine? The answer is in the bytes; only whether it was superseded is asked of us.

mod page;

use crate::Failure;
use crate::Portal;
use crate::caller::{Dress, Visitor};
use crate::page::{Form, Shell};
use crate::words::Words;
use axum::extract::multipart::{Field, MultipartError, MultipartRejection};
use axum::extract::{Multipart, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use credential::{Certificate, VerifyError};
use maud::Markup;
use vault::Standing;

/// The largest file that is taken: a certificate of ours has less than a tenth of it.
const MAX_BYTES: usize = 2 << 20;

/// What a person handed over, and what came of it.
pub(super) enum Verdict {
    /// Signed with our key; worth this much today.
    Genuine(Box<Certificate>, Standing),
    /// Not a certificate to rely on.
    Refused(VerifyError),
}

/// `GET /verify`
pub(super) async fn ask(w: Words, State(portal): State<Portal>, Visitor(who): Visitor) -> Markup {
    let form = Form::empty();
    who.dress(&portal, Shell::new(w, w.t("verify-title"), "/verify")).page(page::ask(w, &form))
}

/// `POST /verify`: text, or a file. It is looked at and not kept.
pub(super) async fn check(
    w: Words,
    State(portal): State<Portal>,
    Visitor(who): Visitor,
    parts: Result<Multipart, MultipartRejection>,
) -> Result<Markup, Failure> {
    let mut form = Form::empty();
    let handed = read(w, parts, &mut form).await;
    if !form.is_fine() {
        let shell = Shell::new(w, w.t("verify-title"), "/verify").form(&form);
        return Ok(who.dress(&portal, shell).page(page::ask(w, &form)));
    }
    let verdict = judge(&portal, handed).await?;
    let shell = Shell::new(w, w.t("verify-result"), "/verify").back("/verify").question();
    Ok(who.dress(&portal, shell).page(page::verdict(w, &verdict)))
}

async fn judge(portal: &Portal, handed: Vec<u8>) -> Result<Verdict, Failure> {
    let keys = [portal.vault().issuer_key().clone()];
    // A picture takes a good part of a second to read.
    let read = tokio::task::spawn_blocking(move || credential::verify(&handed, &keys)).await;
    Ok(match read.unwrap_or(Err(VerifyError::NotReadable)) {
        Ok(certificate) => {
            let standing = portal.vault().standing(certificate.id, certificate.version).await?;
            Verdict::Genuine(Box::new(certificate), standing)
        }
        Err(error) => Verdict::Refused(error),
    })
}

/// The file if there is one, else the text; what is wrong is noted in the form.
async fn read(w: Words, parts: Result<Multipart, MultipartRejection>, form: &mut Form) -> Vec<u8> {
    let (text, file) = match parts {
        Ok(parts) => collect(parts).await.unwrap_or_else(|problem| {
            form.problem("file", w.t(problem));
            Default::default()
        }),
        Err(_) => Default::default(),
    };
    let handed = if file.is_empty() { text.trim_ascii().to_vec() } else { file };
    if handed.is_empty() && form.is_fine() {
        form.problem("text", w.t("verify-nothing"));
    }
    handed
}

/// The text and the file of an upload, or the key of what is wrong with it.
async fn collect(mut parts: Multipart) -> Result<(Vec<u8>, Vec<u8>), &'static str> {
    let broken = |error: MultipartError| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => "verify-too-large",
        _ => "verify-broken",
    };
    let (mut text, mut file) = (Vec::new(), Vec::new());
    let mut fits = true;
    while let Some(part) = parts.next_field().await.map_err(broken)? {
        let name = part.name().unwrap_or_default().to_owned();
        let body = whole(part).await.map_err(broken)?;
        fits &= body.is_some();
        match name.as_str() {
            "text" => text = body.unwrap_or_default(),
            "file" => file = body.unwrap_or_default(),
            _ => {}
        }
    }
    if fits { Ok((text, file)) } else { Err("verify-too-large") }
}

/// The bytes of a part, or `None` when there are too many. The rest is read and dropped, because a browser shows an
/// answer only after it has sent everything; the body's own limit ends that.
async fn whole(mut part: Field<'_>) -> Result<Option<Vec<u8>>, MultipartError> {
    let mut bytes = Vec::new();
    let mut fits = true;
    while let Some(chunk) = part.chunk().await? {
        fits &= bytes.len() + chunk.len() <= MAX_BYTES;
        if fits {
            bytes.extend_from_slice(&chunk);
        }
    }
    Ok(fits.then_some(bytes))
}

/// `GET /verify/key`: the public key, as `teeka verify` takes it.
pub(super) async fn key(State(portal): State<Portal>) -> impl IntoResponse {
    let kind = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    (kind, format!("{}\n", portal.vault().issuer_key()))
}
