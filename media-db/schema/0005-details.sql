-- The fifth step: more facts, what a file holds in detail, and what lies beside it.
ALTER TABLE object ADD COLUMN place TEXT;
ALTER TABLE object ADD COLUMN charset TEXT;
ALTER TABLE object ADD COLUMN rating INTEGER;
ALTER TABLE object ADD COLUMN gain_track INTEGER;
ALTER TABLE object ADD COLUMN gain_album INTEGER;
ALTER TABLE object ADD COLUMN peak_track INTEGER;
ALTER TABLE object ADD COLUMN peak_album INTEGER;

-- Streams and chapters, as model/media-details.h encodes them, of what has more than its facts say.
CREATE TABLE detail (
    id    INTEGER PRIMARY KEY,
    lists BLOB NOT NULL
);

-- The octets of tags that were not Unicode, so that they can be read anew in another charset: the
-- facts as the file gave them, each octet a letter of Latin-1 (charsets.h).
CREATE TABLE octets (
    id     INTEGER PRIMARY KEY,
    folder INTEGER NOT NULL,
    facts  BLOB NOT NULL
);
CREATE INDEX octets_folder ON octets(folder);

-- Files that belong to others in their folder: subtitles, lyrics, covers (model/sidecar.h).
CREATE TABLE sidecar (
    folder      INTEGER NOT NULL,
    kind        INTEGER NOT NULL,
    name        BLOB NOT NULL,
    size_bytes  INTEGER NOT NULL,
    modified_ns INTEGER NOT NULL,
    PRIMARY KEY (folder, kind, name)
) WITHOUT ROWID;

-- What is in the index is read again, for the facts that are new.
UPDATE object SET modified_ns = 0 WHERE name IS NOT NULL AND kind <> 0;
