# SPDX-License-Identifier: ISC
libsextant_core_a_SOURCES += \
	src/base/arena.c \
	src/base/arena.h \
	src/base/bucket.h \
	src/base/drop.h \
	src/base/fx.c \
	src/base/fx.h \
	src/base/fx_dns.c \
	src/base/fx_dns.h \
	src/base/index.c \
	src/base/index.h \
	src/base/ip6.c \
	src/base/ip6.h \
	src/base/ip6_route.h \
	src/base/logid.c \
	src/base/logid.h \
	src/base/logline.c \
	src/base/logline.h \
	src/base/md5.c \
	src/base/md5.h \
	src/base/mem.c \
	src/base/mem.h \
	src/base/mtime.h \
	src/base/octets.h \
	src/base/rng.c \
	src/base/rng.h \
	src/base/siphash.c \
	src/base/siphash.h \
	src/base/text.c \
	src/base/text.h

check_PROGRAMS += tests/unit/base/test_fx
TESTS += tests/unit/base/test_fx
tests_unit_base_test_fx_SOURCES = tests/unit/base/test_fx.c
tests_unit_base_test_fx_LDADD = $(UNIT_LDADD)

check_PROGRAMS += tests/unit/base/test_index
TESTS += tests/unit/base/test_index
tests_unit_base_test_index_SOURCES = tests/unit/base/test_index.c
tests_unit_base_test_index_LDADD = $(UNIT_LDADD)

check_PROGRAMS += tests/unit/base/test_ip6
TESTS += tests/unit/base/test_ip6
tests_unit_base_test_ip6_SOURCES = tests/unit/base/test_ip6.c
tests_unit_base_test_ip6_LDADD = $(UNIT_LDADD)

check_PROGRAMS += tests/unit/base/test_md5
TESTS += tests/unit/base/test_md5
tests_unit_base_test_md5_SOURCES = tests/unit/base/test_md5.c
tests_unit_base_test_md5_LDADD = $(UNIT_LDADD)

check_PROGRAMS += tests/unit/base/test_mem
TESTS += tests/unit/base/test_mem
tests_unit_base_test_mem_SOURCES = tests/unit/base/test_mem.c
tests_unit_base_test_mem_LDADD = $(UNIT_LDADD)

check_PROGRAMS += tests/unit/base/test_siphash
TESTS += tests/unit/base/test_siphash
tests_unit_base_test_siphash_SOURCES = tests/unit/base/test_siphash.c
tests_unit_base_test_siphash_LDADD = $(UNIT_LDADD)

check_PROGRAMS += tests/unit/base/test_text
TESTS += tests/unit/base/test_text
tests_unit_base_test_text_SOURCES = tests/unit/base/test_text.c
tests_unit_base_test_text_LDADD = $(UNIT_LDADD)

check_PROGRAMS += tests/unit/base/test_time
TESTS += tests/unit/base/test_time
tests_unit_base_test_time_SOURCES = tests/unit/base/test_time.c
tests_unit_base_test_time_LDADD = $(UNIT_LDADD)
