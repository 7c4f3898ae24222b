# SPDX-License-Identifier: ISC
libsextant_conf_a_SOURCES += \
	src/daemon/conf.c \
	src/daemon/conf.h \
	src/daemon/conf_hosts.c \
	src/daemon/conf_hosts.h \
	src/daemon/conf_match.c \
	src/daemon/conf_promises.c \
	src/daemon/conf_promises.h \
	src/daemon/ledgers.c \
	src/daemon/ledgers.h \
	src/daemon/view.c \
	src/daemon/view.h
libsextant_shell_a_SOURCES += \
	src/daemon/clock.c \
	src/daemon/clock.h \
	src/daemon/counters.c \
	src/daemon/daemon.c \
	src/daemon/daemon.h \
	src/daemon/floods.c \
	src/daemon/heap.c \
	src/daemon/heap.h \
	src/daemon/host_routes.c \
	src/daemon/instances.c \
	src/daemon/links.c \
	src/daemon/listen.c \
	src/daemon/listen.h \
	src/daemon/log.c \
	src/daemon/log.h \
	src/daemon/lost.c \
	src/daemon/lost.h \
	src/daemon/missing.c \
	src/daemon/namespaces.c \
	src/daemon/outbox.c \
	src/daemon/outbox.h \
	src/daemon/overhear.c \
	src/daemon/pipeline.c \
	src/daemon/pipeline.h \
	src/daemon/prefixes.c \
	src/daemon/privs.c \
	src/daemon/privs.h \
	src/daemon/routes.c \
	src/daemon/serve.c \
	src/daemon/state.h \
	src/daemon/transmit.c \
	src/daemon/wallclock.c

sbin_PROGRAMS += sextantd
sextantd_SOURCES = src/daemon/main.c
sextantd_LDADD = libsextant-shell.a libsextant-conf.a libsextant-core.a \
	$(EVENT_LIBS) $(CAP_LIBS) $(YAML_LIBS) $(SQLITE_LIBS) -lpthread

check_PROGRAMS += tests/unit/daemon/test_pipeline
TESTS += tests/unit/daemon/test_pipeline
tests_unit_daemon_test_pipeline_SOURCES = tests/unit/daemon/test_pipeline.c
tests_unit_daemon_test_pipeline_LDADD = libsextant-shell.a $(UNIT_LDADD) $(EVENT_LIBS) $(CAP_LIBS) \
	$(SQLITE_LIBS) -lpthread

check_PROGRAMS += tests/unit/daemon/test_conf_match
TESTS += tests/unit/daemon/test_conf_match
tests_unit_daemon_test_conf_match_SOURCES = tests/unit/daemon/test_conf_match.c
tests_unit_daemon_test_conf_match_LDADD = libsextant-conf.a $(UNIT_LDADD) $(YAML_LIBS)

check_PROGRAMS += tests/unit/daemon/test_transmit
TESTS += tests/unit/daemon/test_transmit
tests_unit_daemon_test_transmit_SOURCES = tests/unit/daemon/test_transmit.c
tests_unit_daemon_test_transmit_LDADD = libsextant-shell.a libsextant-conf.a libsextant-core.a \
	$(CMOCKA_LIBS) $(EVENT_LIBS) $(CAP_LIBS) $(YAML_LIBS) $(SQLITE_LIBS) -lpthread
