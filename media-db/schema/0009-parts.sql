-- The ninth step: songs that lie in one file, as a cue sheet tells.

-- A song that is a part of a file has no name of its own: file is the object whose file it is.
ALTER TABLE object ADD COLUMN start_ms INTEGER;
ALTER TABLE object ADD COLUMN end_ms INTEGER;
ALTER TABLE object ADD COLUMN file INTEGER;
CREATE INDEX object_part ON object(file) WHERE file IS NOT NULL;

-- Of cue sheets: which track of the file an entry is, 0 of other lists; and what they say of it.
ALTER TABLE playlist_entry ADD COLUMN track INTEGER NOT NULL DEFAULT 0;
ALTER TABLE playlist_entry ADD COLUMN start_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE playlist_entry ADD COLUMN title TEXT;
ALTER TABLE playlist_entry ADD COLUMN artist TEXT;
ALTER TABLE playlist_entry ADD COLUMN performer TEXT;
ALTER TABLE playlist_entry ADD COLUMN album TEXT;
ALTER TABLE playlist_entry ADD COLUMN genre TEXT;
ALTER TABLE playlist_entry ADD COLUMN date TEXT;

-- Cue sheets are read again, and files that may hold one.
DELETE FROM sidecar WHERE kind = 3;
UPDATE object SET modified_ns = 0 WHERE name IS NOT NULL AND kind = 1 AND format IN
    ('flac', 'ape', 'wavpack', 'tta');
