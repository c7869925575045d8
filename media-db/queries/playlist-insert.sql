-- A playlist names a path.
INSERT OR IGNORE INTO playlist_entry(playlist, path, number) VALUES (?1, ?2, ?3)
