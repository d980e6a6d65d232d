//! The real outlet for messages: an operator's HTTP gateway, with the template ids that Indian operators require.

use crate::serve::MessengerConfig;
use anyhow::{Context, ensure};
use portal::sms;
use portal::words::{Language, Words};
use registry::Phone;
use std::sync::Arc;
use std::time::Duration;
use vault::{Message, Messenger, Sending, Undelivered};

/// Templates that must be registered before anyone can be told anything.
const TEMPLATES: [&str; 5] =
    ["sms-code-sign-in", "sms-code-certificate", "sms-code-presence", "sms-appointment", "sms-called-off"];

/// Posts `{"to", "header", "template_id", "text"}` as JSON; any 2xx is a delivery.
pub(crate) struct Gateway {
    agent: ureq::Agent,
    config: MessengerConfig,
    authorization: Option<String>,
}

impl Gateway {
    /// A gateway; every template must have its registered id.
    pub(crate) fn new(config: &MessengerConfig) -> anyhow::Result<Self> {
        for template in TEMPLATES {
            ensure!(config.templates.contains_key(template), "no registered template id for `{template}` under [messenger.templates]");
        }
        let read = |file| std::fs::read_to_string(file).with_context(|| "cannot read the messenger's authorization file");
        let authorization = config.authorization_file.as_ref().map(read).transpose()?.map(|text| text.trim().to_owned());
        let agent = ureq::Agent::config_builder().timeout_global(Some(Duration::from_secs(10))).build().into();
        Ok(Self { agent, config: config.clone(), authorization })
    }

    /// Whether something answers at the gateway's address, whatever it says.
    pub(crate) fn answers(&self) -> Result<(), String> {
        match self.agent.head(&self.config.url).call() {
            Ok(_) | Err(ureq::Error::StatusCode(_)) => Ok(()),
            Err(error) => Err(error.to_string()),
        }
    }
}

impl Messenger for Gateway {
    fn send(&self, phone: Phone, message: Message, language: String) -> Sending<'_> {
        let sms = sms::compose(Words::new(Language::from_code(&language).unwrap_or_default()), &message);
        let body = serde_json::json!({
            "to": format!("+91{}", phone.digits()),
            "header": self.config.header,
            "template_id": self.config.templates[sms.template],
            "text": sms.text,
        })
        .to_string();
        let (agent, url, authorization) = (self.agent.clone(), Arc::<str>::from(self.config.url.as_str()), self.authorization.clone());
        Box::pin(async move {
            let posted = tokio::task::spawn_blocking(move || {
                let mut request = agent.post(&*url).header("content-type", "application/json");
                if let Some(value) = authorization {
                    request = request.header("authorization", value);
                }
                // The error's text is the gateway's status or the network's; the body, with the number, is not in it.
                request.send(body).map(|_| ()).map_err(|error| Undelivered(error.to_string()))
            });
            posted.await.unwrap_or_else(|_| Err(Undelivered("the sender stopped".into())))
        })
    }
}
