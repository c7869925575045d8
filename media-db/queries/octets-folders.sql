-- In which folder, the next after this one, are tags octets?
SELECT min(folder) FROM octets WHERE folder > ?1
