-- The first step: objects, where they are shown, what words lead to them.

-- Every folder, file and group, one row each. A row keeps its id through changes, moves and renames;
-- an id is never used again. What lies on disk has a name; groups (an artist, a month) have none.
CREATE TABLE object (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    parent       INTEGER NOT NULL,           -- the folder it lies in, or the group's own container
    kind         INTEGER NOT NULL,           -- MediaKind
    class        INTEGER NOT NULL,           -- row of media_classes[]
    label        TEXT,                       -- what is shown when facts give no title
    sort_key     BLOB,                       -- of the shown title, see text-keys.h
    child_count  INTEGER NOT NULL DEFAULT 0,
    update_id    INTEGER NOT NULL DEFAULT 0, -- of the container: the system's at its last change
    name         BLOB,                       -- of the file, any bytes; a root's is its whole path
    size_bytes   INTEGER NOT NULL DEFAULT 0,
    modified_ns  INTEGER NOT NULL DEFAULT 0,
    inode        INTEGER NOT NULL DEFAULT 0,
    unreadable   TEXT,                       -- why
    artist_group INTEGER,
    album_group  INTEGER,
    mime TEXT, format TEXT, title TEXT, artist TEXT, album_artist TEXT, album TEXT, genre TEXT,
    composer TEXT, date TEXT, camera TEXT, video_codec TEXT, audio_codec TEXT,
    duration_ms INTEGER, width INTEGER, height INTEGER, rotation INTEGER, track INTEGER,
    disc INTEGER, bitrate INTEGER, sample_rate INTEGER, channels INTEGER, bits INTEGER,
    has_art INTEGER
);
-- What a walk compares, and how a moved file is known again.
CREATE INDEX object_on_disk ON object(parent, name, kind, size_bytes, modified_ns, inode)
    WHERE name IS NOT NULL;
CREATE INDEX object_inode ON object(inode) WHERE name IS NOT NULL;
CREATE INDEX object_group ON object(parent, label, artist) WHERE name IS NULL;
INSERT INTO sqlite_sequence(name, seq) VALUES ('object', 999); -- 1 to 999 are the fixed containers

-- Folders once more, narrow: a file's path is its folder's and its own name.
CREATE TABLE folder (
    id        INTEGER PRIMARY KEY,
    root      INTEGER NOT NULL,
    path      BLOB NOT NULL,
    is_online INTEGER NOT NULL DEFAULT 1, -- roots only
    is_mount  INTEGER NOT NULL DEFAULT 0  -- roots only: it was a disk of its own
);

-- What is shown in a container, in its natural order.
CREATE TABLE child (
    parent   INTEGER NOT NULL,
    position BLOB NOT NULL, -- see views.h
    id       INTEGER NOT NULL,
    PRIMARY KEY (parent, position, id)
) WITHOUT ROWID;
CREATE INDEX child_of ON child(id);

-- Three letters anywhere in title, artist, album, genre or file name, folded (text-keys.h).
CREATE VIRTUAL TABLE words USING fts5(text, content='', columnsize=0,
                                      tokenize='trigram case_sensitive 1');
CREATE VIRTUAL TABLE word_part USING fts5vocab(words, instance);

-- Totals: the number of objects of each MediaKind; 4: unreadable ones; 5: the SystemUpdateID.
CREATE TABLE tally (what INTEGER PRIMARY KEY, number INTEGER NOT NULL);
INSERT INTO tally VALUES (0, 10), (1, 0), (2, 0), (3, 0), (4, 0), (5, 1);

INSERT INTO object(id, parent, kind, class, label, child_count, update_id) VALUES
    (0, -1, 0, 0, 'Library', 4, 1), (1, 0, 0, 1, 'Folders', 0, 1), (2, 0, 0, 0, 'Music', 4, 1),
    (3, 2, 0, 0, 'Artists', 0, 1), (4, 2, 0, 0, 'Albums', 0, 1), (5, 2, 0, 0, 'Genres', 0, 1),
    (6, 2, 0, 0, 'All music', 0, 1), (7, 0, 0, 0, 'Videos', 0, 1),
    (8, 0, 0, 0, 'Pictures', 1, 1), (9, 8, 0, 0, 'All pictures', 0, 1);
INSERT INTO child(parent, position, id) VALUES
    (0, x'01', 2), (0, x'02', 7), (0, x'03', 8), (0, x'04', 1),
    (2, x'01', 3), (2, x'02', 4), (2, x'03', 5), (2, x'04', 6), (8, x'00', 9);
