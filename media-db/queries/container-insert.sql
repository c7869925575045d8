-- Adds a folder or a group.
INSERT INTO object(parent, kind, class, label, artist, sort_key, name, inode, update_id)
VALUES (?1, 0, ?2, ?3, ?4, ?5, ?6, ?7, (SELECT number FROM tally WHERE what = 5))
