-- The fourteenth step: the DLNA profile that sets know a file by.
ALTER TABLE object ADD COLUMN dlna_profile TEXT;

-- What can have one is read again.
UPDATE object SET modified_ns = 0
 WHERE name IS NOT NULL AND mime IN ('audio/mp4', 'audio/x-ms-wma', 'video/mp4', 'video/mpeg');
