-- Partners' programs, what they ask people for, and what they were allowed.

CREATE TABLE client (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, contact TEXT NOT NULL, key BLOB NOT NULL, fields INTEGER NOT NULL,
  purpose_code TEXT NOT NULL, purpose_en TEXT NOT NULL, purpose_hi TEXT NOT NULL, consents_a_day INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('sandbox', 'live', 'stopped'))
) WITHOUT ROWID;
CREATE TABLE client_nonce (
  client TEXT NOT NULL, nonce BLOB NOT NULL, at_ms INTEGER NOT NULL, PRIMARY KEY (client, nonce)
) WITHOUT ROWID;
CREATE INDEX client_nonce_at ON client_nonce (at_ms);
CREATE TABLE client_day (
  client TEXT NOT NULL, day INTEGER NOT NULL, asked INTEGER NOT NULL, PRIMARY KEY (client, day)
) WITHOUT ROWID;

CREATE TABLE consent_request (
  id BLOB PRIMARY KEY, client TEXT NOT NULL, phone BLOB NOT NULL, contact BLOB NOT NULL, code BLOB NOT NULL,
  fields INTEGER NOT NULL, reads INTEGER NOT NULL, lasts_ms INTEGER NOT NULL, name BLOB, language TEXT NOT NULL,
  expires_ms INTEGER NOT NULL, answered INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
-- No look beyond what she allowed: a constraint of the table.
CREATE TABLE consent (
  id BLOB PRIMARY KEY, person BLOB NOT NULL, client TEXT NOT NULL, fields INTEGER NOT NULL,
  reads INTEGER NOT NULL CHECK (reads BETWEEN 1 AND 5), used INTEGER NOT NULL DEFAULT 0 CHECK (used BETWEEN 0 AND reads),
  entry INTEGER NOT NULL, made_ms INTEGER NOT NULL, until_ms INTEGER NOT NULL, revoked_ms INTEGER, artefact BLOB,
  CHECK (until_ms > made_ms AND until_ms <= made_ms + 86400000)
) WITHOUT ROWID;
CREATE INDEX consent_person ON consent (person, made_ms);
CREATE TABLE client_token (
  token BLOB PRIMARY KEY, client TEXT NOT NULL, consent BLOB, sealed BLOB NOT NULL, expires_ms INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX client_token_consent ON client_token (consent);
