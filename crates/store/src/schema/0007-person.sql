-- At which centre a case was filed in person; none for one that was filed by a sign-in.
ALTER TABLE case_file ADD COLUMN centre INTEGER;

-- A move that was asked for in person has its case, comes perhaps from no phone, and waits, where it has no time, for two officers.
CREATE TABLE moving (
  id BLOB PRIMARY KEY, person BLOB NOT NULL UNIQUE, from_phone BLOB, to_phone BLOB NOT NULL, version INTEGER NOT NULL,
  salt BLOB NOT NULL, body BLOB NOT NULL, made_ms INTEGER NOT NULL, due_ms INTEGER, case_id BLOB,
  CHECK (case_id IS NOT NULL OR (from_phone IS NOT NULL AND due_ms IS NOT NULL))
) WITHOUT ROWID;
INSERT INTO moving SELECT id, person, from_phone, to_phone, version, salt, body, made_ms, due_ms, NULL FROM move;
DROP TABLE move;
ALTER TABLE moving RENAME TO move;
CREATE INDEX move_from ON move (from_phone);
CREATE INDEX move_to ON move (to_phone);
CREATE INDEX move_due ON move (due_ms);
CREATE INDEX move_case ON move (case_id);

-- Who came to a phone under age: the year on whose first day she is of age, and when she was. Nothing of other people.
CREATE TABLE guardianship (person BLOB PRIMARY KEY, until_year INTEGER NOT NULL, told_ms INTEGER) WITHOUT ROWID;
CREATE INDEX guardianship_until ON guardianship (until_year) WHERE told_ms IS NULL;
