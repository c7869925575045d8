-- In which playlists is this path, and where?
SELECT playlist, number FROM playlist_entry WHERE path = ?1
