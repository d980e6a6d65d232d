-- Her cases. What she wrote lies sealed under her own key; a found dose, like any dose, is plain.
CREATE TABLE case_file (
  id BLOB PRIMARY KEY, number TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, person BLOB NOT NULL, dose BLOB,
  text_version INTEGER NOT NULL, state TEXT NOT NULL, filed_ms INTEGER NOT NULL, due_ms INTEGER NOT NULL,
  until_ms INTEGER NOT NULL, opened INTEGER, first BLOB, second BLOB, verdict TEXT, reason TEXT, found TEXT,
  closed_ms INTEGER, other BLOB, other_opened INTEGER, CHECK (first <> second), CHECK (other <> person)
) WITHOUT ROWID;
CREATE INDEX case_person ON case_file (person);
CREATE INDEX case_other ON case_file (other) WHERE other IS NOT NULL;
CREATE INDEX case_due ON case_file (due_ms) WHERE closed_ms IS NULL;
-- One case of a kind, about one dose, at a time.
CREATE UNIQUE INDEX case_once ON case_file (person, kind, COALESCE(dose, x'')) WHERE closed_ms IS NULL;
-- Two records of one person: both keep their rows, and whoever reads the second finds the doses of both.
CREATE TABLE merged (
  person BLOB PRIMARY KEY, into_person BLOB NOT NULL, case_id BLOB NOT NULL, at_ms INTEGER NOT NULL,
  CHECK (person <> into_person)
) WITHOUT ROWID;
CREATE INDEX merged_into ON merged (into_person);
