//! Messages by an operator's HTTP gateway: a template id and the text, one phone at a time. No number is ever logged.

use anyhow::ensure;
use portal::sms;
use portal::words::{Language, Words};
use registry::Phone;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use vault::{Message, Messenger, Sending, Undelivered};

/// How long the gateway may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Waits before the second and the third try.
const AGAIN: [Duration; 2] = [Duration::from_millis(500), Duration::from_secs(2)];

/// A gateway that takes `POST {"to", "header", "template_id", "text"}` as JSON.
#[derive(Clone)]
pub(crate) struct Gateway(Arc<Inner>);

struct Inner {
    agent: ureq::Agent,
    url: String,
    header: String,
    authorization: Option<String>,
    templates: BTreeMap<String, String>,
}

/// Why a try failed, without a word of what was sent.
enum Failed {
    /// Later it may work.
    ForNow(String),
    /// It will not work.
    ForGood(String),
}

impl Gateway {
    /// A gateway at a URL: the registered sender, what it wants as authorization, and the template ids by key.
    pub(crate) fn new(
        url: &str,
        header: String,
        authorization: Option<String>,
        templates: BTreeMap<String, String>,
    ) -> anyhow::Result<Self> {
        let is_http = url.starts_with("https://") || url.starts_with("http://");
        ensure!(is_http, "`messenger.url` is not an http or https address");
        let agent = ureq::Agent::config_builder().timeout_global(Some(PATIENCE)).build().new_agent();
        Ok(Self(Arc::new(Inner { agent, url: url.to_owned(), header, authorization, templates })))
    }

    /// Host and port, for a look whether anybody is there.
    pub(crate) fn host(&self) -> String {
        let (scheme, rest) = self.0.url.split_once("://").unwrap_or(("http", &self.0.url));
        let host = rest.split(['/', '?']).next().unwrap_or_default();
        let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
        let port = if scheme == "https" { 443 } else { 80 };
        if host.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok()) {
            host.to_owned()
        } else {
            format!("{host}:{port}")
        }
    }
}

impl Inner {
    fn post(&self, body: &str) -> Result<(), Failed> {
        let request = self.agent.post(&self.url).header("content-type", "application/json");
        let request = match &self.authorization {
            Some(value) => request.header("authorization", value),
            None => request,
        };
        match request.send(body) {
            Ok(_) => Ok(()),
            Err(ureq::Error::StatusCode(code @ (429 | 500..))) => {
                Err(Failed::ForNow(format!("the gateway answered {code}")))
            }
            Err(ureq::Error::StatusCode(code)) => Err(Failed::ForGood(format!("the gateway answered {code}"))),
            Err(_) => Err(Failed::ForNow("the gateway does not answer".into())),
        }
    }

    fn post_with_patience(&self, body: &str) -> Result<(), Undelivered> {
        let mut waits = AGAIN.iter();
        loop {
            match (self.post(body), waits.next()) {
                (Ok(()), _) => return Ok(()),
                (Err(Failed::ForNow(_)), Some(wait)) => std::thread::sleep(*wait),
                (Err(Failed::ForNow(why) | Failed::ForGood(why)), _) => return Err(Undelivered(why)),
            }
        }
    }
}

impl Messenger for Gateway {
    fn send(&self, phone: Phone, message: Message, language: String) -> Sending<'_> {
        let inner = Arc::clone(&self.0);
        Box::pin(async move {
            let sms = sms::compose(Words::new(Language::from_code(&language).unwrap_or_default()), &message);
            let template =
                inner.templates.get(sms.template).ok_or_else(|| Undelivered("a template without an id".into()))?;
            let body = serde_json::json!({
                "to": phone.digits(), "header": inner.header, "template_id": template, "text": sms.text
            });
            let body = body.to_string();
            let sent = tokio::task::spawn_blocking(move || inner.post_with_patience(&body)).await;
            sent.unwrap_or_else(|_| Err(Undelivered("the sender stopped".into())))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::net::TcpListener;

    /// A gateway that answers one status after the other, and hands back what it was sent.
    fn answering(statuses: &'static [&'static str]) -> (String, std::thread::JoinHandle<Vec<String>>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/send", listener.local_addr().unwrap());
        let taken = std::thread::spawn(move || {
            let one = |status: &&str| {
                let (mut socket, _) = listener.accept().unwrap();
                let mut bytes = vec![0; 65_536];
                let mut read = 0;
                while !bytes[..read].ends_with(b"}") {
                    read += socket.read(&mut bytes[read..]).unwrap();
                }
                write!(socket, "HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").unwrap();
                String::from_utf8_lossy(&bytes[..read]).into_owned()
            };
            statuses.iter().map(one).collect()
        });
        (url, taken)
    }

    fn gateway(url: &str) -> Gateway {
        let templates = BTreeMap::from([("sms-code-sign-in".to_owned(), "1107".to_owned())]);
        Gateway::new(url, "TEEKAX".into(), Some("Bearer k".into()), templates).unwrap()
    }

    fn code() -> Message {
        Message::Code { code: "123456".into(), what_for: vault::CodeFor::SignIn }
    }

    #[tokio::test]
    async fn a_message_goes_out_under_its_template_and_again_after_a_failure() {
        let (url, taken) = answering(&["503 Busy", "200 OK"]);
        gateway(&url).send("9876543210".parse().unwrap(), code(), "en".into()).await.unwrap();
        for request in taken.join().unwrap() {
            let request = request.to_lowercase();
            assert!(
                request.contains("authorization: bearer k")
                    && request.contains(r#""header":"teekax""#)
                    && request.contains(r#""template_id":"1107""#),
                "{request}"
            );
            assert!(request.contains(r#""to":"9876543210""#) && request.contains("123456"), "{request}");
        }
    }

    #[tokio::test]
    async fn what_the_gateway_refuses_is_not_sent_again_and_names_no_number() {
        let (url, taken) = answering(&["400 No"]);
        let undelivered = gateway(&url).send("9876543210".parse().unwrap(), code(), "en".into()).await.unwrap_err();
        assert_eq!(undelivered.0, "the gateway answered 400");
        assert_eq!(taken.join().unwrap().len(), 1);
    }

    #[test]
    fn the_host_is_read_from_the_address() {
        for (url, host) in [("https://sms.example/x", "sms.example:443"), ("http://u:p@h:81?x=1", "h:81")] {
            assert_eq!(gateway(url).host(), host);
        }
    }
}
