-- Which objects are of this class?
SELECT id FROM object WHERE class = ?1
