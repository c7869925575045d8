-- The seventh step: more ways to the same items, and playlists.

INSERT INTO object(id, parent, kind, class, label, child_count, update_id) VALUES
    (15, 2, 0, 0, 'Album artists', 0, 1), (16, 2, 0, 0, 'Composers', 0, 1),
    (17, 2, 0, 0, 'Years', 0, 1), (18, 2, 0, 0, 'Playlists', 0, 1),
    (19, 7, 0, 0, 'Films', 0, 1), (20, 7, 0, 0, 'Series', 0, 1),
    (21, 8, 0, 0, 'Days', 0, 1), (22, 8, 0, 0, 'Cameras', 0, 1), (23, 8, 0, 0, 'Places', 0, 1);
INSERT INTO child(parent, position, id) VALUES
    (2, x'0101', 15), (2, x'0301', 16), (2, x'0302', 17), (2, x'0401', 18), (2, x'20', 1),
    (7, x'0201', 19), (7, x'0202', 20), (7, x'20', 1),
    (8, x'0001', 21), (8, x'0002', 22), (8, x'0003', 23), (8, x'0004', 1);
UPDATE object SET child_count = child_count + 5, update_id = update_id + 1 WHERE id = 2;
UPDATE object SET child_count = child_count + 3, update_id = update_id + 1 WHERE id = 7;
UPDATE object SET child_count = child_count + 4, update_id = update_id + 1 WHERE id = 8;
UPDATE tally SET number = number + 9 WHERE what = 0;
UPDATE tally SET number = number + 1 WHERE what = 5;

-- What playlists name, as absolute paths: an item that lies there is shown in them, whichever of the
-- two comes first. A playlist itself is a sidecar of its folder.
CREATE TABLE playlist_entry (
    path     BLOB NOT NULL,
    playlist BLOB NOT NULL, -- its own path
    number   INTEGER NOT NULL,
    PRIMARY KEY (path, playlist, number)
) WITHOUT ROWID;
CREATE INDEX playlist_entries ON playlist_entry(playlist);
CREATE INDEX folder_path ON folder(path);

-- What is in the index finds its new places when it is read again.
UPDATE object SET modified_ns = 0 WHERE name IS NOT NULL AND kind <> 0;
