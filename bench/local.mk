# SPDX-License-Identifier: ISC
# Built by `make bench` alone, so that `make` stays fast; run by bench/run.
BENCHES = bench/bench_lease bench/load bench/null bench/ra

EXTRA_PROGRAMS = $(BENCHES)
CLEANFILES += $(BENCHES)

bench_load_SOURCES = \
	bench/batch.c \
	bench/batch.h \
	bench/clients.c \
	bench/clients.h \
	bench/clock.h \
	bench/histogram.c \
	bench/histogram.h \
	bench/load.c \
	bench/message.c \
	bench/message.h \
	bench/phase.c \
	bench/phase.h
bench_load_LDADD = libsextant-core.a

bench_null_SOURCES = \
	bench/batch.c \
	bench/batch.h \
	bench/journal.c \
	bench/journal.h \
	bench/message.h \
	bench/null.c
bench_null_LDADD = libsextant-core.a

bench_ra_SOURCES = \
	bench/clock.h \
	bench/histogram.c \
	bench/histogram.h \
	bench/ra.c
bench_ra_LDADD = libsextant-core.a

check_PROGRAMS += tests/unit/bench/test_bench
TESTS += tests/unit/bench/test_bench
tests_unit_bench_test_bench_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/bench
tests_unit_bench_test_bench_SOURCES = \
	bench/clients.c \
	bench/histogram.c \
	bench/message.c \
	tests/unit/bench/test_bench.c
tests_unit_bench_test_bench_LDADD = $(UNIT_LDADD)

.PHONY: bench
bench: $(BENCHES)

EXTRA_DIST += \
	bench/benchlib/__init__.py \
	bench/benchlib/bench.py \
	bench/benchlib/host.py \
	bench/benchlib/machine.py \
	bench/benchlib/parts.py \
	bench/benchlib/plot.py \
	bench/benchlib/profile.py \
	bench/benchlib/report.py \
	bench/benchlib/servers.py \
	bench/benchlib/setup.py \
	bench/instructions \
	bench/run \
	bench/scale \
	bench/selftest

bench_bench_lease_SOURCES = bench/bench_lease.c
bench_bench_lease_LDADD = libsextant-core.a
