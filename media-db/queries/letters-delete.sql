-- Takes an object's letters away.
INSERT INTO letters(letters, rowid, text) VALUES ('delete', ?1, ?2)
