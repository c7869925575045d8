-- The fourth step: what was removed is remembered, and which disk a root is.

-- A file that comes back within 30 days is what it was: its id, and with it all that hangs on that.
CREATE TABLE tombstone (
    id          INTEGER PRIMARY KEY,
    removed_s   INTEGER NOT NULL,
    size_bytes  INTEGER NOT NULL,
    modified_ns INTEGER NOT NULL,
    name        BLOB NOT NULL
);
CREATE INDEX tombstone_file ON tombstone(size_bytes, modified_ns);
CREATE INDEX tombstone_age ON tombstone(removed_s);

-- Of a disk: its file system and the inode of its folder there.
ALTER TABLE folder ADD COLUMN mark TEXT;
