# Whole programs on hosts of their own (ARCHITECTURE.md, "Journeys").
dist_check_SCRIPTS += tests/journeys/test-a-library tests/journeys/test-b-cast \
    tests/journeys/test-b-cast-plain tests/journeys/test-b-cast-secure tests/journeys/test-broken-files \
    tests/journeys/test-c-igrs tests/journeys/test-c-igrs-secure \
    tests/journeys/test-c-igrs-tls tests/journeys/test-c-igrs-tls-secure tests/journeys/test-tls \
    tests/journeys/test-c-secure tests/journeys/test-d-transcode tests/journeys/test-crowd tests/journeys/test-e-move \
    tests/journeys/test-files tests/journeys/test-groups \
    tests/journeys/test-kill tests/journeys/test-matrix tests/journeys/test-netcat \
    tests/journeys/test-pairing tests/journeys/test-people tests/journeys/test-push tests/journeys/test-queue \
    tests/journeys/test-servers tests/journeys/test-tracks tests/journeys/test-uploads
