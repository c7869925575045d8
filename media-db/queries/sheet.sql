-- What do cue sheets tell of this path? The first sheet's come first.
SELECT playlist, number, track, start_ms, title, artist, performer, album, genre, date
FROM playlist_entry WHERE path = ?1 AND track > 0 ORDER BY playlist, number
