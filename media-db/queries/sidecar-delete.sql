-- Forgets a file that lay beside others.
DELETE FROM sidecar WHERE folder = ?1 AND kind = ?2 AND name = ?3
