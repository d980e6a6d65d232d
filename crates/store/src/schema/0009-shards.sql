-- A seat of a session, held for an attempt of somebody whose row is in another shard.
-- It goes on and never back, and stays when it is released: a late word could otherwise take a seat that no row has.
CREATE TABLE hold (
  attempt BLOB PRIMARY KEY, person BLOB NOT NULL, session BLOB NOT NULL, place INTEGER NOT NULL, expires_ms INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('held', 'confirmed', 'released'))
) WITHOUT ROWID;
CREATE INDEX hold_due ON hold (expires_ms) WHERE state = 'held';

-- In her own shard: what became of an attempt. It is decided once.
CREATE TABLE attempt (
  id BLOB PRIMARY KEY, person BLOB NOT NULL, appointment BLOB, district INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('booked', 'ended', 'void'))
) WITHOUT ROWID;
-- An appointment has one seat.
CREATE UNIQUE INDEX attempt_seat ON attempt (appointment, person) WHERE state = 'booked';
-- What the shard of an attempt's district is still to be told.
CREATE TABLE outbox (
  attempt BLOB NOT NULL, word TEXT NOT NULL CHECK (word IN ('confirm', 'release')), person BLOB NOT NULL,
  district INTEGER NOT NULL, PRIMARY KEY (attempt, word)
) WITHOUT ROWID;
CREATE INDEX outbox_person ON outbox (person);
