-- Codes are sent and tried in lanes: in otp_sent and otp_wrong `phone` is the lane's hash, which for anyone's lane is the phone's own.
ALTER TABLE otp ADD COLUMN lane BLOB;
-- Second proofs count for a phone, whatever the lane of its code.
CREATE TABLE proof_wrong (phone BLOB PRIMARY KEY, in_a_row INTEGER NOT NULL, locked_ms INTEGER NOT NULL) WITHOUT ROWID;
