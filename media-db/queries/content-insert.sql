-- Somebody uses it for the first time.
INSERT INTO content(size_bytes, digest) VALUES (?1, ?2)
