# SPDX-License-Identifier: ISC
libsextant_core_a_SOURCES += \
	src/duid/duid.c \
	src/duid/duid.h

check_PROGRAMS += tests/unit/duid/test_duid
TESTS += tests/unit/duid/test_duid
tests_unit_duid_test_duid_SOURCES = tests/unit/duid/test_duid.c
tests_unit_duid_test_duid_LDADD = $(UNIT_LDADD)
