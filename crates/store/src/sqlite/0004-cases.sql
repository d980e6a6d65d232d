-- Her cases. What she wrote lies sealed under her own key; a found dose, like any dose, is plain.
CREATE TABLE case_file (
  id BLOB PRIMARY KEY, number TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, person BLOB NOT NULL, dose BLOB,
  text_version INTEGER NOT NULL, state TEXT NOT NULL, filed_ms INTEGER NOT NULL, due_ms INTEGER NOT NULL,
  until_ms INTEGER NOT NULL, opened INTEGER, first BLOB, second BLOB, verdict TEXT, reason TEXT, found TEXT,
  closed_ms INTEGER, CHECK (first <> second)
) WITHOUT ROWID;
CREATE INDEX case_person ON case_file (person);
CREATE INDEX case_due ON case_file (due_ms) WHERE closed_ms IS NULL;
-- One case of a kind, about one dose, at a time.
CREATE UNIQUE INDEX case_once ON case_file (person, kind, COALESCE(dose, x'')) WHERE closed_ms IS NULL;
