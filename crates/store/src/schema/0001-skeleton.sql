-- Persons are known by random ids. What identifies one is sealed; what finds one is a keyed index.

CREATE TABLE log_head (one INTEGER PRIMARY KEY CHECK (one = 1), next INTEGER NOT NULL);
INSERT INTO log_head VALUES (1, 0);
CREATE TABLE log_stage (
  position INTEGER PRIMARY KEY, subject_tag BLOB NOT NULL, leaf BLOB NOT NULL, sealed BLOB NOT NULL
);
CREATE INDEX log_stage_tag ON log_stage (subject_tag);

CREATE TABLE done (
  scope BLOB NOT NULL, key BLOB NOT NULL, at_ms INTEGER NOT NULL, answer TEXT NOT NULL, PRIMARY KEY (scope, key)
) WITHOUT ROWID;

CREATE TABLE state (id INTEGER PRIMARY KEY, name TEXT NOT NULL, name_hi TEXT NOT NULL);
CREATE TABLE district (
  id INTEGER PRIMARY KEY, state INTEGER NOT NULL, name TEXT NOT NULL, name_hi TEXT NOT NULL
);
CREATE TABLE centre (
  id INTEGER PRIMARY KEY, district INTEGER NOT NULL, name TEXT NOT NULL, address TEXT NOT NULL,
  block TEXT NOT NULL, pincode INTEGER NOT NULL, latitude REAL NOT NULL, longitude REAL NOT NULL,
  opens TEXT NOT NULL, closes TEXT NOT NULL
);
CREATE INDEX centre_district ON centre (district);
CREATE INDEX centre_pincode ON centre (pincode);

