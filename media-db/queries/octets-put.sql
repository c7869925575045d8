-- Keeps the octets of tags that are not Unicode.
INSERT OR REPLACE INTO octets(id, folder, facts) VALUES (?1, ?2, ?3)
