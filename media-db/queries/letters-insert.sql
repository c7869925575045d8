-- Makes an object findable by each of its letters.
INSERT INTO letters(rowid, text) VALUES (?1, ?2)
