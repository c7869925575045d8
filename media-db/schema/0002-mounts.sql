-- The second step: a disk may be mounted anywhere below a root, not at the root alone.

-- From here on folder.root is the nearest disk above: the root, or a folder that is_mount; and
-- is_online and is_mount hold for those, too.
CREATE INDEX folder_mount ON folder(is_mount) WHERE is_mount = 1;
