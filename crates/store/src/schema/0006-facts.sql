-- Beside every look stands a fact for the breach desk, sealed to the key of its day. Its content falls with the person.
CREATE TABLE access_fact (
  position INTEGER PRIMARY KEY, person BLOB, day INTEGER NOT NULL, sealed BLOB NOT NULL
);
CREATE INDEX access_fact_person ON access_fact (person);
CREATE TABLE access_day (
  day INTEGER PRIMARY KEY, looks INTEGER NOT NULL, missing INTEGER NOT NULL, wrong INTEGER NOT NULL,
  fallen INTEGER NOT NULL, by_grant TEXT NOT NULL
);
-- Which organisations have looked at somebody, and from which browsers a phone was signed in: keyed hashes.
CREATE TABLE looked (person BLOB NOT NULL, organisation BLOB NOT NULL, PRIMARY KEY (person, organisation)) WITHOUT ROWID;
CREATE TABLE browser (
  phone BLOB NOT NULL, hash BLOB NOT NULL, seen_ms INTEGER NOT NULL, PRIMARY KEY (phone, hash)
) WITHOUT ROWID;
-- Audits that were handed in, for everybody to read.
CREATE TABLE audit (
  at_ms INTEGER PRIMARY KEY, auditor TEXT NOT NULL, size INTEGER NOT NULL, stands INTEGER NOT NULL, report TEXT NOT NULL
);
