# SPDX-License-Identifier: ISC
libsextant_core_a_SOURCES += \
	src/wire/dns_name.c \
	src/wire/dns_name.h \
	src/wire/wire.c \
	src/wire/wire.h

check_PROGRAMS += tests/unit/wire/test_dns_name
TESTS += tests/unit/wire/test_dns_name
tests_unit_wire_test_dns_name_SOURCES = tests/unit/wire/test_dns_name.c
tests_unit_wire_test_dns_name_LDADD = $(UNIT_LDADD)

check_PROGRAMS += tests/unit/wire/test_wire
TESTS += tests/unit/wire/test_wire
tests_unit_wire_test_wire_SOURCES = tests/unit/wire/test_wire.c
tests_unit_wire_test_wire_LDADD = $(UNIT_LDADD)
