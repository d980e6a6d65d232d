-- A dose drawn from a batch for somebody whose row is in another shard: to the stock what a hold is to a seat, and as it goes on and never back.
CREATE TABLE draw (
  dose BLOB PRIMARY KEY, person BLOB NOT NULL, centre INTEGER NOT NULL, vaccine TEXT NOT NULL, number TEXT NOT NULL,
  expires_ms INTEGER NOT NULL, state TEXT NOT NULL CHECK (state IN ('held', 'confirmed', 'released'))
) WITHOUT ROWID;
CREATE INDEX draw_due ON draw (expires_ms) WHERE state = 'held';
