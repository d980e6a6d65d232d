-- Numbered lawful orders. What one says lies in its terms, as its two officers' entries have it; the order's number and the
-- fields are in there and in no column of their own.
CREATE TABLE lawful_order (
  id BLOB PRIMARY KEY, number TEXT NOT NULL UNIQUE, person BLOB NOT NULL, held INTEGER NOT NULL, paper BLOB NOT NULL UNIQUE,
  terms BLOB NOT NULL, filed_ms INTEGER NOT NULL, until_ms INTEGER NOT NULL, first BLOB NOT NULL, second BLOB,
  filed_at INTEGER, filed_count INTEGER, confirmed_at INTEGER, confirmed_count INTEGER,
  first_look_ms INTEGER, second_look_ms INTEGER, CHECK (first <> second)
) WITHOUT ROWID;
CREATE INDEX lawful_order_person ON lawful_order (person);
CREATE INDEX lawful_order_until ON lawful_order (until_ms);

-- Who left is found by an order through the keyed index of her reference, for as long as something is held of her.
ALTER TABLE leaver ADD COLUMN reference BLOB;
CREATE UNIQUE INDEX leaver_reference ON leaver (reference) WHERE reference IS NOT NULL;
