-- Keeps what a file holds in detail.
INSERT OR REPLACE INTO detail(id, lists) VALUES (?1, ?2)
