-- Forgets what lay beside others in this folder.
DELETE FROM sidecar WHERE folder = ?1
