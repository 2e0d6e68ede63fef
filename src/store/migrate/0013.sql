-- A password that somebody else chose: another is asked for at the next sign-in (ADR 51).
ALTER TABLE account ADD COLUMN is_temporary INTEGER NOT NULL DEFAULT 0;
