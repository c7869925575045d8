check_PROGRAMS += tests/model/test-live-delay tests/model/test-media tests/model/test-remote-server tests/model/test-playback tests/model/test-service \
    tests/model/test-stream
tests_model_test_live_delay_LDADD = $(MODEL_LIBS)
tests_model_test_media_LDADD = $(MODEL_LIBS)
tests_model_test_remote_server_LDADD = $(MODEL_LIBS)
tests_model_test_playback_LDADD = $(MODEL_LIBS)
tests_model_test_service_LDADD = $(MODEL_LIBS)
tests_model_test_stream_LDADD = $(MODEL_LIBS)
