-- What does a file hold in detail?
SELECT lists FROM detail WHERE id = ?1
