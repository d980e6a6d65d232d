-- A claim on a phone or a document for somebody whose row is in another shard; it names both keys, for who settles it lets go of both.
-- It goes on and never back, and stays, without its keys, when it is released: a late claim could otherwise stand for nobody.
-- What the sign-in that made it is to remember when it goes on waits in token, version and sealed.
CREATE TABLE claim (
  person BLOB NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('phone', 'document')), phone BLOB, document BLOB,
  state TEXT NOT NULL CHECK (state IN ('claimed', 'confirmed', 'released')), expires_ms INTEGER NOT NULL,
  joined_ms INTEGER, pending_at INTEGER, token BLOB, version INTEGER, sealed BLOB, PRIMARY KEY (person, kind)
) WITHOUT ROWID;
CREATE INDEX claim_due ON claim (expires_ms) WHERE state = 'claimed';
CREATE INDEX claim_phone ON claim (phone) WHERE state = 'claimed' AND kind = 'phone';
CREATE UNIQUE INDEX claim_document ON claim (document) WHERE state = 'claimed' AND kind = 'document';

-- In her own shard: what became of a registration, decided once, and while she is there what was claimed for her. Who brought a
-- document without a claim on it is possibly the same person as who has one.
CREATE TABLE registration (
  person BLOB PRIMARY KEY, state TEXT NOT NULL CHECK (state IN ('registered', 'left', 'void')), phone BLOB, document BLOB,
  may_be_same INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
-- What the shards of her claims are still to be told.
CREATE TABLE claim_outbox (
  person BLOB NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('phone', 'document')),
  word TEXT NOT NULL CHECK (word IN ('confirm', 'release')), key BLOB NOT NULL, PRIMARY KEY (person, kind, word)
) WITHOUT ROWID;