CREATE TABLE staff (
  id BLOB PRIMARY KEY, login TEXT NOT NULL UNIQUE, name TEXT NOT NULL, role TEXT NOT NULL, centre INTEGER,
  active INTEGER NOT NULL, password TEXT NOT NULL, totp BLOB NOT NULL, step INTEGER NOT NULL DEFAULT 0,
  failures INTEGER NOT NULL DEFAULT 0, locked_ms INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE roster (session BLOB NOT NULL, staff BLOB NOT NULL, PRIMARY KEY (session, staff)) WITHOUT ROWID;
CREATE INDEX roster_staff ON roster (staff);
CREATE TABLE batch (
  centre INTEGER NOT NULL, vaccine TEXT NOT NULL, number TEXT NOT NULL, expires TEXT NOT NULL,
  doses INTEGER NOT NULL, given INTEGER NOT NULL DEFAULT 0, stopped INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (centre, vaccine, number)
) WITHOUT ROWID;
CREATE TABLE session (
  id BLOB PRIMARY KEY, centre INTEGER NOT NULL, day TEXT NOT NULL, vaccine TEXT NOT NULL, age_min INTEGER NOT NULL,
  age_max INTEGER, fee INTEGER NOT NULL, slots TEXT NOT NULL, cancelled INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX session_centre ON session (centre, day);
-- Places conserve: dose 0 is the walk-in share.
CREATE TABLE place (
  session BLOB NOT NULL, dose INTEGER NOT NULL, capacity INTEGER NOT NULL, open INTEGER NOT NULL CHECK (open >= 0),
  held INTEGER NOT NULL DEFAULT 0 CHECK (held >= 0), booked INTEGER NOT NULL DEFAULT 0 CHECK (booked >= 0),
  PRIMARY KEY (session, dose), CHECK (capacity = open + held + booked)
) WITHOUT ROWID;

CREATE TABLE person (
  id BLOB PRIMARY KEY, standing TEXT NOT NULL CHECK (standing IN ('registered', 'erased', 'void')),
  entries INTEGER NOT NULL DEFAULT 0, tag_key BLOB, reference_last_four TEXT, language TEXT,
  registered_ms INTEGER
) WITHOUT ROWID;
CREATE TABLE sealed (
  person BLOB NOT NULL, field INTEGER NOT NULL, version INTEGER NOT NULL, salt BLOB NOT NULL, body BLOB NOT NULL,
  PRIMARY KEY (person, field, version)
) WITHOUT ROWID;
CREATE TABLE reference_index (reference BLOB PRIMARY KEY, person BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE id_index (token BLOB NOT NULL, person BLOB NOT NULL, PRIMARY KEY (token, person)) WITHOUT ROWID;
CREATE TABLE card (person BLOB PRIMARY KEY, hash BLOB NOT NULL, wrong INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
CREATE TABLE family (phone BLOB PRIMARY KEY, version INTEGER NOT NULL, active_ms INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE member (
  phone BLOB NOT NULL, person BLOB NOT NULL, joined_ms INTEGER NOT NULL, pending_at INTEGER,
  tries INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (phone, person)
) WITHOUT ROWID;
CREATE INDEX member_person ON member (person);

CREATE TABLE otp (
  id BLOB PRIMARY KEY, phone BLOB NOT NULL, purpose INTEGER NOT NULL, person BLOB, hash BLOB NOT NULL,
  contact BLOB NOT NULL,
  expires_ms INTEGER NOT NULL, wrong INTEGER NOT NULL DEFAULT 0, spent INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX otp_phone ON otp (phone, purpose);
CREATE TABLE otp_sent (phone BLOB NOT NULL, at_ms INTEGER NOT NULL);
CREATE INDEX otp_sent_phone ON otp_sent (phone, at_ms);
CREATE TABLE otp_wrong (phone BLOB PRIMARY KEY, in_a_row INTEGER NOT NULL, locked_ms INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE otp_day (day INTEGER PRIMARY KEY, wrong INTEGER NOT NULL);
CREATE TABLE sign_in (
  token BLOB PRIMARY KEY, phone BLOB, version INTEGER, public INTEGER, staff BLOB, sealed BLOB NOT NULL,
  position INTEGER NOT NULL, since_ms INTEGER NOT NULL, expires_ms INTEGER NOT NULL, idle_ms INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX sign_in_phone ON sign_in (phone);
CREATE INDEX sign_in_staff ON sign_in (staff);

CREATE TABLE appointment (
  id BLOB NOT NULL, person BLOB NOT NULL, session BLOB NOT NULL, slot TEXT NOT NULL, dose INTEGER NOT NULL,
  place INTEGER NOT NULL, status TEXT NOT NULL, code_version INTEGER NOT NULL, code_hash BLOB NOT NULL,
  wrong_codes INTEGER NOT NULL DEFAULT 0, factor TEXT, check_in INTEGER, checked_in_by BLOB, at_ms INTEGER NOT NULL,
  PRIMARY KEY (id, person)
) WITHOUT ROWID;
CREATE INDEX appointment_person ON appointment (person);
CREATE INDEX appointment_session ON appointment (session);
-- Never two live bookings for one person and dose.
CREATE UNIQUE INDEX appointment_once ON appointment (person, dose) WHERE status IN ('booked', 'checked-in', 'done');

CREATE TABLE dose (
  id BLOB PRIMARY KEY, person BLOB NOT NULL, session BLOB, centre INTEGER NOT NULL, vaccine TEXT NOT NULL,
  number INTEGER NOT NULL, batch TEXT NOT NULL, day TEXT NOT NULL, at_ms INTEGER NOT NULL, staff BLOB NOT NULL,
  age INTEGER NOT NULL, gender INTEGER NOT NULL, factor TEXT, early_reason TEXT, observed INTEGER NOT NULL DEFAULT 0,
  corrected_by BLOB
) WITHOUT ROWID;
CREATE INDEX dose_person ON dose (person);
CREATE INDEX dose_session ON dose (session);
CREATE UNIQUE INDEX dose_once ON dose (person, number) WHERE corrected_by IS NULL;
CREATE TABLE tally (
  centre INTEGER NOT NULL, day TEXT NOT NULL, vaccine TEXT NOT NULL, number INTEGER NOT NULL, age_from INTEGER NOT NULL,
  gender INTEGER NOT NULL, attested INTEGER NOT NULL, doses INTEGER NOT NULL,
  PRIMARY KEY (centre, day, vaccine, number, age_from, gender, attested)
) WITHOUT ROWID;
CREATE TABLE certificate (
  id BLOB NOT NULL, person BLOB NOT NULL, version INTEGER NOT NULL, digest BLOB NOT NULL, issued_s INTEGER NOT NULL,
  state INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (id, version)
) WITHOUT ROWID;
CREATE UNIQUE INDEX certificate_person ON certificate (person, version);

CREATE TABLE notice (
  id INTEGER PRIMARY KEY, person BLOB NOT NULL, cause INTEGER NOT NULL, appointment BLOB NOT NULL,
  due_ms INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, sent_ms INTEGER
);
CREATE INDEX notice_due ON notice (due_ms) WHERE sent_ms IS NULL;
