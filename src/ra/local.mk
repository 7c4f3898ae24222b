# SPDX-License-Identifier: ISC
libsextant_core_a_SOURCES += \
	src/ra/ra_clients.c \
	src/ra/ra_clients.h \
	src/ra/ra_conf.h \
	src/ra/ra_ledger.c \
	src/ra/ra_ledger.h \
	src/ra/ra_link.c \
	src/ra/ra_link.h \
	src/ra/ra_link_former.c \
	src/ra/ra_link_internal.h \
	src/ra/ra_link_others.c \
	src/ra/ra_link_solicit.c \
	src/ra/ra_msg.c \
	src/ra/ra_msg.h \
	src/ra/ra_option.c \
	src/ra/ra_option.h \
	src/ra/ra_option_dns.c \
	src/ra/ra_option_row.h \
	src/ra/ra_others.c \
	src/ra/ra_others.h \
	src/ra/ra_source.h \
	src/ra/ra_verdict.c \
	src/ra/ra_verdict.h \
	src/ra/ra_watch.c \
	src/ra/ra_watch.h \
	src/ra/ra_withdrawn.c \
	src/ra/ra_withdrawn.h
libsextant_conf_a_SOURCES += \
	src/ra/ra_conf.c \
	src/ra/ra_conf_check.c \
	src/ra/ra_conf_internal.h \
	src/ra/ra_conf_text.c \
	src/ra/ra_conf_text.h

check_PROGRAMS += tests/unit/ra/test_ra_link
TESTS += tests/unit/ra/test_ra_link
tests_unit_ra_test_ra_link_SOURCES = \
	tests/unit/ra/ra_fixture.c \
	tests/unit/ra/ra_fixture.h \
	tests/unit/ra/test_ra_link.c
tests_unit_ra_test_ra_link_LDADD = $(UNIT_LDADD)

check_PROGRAMS += tests/unit/ra/test_ra_link_former
TESTS += tests/unit/ra/test_ra_link_former
tests_unit_ra_test_ra_link_former_SOURCES = \
	tests/unit/ra/ra_fixture.c \
	tests/unit/ra/ra_fixture.h \
	tests/unit/ra/test_ra_link_former.c
tests_unit_ra_test_ra_link_former_LDADD = $(UNIT_LDADD)

check_PROGRAMS += tests/unit/ra/test_ra_clients
TESTS += tests/unit/ra/test_ra_clients
tests_unit_ra_test_ra_clients_SOURCES = \
	tests/unit/ra/ra_fixture.c \
	tests/unit/ra/ra_fixture.h \
	tests/unit/ra/test_ra_clients.c
tests_unit_ra_test_ra_clients_LDADD = $(UNIT_LDADD)

check_PROGRAMS += tests/unit/ra/test_ra_conf
TESTS += tests/unit/ra/test_ra_conf
tests_unit_ra_test_ra_conf_SOURCES = tests/unit/ra/test_ra_conf.c
tests_unit_ra_test_ra_conf_LDADD = libsextant-conf.a $(UNIT_LDADD) $(YAML_LIBS)

check_PROGRAMS += tests/unit/ra/test_ra_option
TESTS += tests/unit/ra/test_ra_option
tests_unit_ra_test_ra_option_SOURCES = \
	tests/unit/ra/ra_fixture.c \
	tests/unit/ra/ra_fixture.h \
	tests/unit/ra/test_ra_option.c
tests_unit_ra_test_ra_option_LDADD = $(UNIT_LDADD)

check_PROGRAMS += tests/unit/ra/test_ra_msg
TESTS += tests/unit/ra/test_ra_msg
tests_unit_ra_test_ra_msg_SOURCES = \
	tests/unit/ra/ra_fixture.c \
	tests/unit/ra/ra_fixture.h \
	tests/unit/ra/test_ra_msg.c
tests_unit_ra_test_ra_msg_LDADD = $(UNIT_LDADD)

check_PROGRAMS += tests/unit/ra/test_ra_verdict
TESTS += tests/unit/ra/test_ra_verdict
tests_unit_ra_test_ra_verdict_SOURCES = \
	tests/unit/base/check_drop.h \
	tests/unit/ra/ra_fixture.c \
	tests/unit/ra/ra_fixture.h \
	tests/unit/ra/test_ra_verdict.c
tests_unit_ra_test_ra_verdict_LDADD = $(UNIT_LDADD)

check_PROGRAMS += tests/fuzz/ra_seeds
TESTS += tests/fuzz/ra_seeds
tests_fuzz_ra_seeds_SOURCES = \
	tests/fuzz/fuzz_ra.c \
	tests/fuzz/ra_seeds.c
tests_fuzz_ra_seeds_LDADD = libsextant-core.a

check_PROGRAMS += tests/unit/ra/test_ra_ledger
TESTS += tests/unit/ra/test_ra_ledger
tests_unit_ra_test_ra_ledger_SOURCES = \
	tests/unit/ra/ra_fixture.c \
	tests/unit/ra/ra_fixture.h \
	tests/unit/ra/test_ra_ledger.c
tests_unit_ra_test_ra_ledger_LDADD = $(UNIT_LDADD)
