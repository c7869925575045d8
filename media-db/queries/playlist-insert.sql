-- A playlist names a path.
INSERT OR IGNORE INTO playlist_entry(playlist, path, number, track, start_ms, title, artist,
                                     performer, album, genre, date)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
