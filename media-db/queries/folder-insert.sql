-- Adds where a folder is.
INSERT INTO folder(id, root, path) VALUES (?1, ?2, ?3)
