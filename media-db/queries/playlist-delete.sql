-- Forgets what a playlist names.
DELETE FROM playlist_entry WHERE playlist = ?1
