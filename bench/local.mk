# SPDX-License-Identifier: ISC
EXTRA_PROGRAMS = bench/bench_lease
CLEANFILES += bench/bench_lease
bench_bench_lease_SOURCES = bench/bench_lease.c
bench_bench_lease_LDADD = libsextant-core.a
