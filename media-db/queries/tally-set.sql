-- Remembers a number.
INSERT OR REPLACE INTO tally(what, number) VALUES (?1, ?2)
