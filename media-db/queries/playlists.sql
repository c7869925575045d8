-- Which playlists are there, and in which folders?
SELECT id, artist FROM object WHERE class = 10
