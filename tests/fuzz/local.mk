# SPDX-License-Identifier: ISC
# Fuzz targets. `make fuzz` builds them with libFuzzer (CC=clang); scripts/fuzz runs them. What they
# have found, and what they begin with, is given to them by `make check` as well.
FUZZ_CORE = tests/fuzz/rig.c tests/fuzz/rig.h $(SIM_SOURCES)

check_PROGRAMS += tests/fuzz/replay_client
tests_fuzz_replay_client_SOURCES = tests/fuzz/fuzz_client.c tests/fuzz/replay.c $(FUZZ_CORE)
tests_fuzz_replay_client_CPPFLAGS = $(SIM_CPPFLAGS)
tests_fuzz_replay_client_LDADD = $(SIM_LDADD)

check_PROGRAMS += tests/fuzz/replay_conf
tests_fuzz_replay_conf_SOURCES = tests/fuzz/fuzz_conf.c tests/fuzz/replay.c
tests_fuzz_replay_conf_LDADD = libsextant-conf.a libsextant-core.a $(YAML_LIBS)

check_PROGRAMS += tests/fuzz/replay_config
tests_fuzz_replay_config_SOURCES = \
	tests/fuzz/fuzz_config.c \
	tests/fuzz/replay.c \
	tests/unit/config/cfg_example.c \
	tests/unit/config/cfg_example.h
tests_fuzz_replay_config_LDADD = libsextant-conf.a libsextant-core.a $(YAML_LIBS)

check_PROGRAMS += tests/fuzz/replay_pages
tests_fuzz_replay_pages_SOURCES = \
	src/lease/store_pages.c \
	src/lease/store_pages.h \
	tests/fuzz/fuzz_pages.c \
	tests/fuzz/replay.c
tests_fuzz_replay_pages_LDADD = libsextant-core.a

check_PROGRAMS += tests/fuzz/replay_ra
tests_fuzz_replay_ra_SOURCES = tests/fuzz/fuzz_ra.c tests/fuzz/replay.c
tests_fuzz_replay_ra_LDADD = libsextant-core.a

check_PROGRAMS += tests/fuzz/replay_relay
tests_fuzz_replay_relay_SOURCES = tests/fuzz/fuzz_relay.c tests/fuzz/replay.c
tests_fuzz_replay_relay_LDADD = libsextant-core.a

check_PROGRAMS += tests/fuzz/replay_steps
tests_fuzz_replay_steps_SOURCES = tests/fuzz/fuzz_steps.c tests/fuzz/replay.c $(FUZZ_CORE)
tests_fuzz_replay_steps_CPPFLAGS = $(SIM_CPPFLAGS)
tests_fuzz_replay_steps_LDADD = $(SIM_LDADD)

AM_TESTS_ENVIRONMENT += FUZZ_BIN='$(abs_builddir)/tests/fuzz'; export FUZZ_BIN;
TESTS += tests/fuzz/corpora.sh
EXTRA_DIST += tests/fuzz/corpora.sh tests/fuzz/corpus scripts/fuzz
