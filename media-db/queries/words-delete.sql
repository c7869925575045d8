-- Takes an object's words away.
INSERT INTO words(words, rowid, text) VALUES ('delete', ?1, ?2)
