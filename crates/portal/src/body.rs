//! Bodies as existing clients send them: JSON with any or no content type, empty bodies, numbers as text.

use crate::Failure;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, Error};

/// A JSON body, whatever its content type says. An empty body is an empty object. Unknown keys are ignored.
pub(crate) struct Json<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let bytes = Bytes::from_request(request, state).await.map_err(|_| Failure::too_large())?;
        let text: &[u8] = if bytes.trim_ascii().is_empty() { b"{}" } else { &bytes };
        serde_json::from_slice(text).map(Self).map_err(|_| Failure::input("The body is not the JSON expected here"))
    }
}

/// Text that may come as a JSON string or number.
#[derive(Debug, Clone, Default)]
pub(crate) struct Text(pub(crate) String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match serde_json::Value::deserialize(deserializer)? {
            serde_json::Value::String(text) => Ok(Self(text)),
            serde_json::Value::Number(number) => Ok(Self(number.to_string())),
            serde_json::Value::Null => Ok(Self::default()),
            _ => Err(D::Error::custom("expected text or a number")),
        }
    }
}
