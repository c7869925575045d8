-- What does this playlist name?
SELECT DISTINCT path FROM playlist_entry WHERE playlist = ?1
