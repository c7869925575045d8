-- In which playlists is this path, and where?
SELECT playlist, number, track FROM playlist_entry WHERE path = ?1 ORDER BY playlist, number
