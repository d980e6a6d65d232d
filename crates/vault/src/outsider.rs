//! What outsiders may have of the log: checkpoints, hash tiles and public openings, anyone; entry bundles, auditors.

use crate::{Refused, Vault};
use data_encoding::HEXLOWER;
use ledger::tile::{Bundle, Tile};
use subtle::ConstantTimeEq;

/// A file of the log, and whether it can ever change.
pub struct LogFile {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Whether its bytes stand for ever under this path.
    pub is_final: bool,
}

impl Vault {
    /// The file at a path of the log.
    ///
    /// # Errors
    /// [`Refused::NotFound`]; [`Refused::NotSignedIn`] for an entry bundle without an auditor's credential.
    pub async fn log_file(&self, path: &str, credential: Option<&str>) -> Result<LogFile, Refused> {
        if path == "policy" {
            return Ok(LogFile { bytes: self.watch().text().into(), is_final: false });
        }
        let is_bundle = Bundle::from_path(path).is_some();
        if is_bundle && !credential.is_some_and(|credential| self.is_auditor(credential)) {
            return Err(Refused::NotSignedIn);
        }
        let is_opening = path.strip_prefix("opening/").is_some_and(|position| position.parse::<u64>().is_ok());
        let is_final = is_bundle || is_opening || Tile::from_path(path).is_some();
        if !is_final && path != "checkpoint" {
            return Err(Refused::NotFound);
        }
        let (files, path) = (self.log.files(), path.to_owned());
        let read = tokio::task::spawn_blocking(move || files.read(&path)).await.map_err(|_| Refused::Unavailable)?;
        Ok(LogFile { bytes: read?.ok_or(Refused::NotFound)?, is_final })
    }

    /// A credential for an auditor of this name: `name.proof`, good until the vault's keys change.
    #[must_use]
    pub fn auditor_credential(&self, name: &str) -> String {
        format!("{name}.{}", HEXLOWER.encode(&self.secrets.auditor_mac(name)))
    }

    fn is_auditor(&self, credential: &str) -> bool {
        let Some((name, _)) = credential.rsplit_once('.') else { return false };
        self.auditor_credential(name).as_bytes().ct_eq(credential.as_bytes()).into()
    }
}
