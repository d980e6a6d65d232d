-- At which centre a case was filed in person; none for one that was filed by a sign-in.
ALTER TABLE case_file ADD COLUMN centre INTEGER;
