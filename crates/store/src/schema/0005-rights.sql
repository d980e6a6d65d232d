-- Why an entry of the log cannot be opened any more: by which erasure, and which of her tags its tag was.
CREATE TABLE erased_tag (tag BLOB PRIMARY KEY, erasure INTEGER NOT NULL, number INTEGER NOT NULL) WITHOUT ROWID;
CREATE UNIQUE INDEX erased_tag_erasure ON erased_tag (erasure, number);
CREATE TABLE erasure (position INTEGER PRIMARY KEY, blind BLOB NOT NULL);

-- Who left: whether her keys are destroyed, and how long the law holds something of hers.
CREATE TABLE leaver (
  person BLOB PRIMARY KEY, until_ms INTEGER NOT NULL, keys_gone INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE held_field (
  person BLOB NOT NULL, field INTEGER NOT NULL, version INTEGER NOT NULL, PRIMARY KEY (person, field, version)
) WITHOUT ROWID;

-- A member on her way to another phone; the phone's next version waits here, sealed.
CREATE TABLE move (
  id BLOB PRIMARY KEY, person BLOB NOT NULL UNIQUE, from_phone BLOB NOT NULL, to_phone BLOB NOT NULL,
  version INTEGER NOT NULL, salt BLOB NOT NULL, body BLOB NOT NULL, made_ms INTEGER NOT NULL, due_ms INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX move_from ON move (from_phone);
CREATE INDEX move_to ON move (to_phone);
CREATE INDEX move_due ON move (due_ms);

-- Which notice she was shown before she registered, and in which language.
ALTER TABLE person ADD COLUMN notice TEXT;
