-- Forgets what a file held in detail.
DELETE FROM detail WHERE id = ?1
