# media-db
