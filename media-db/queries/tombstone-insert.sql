-- Remembers a file that is removed.
INSERT OR REPLACE INTO tombstone(id, removed_s, size_bytes, modified_ns, name)
VALUES (?1, ?2, ?3, ?4, ?5)
