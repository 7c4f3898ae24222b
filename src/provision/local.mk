# SPDX-License-Identifier: ISC
libsextant_core_a_SOURCES += \
	src/provision/provision_leases.c \
	src/provision/provision_leases.h \
	src/provision/provision_plan.c \
	src/provision/provision_plan.h

check_PROGRAMS += tests/unit/provision/test_provision_leases
TESTS += tests/unit/provision/test_provision_leases
tests_unit_provision_test_provision_leases_SOURCES = \
	tests/unit/provision/test_provision_leases.c
tests_unit_provision_test_provision_leases_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=siphash
tests_unit_provision_test_provision_leases_LDADD = $(UNIT_LDADD)

check_PROGRAMS += tests/unit/provision/test_provision_plan
TESTS += tests/unit/provision/test_provision_plan
tests_unit_provision_test_provision_plan_SOURCES = tests/unit/provision/test_provision_plan.c
tests_unit_provision_test_provision_plan_LDADD = $(UNIT_LDADD)
