-- Which files could not be read? The latest first.
SELECT id FROM object WHERE unreadable IS NOT NULL ORDER BY id DESC LIMIT 500
