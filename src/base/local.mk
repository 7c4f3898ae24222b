# SPDX-License-Identifier: ISC
libsextant_core_a_SOURCES += \
	src/base/arena.c \
	src/base/arena.h \
	src/base/bucket.h \
	src/base/fx.c \
	src/base/fx.h \
	src/base/ip6.c \
	src/base/ip6.h \
	src/base/logline.c \
	src/base/logline.h \
	src/base/mem.c \
	src/base/mem.h \
	src/base/mtime.h \
	src/base/rng.c \
	src/base/rng.h \
	src/base/siphash.c \
	src/base/siphash.h \
	src/base/text.c \
	src/base/text.h

check_PROGRAMS += tests/unit/base/test_base
TESTS += tests/unit/base/test_base
tests_unit_base_test_base_SOURCES = tests/unit/base/test_base.c
tests_unit_base_test_base_LDADD = $(UNIT_LDADD)
