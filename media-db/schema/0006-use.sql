-- The sixth step: what people did with an item, kept by what is in the file.

-- Contents that somebody used, see content-digest.h; a size of -1: not known yet.
CREATE TABLE content (
    id         INTEGER PRIMARY KEY,
    size_bytes INTEGER NOT NULL,
    digest     BLOB NOT NULL,
    UNIQUE (size_bytes, digest)
);
CREATE TABLE content_of (object INTEGER PRIMARY KEY, content INTEGER NOT NULL);
CREATE INDEX content_object ON content_of(content);
CREATE TABLE use (
    content       INTEGER NOT NULL,
    person        TEXT NOT NULL, -- '': whoever
    position_ms   INTEGER NOT NULL DEFAULT 0,
    play_count    INTEGER NOT NULL DEFAULT 0,
    last_played_s INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (content, person)
) WITHOUT ROWID;
CREATE INDEX use_unfinished ON use(last_played_s) WHERE position_ms > 0;
CREATE INDEX use_often ON use(play_count) WHERE play_count > 0;

-- Views whose children are found when they are asked for, see live-views.h; and all videos have a
-- view of their own, as all music and all pictures have.
INSERT INTO object(id, parent, kind, class, label, child_count, update_id) VALUES
    (10, 2, 0, 0, 'Recently added', 0, 1), (11, 2, 0, 0, 'Most played', 0, 1),
    (12, 7, 0, 0, 'Recently added', 0, 1), (13, 7, 0, 0, 'Continue watching', 0, 1),
    (14, 7, 0, 0, 'All videos', (SELECT child_count FROM object WHERE id = 7), 1);
UPDATE child SET parent = 14 WHERE parent = 7;
INSERT INTO child(parent, position, id) VALUES
    (2, x'10', 10), (2, x'11', 11), (7, x'01', 13), (7, x'02', 12), (7, x'04', 14);
UPDATE object SET child_count = child_count + 2 WHERE id = 2;
UPDATE object SET child_count = 3 WHERE id = 7;
UPDATE object SET update_id = update_id + 1 WHERE id IN (2, 7);
UPDATE tally SET number = number + 5 WHERE what = 0;
UPDATE tally SET number = number + 1 WHERE what = 5;
