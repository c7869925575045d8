-- Makes an object findable by its words.
INSERT INTO words(rowid, text) VALUES (?1, ?2)
