//! A client on the wire: HTTP/1.1 over one connection that stays open, and what a citizen does with it.

use data_encoding::HEXLOWER;
use hyper::body::{Body, Bytes, Incoming};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Method, Request, StatusCode, header};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::time::Duration;
use tokio::net::TcpStream;

/// How long an answer may take before it counts as none.
const PATIENCE: Duration = Duration::from_secs(30);

/// An open connection.
pub struct Connection {
    sender: SendRequest<String>,
    host: String,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as JSON; `null` if it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The body, if the status is 200 or 204.
    ///
    /// # Errors
    /// [`io::ErrorKind::InvalidData`] otherwise.
    pub fn good(self) -> io::Result<Self> {
        match self.status {
            StatusCode::OK | StatusCode::NO_CONTENT => Ok(self),
            other => {
                let said = String::from_utf8_lossy(&self.body);
                Err(io::Error::new(io::ErrorKind::InvalidData, format!("answered {other}: {said}")))
            }
        }
    }
}

impl Connection {
    /// Connects.
    ///
    /// # Errors
    /// When nobody listens.
    pub async fn open(address: SocketAddr) -> io::Result<Self> {
        let socket = TcpStream::connect(address).await?;
        socket.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(socket)).await.map_err(io::Error::other)?;
        tokio::spawn(connection);
        Ok(Self { sender, host: address.to_string() })
    }

    /// Sends one request and reads its answer to the end.
    ///
    /// # Errors
    /// When the connection breaks before the answer is whole, or nothing comes for half a minute.
    pub async fn ask(
        &mut self,
        method: Method,
        path: &str,
        token: Option<&str>,
        body: Option<&Value>,
    ) -> io::Result<Answer> {
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, &self.host);
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let request = request.body(body.map(Value::to_string).unwrap_or_default()).map_err(io::Error::other)?;
        let answer = async {
            self.sender.ready().await.map_err(io::Error::other)?;
            let response = self.sender.send_request(request).await.map_err(io::Error::other)?;
            let status = response.status();
            Ok(Answer { status, body: whole(response.into_body()).await? })
        };
        tokio::time::timeout(PATIENCE, answer).await?
    }

    /// Asks for a page or a file.
    ///
    /// # Errors
    /// As [`Connection::ask`].
    pub async fn get(&mut self, path: &str, token: Option<&str>) -> io::Result<Answer> {
        self.ask(Method::GET, path, token, None).await
    }

    /// Sends JSON.
    ///
    /// # Errors
    /// As [`Connection::ask`].
    pub async fn post(&mut self, path: &str, token: Option<&str>, body: &Value) -> io::Result<Answer> {
        self.ask(Method::POST, path, token, Some(body)).await
    }
}

async fn whole(mut body: Incoming) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let data: Option<Bytes> = frame.map_err(io::Error::other)?.into_data().ok();
        bytes.extend_from_slice(&data.unwrap_or_default());
    }
    Ok(bytes)
}

/// A citizen with a phone of her own, signed in, with one registered member.
pub struct Citizen {
    /// Her token.
    pub token: String,
    /// The reference of her first member.
    pub reference: String,
}

/// Signs in at a demonstration: the code is read from its inbox.
///
/// # Errors
/// When an answer is not what the contract says.
pub async fn sign_in(connection: &mut Connection, phone: &str) -> io::Result<String> {
    let sent =
        connection.post("/api/v2/auth/generateMobileOTP", None, &json!({ "mobile": phone })).await?.good()?.json();
    let code = read_code(connection, phone).await?;
    let hashed = HEXLOWER.encode(&Sha256::digest(code));
    let proof = json!({ "otp": hashed, "txnId": sent["txnId"] });
    let opened = connection.post("/api/v2/auth/validateMobileOtp", None, &proof).await?.good()?.json();
    opened["token"].as_str().map(str::to_owned).ok_or_else(|| io::Error::other("no token"))
}

/// The newest code in the inbox; it may take a moment to arrive.
async fn read_code(connection: &mut Connection, phone: &str) -> io::Result<String> {
    for _ in 0..200 {
        let inbox = connection.get(&format!("/demo/inbox/{phone}"), None).await?.good()?.json();
        let text = inbox[0]["text"].as_str().unwrap_or_default();
        if let Some(code) = text.split(|letter: char| !letter.is_ascii_digit()).find(|run| matches!(run.len(), 6 | 8)) {
            return Ok(code.to_owned());
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    Err(io::Error::other("no code came"))
}

/// A new citizen at a phone that nobody has.
///
/// # Errors
/// When an answer is not what the contract says.
pub async fn new_citizen(connection: &mut Connection, phone: &str) -> io::Result<Citizen> {
    let token = sign_in(connection, phone).await?;
    let reference = register(connection, &token).await?;
    Ok(Citizen { token, reference })
}

/// So many new citizens, each at a phone of her own.
///
/// # Errors
/// When an answer is not what the contract says.
pub async fn new_citizens(address: SocketAddr, many: usize) -> io::Result<Vec<Citizen>> {
    let mut connection = Connection::open(address).await?;
    let mut citizens = Vec::with_capacity(many);
    for number in 0..many as u64 {
        citizens.push(new_citizen(&mut connection, &phone(number)).await?);
    }
    Ok(citizens)
}

/// Registers a member and returns her reference.
///
/// # Errors
/// When an answer is not what the contract says.
pub async fn register(connection: &mut Connection, token: &str) -> io::Result<String> {
    let person = json!({ "name": "Asha Drill", "birth_year": "1980", "gender_id": 2, "photo_id_type": 12,
        "photo_id_number": "9999", "comorbidity_ind": "N", "consent_version": "1" });
    let answer = connection.post("/api/v2/registration/beneficiary/new", Some(token), &person).await?.good()?.json();
    answer["beneficiary_reference_id"].as_str().map(str::to_owned).ok_or_else(|| io::Error::other("no reference"))
}

/// The wish for a place of dose 1, as row 22 takes it.
#[must_use]
pub fn wish(session: &str, slot: &str, reference: &str) -> Value {
    json!({ "dose": 1, "session_id": session, "slot": slot, "beneficiaries": [reference] })
}

/// The phone of client `number`; the seeded world has no such number.
#[must_use]
pub fn phone(number: u64) -> String {
    (6_100_000_000 + number).to_string()
}
