# SPDX-License-Identifier: ISC
libsextant_core_a_SOURCES += \
	src/lease/lease.h \
	src/lease/lease_batch.c \
	src/lease/lease_bitmap.c \
	src/lease/lease_bitmap.h \
	src/lease/lease_change.c \
	src/lease/lease_client.c \
	src/lease/lease_expiry.c \
	src/lease/lease_extra.c \
	src/lease/lease_heap.c \
	src/lease/lease_heap.h \
	src/lease/lease_internal.h \
	src/lease/lease_load.c \
	src/lease/lease_offer.c \
	src/lease/lease_pick.c \
	src/lease/lease_pool.c \
	src/lease/lease_pool.h \
	src/lease/lease_port.c \
	src/lease/lease_slab.c \
	src/lease/lease_slab.h \
	src/lease/lease_state.c \
	src/lease/lease_table.c \
	src/lease/lease_tree.c \
	src/lease/lease_tree.h
libsextant_shell_a_SOURCES += \
	src/lease/store.c \
	src/lease/store.h \
	src/lease/store_log.c \
	src/lease/store_log.h \
	src/lease/store_pages.c \
	src/lease/store_pages.h \
	src/lease/store_queue.c \
	src/lease/store_queue.h \
	src/lease/store_salvage.c \
	src/lease/store_salvage.h \
	src/lease/store_sqlite.c \
	src/lease/store_sqlite.h \
	src/lease/store_sqlite_error.c \
	src/lease/store_sqlite_rows.c \
	src/lease/store_sqlite_upkeep.c

check_PROGRAMS += tests/unit/lease/test_lease_model
TESTS += tests/unit/lease/test_lease_model
tests_unit_lease_test_lease_model_SOURCES = \
	tests/unit/lease/check_lease.c \
	tests/unit/lease/check_lease.h \
	tests/unit/lease/test_lease_model.c
tests_unit_lease_test_lease_model_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit/lease
tests_unit_lease_test_lease_model_LDADD = $(UNIT_LDADD)

check_PROGRAMS += tests/unit/lease/test_store_sqlite tests/unit/lease/test_store_queue
TESTS += tests/unit/lease/test_store_sqlite tests/unit/lease/test_store_queue
tests_unit_lease_test_store_sqlite_SOURCES = \
	tests/unit/lease/check_lease.h \
	tests/unit/lease/test_store_sqlite.c
tests_unit_lease_test_store_sqlite_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit/lease
tests_unit_lease_test_store_sqlite_LDADD = libsextant-shell.a $(UNIT_LDADD) $(SQLITE_LIBS)
tests_unit_lease_test_store_queue_SOURCES = \
	tests/unit/lease/check_lease.h \
	tests/unit/lease/test_store_queue.c
tests_unit_lease_test_store_queue_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit/lease
tests_unit_lease_test_store_queue_LDADD = libsextant-shell.a $(UNIT_LDADD) $(SQLITE_LIBS) -lpthread

check_PROGRAMS += tests/unit/lease/test_lease_churn
TESTS += tests/unit/lease/test_lease_churn
tests_unit_lease_test_lease_churn_SOURCES = \
	tests/unit/lease/check_lease.h \
	tests/unit/lease/test_lease_churn.c
tests_unit_lease_test_lease_churn_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit/lease
tests_unit_lease_test_lease_churn_LDADD = libsextant-shell.a $(UNIT_LDADD) $(SQLITE_LIBS)

check_PROGRAMS += tests/unit/lease/test_lease_restart
TESTS += tests/unit/lease/test_lease_restart
tests_unit_lease_test_lease_restart_SOURCES = \
	tests/unit/lease/check_lease.c \
	tests/unit/lease/check_lease.h \
	tests/unit/lease/test_lease_restart.c
tests_unit_lease_test_lease_restart_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit/lease
tests_unit_lease_test_lease_restart_LDADD = $(UNIT_LDADD)

check_PROGRAMS += tests/unit/lease/test_store_files
TESTS += tests/unit/lease/test_store_files
tests_unit_lease_test_store_files_SOURCES = \
	tests/unit/lease/check_lease.h \
	tests/unit/lease/test_store_files.c
tests_unit_lease_test_store_files_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit/lease
tests_unit_lease_test_store_files_LDADD = libsextant-shell.a $(UNIT_LDADD) $(SQLITE_LIBS)

check_PROGRAMS += tests/unit/lease/test_lease_table
TESTS += tests/unit/lease/test_lease_table
tests_unit_lease_test_lease_table_SOURCES = \
	tests/unit/lease/check_lease.c \
	tests/unit/lease/check_lease.h \
	tests/unit/lease/test_lease_table.c
tests_unit_lease_test_lease_table_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit/lease
tests_unit_lease_test_lease_table_LDADD = $(UNIT_LDADD)

check_PROGRAMS += tests/unit/lease/test_lease_pool
TESTS += tests/unit/lease/test_lease_pool
tests_unit_lease_test_lease_pool_SOURCES = \
	tests/unit/lease/check_lease.c \
	tests/unit/lease/check_lease.h \
	tests/unit/lease/test_lease_pool.c
tests_unit_lease_test_lease_pool_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/unit/lease
tests_unit_lease_test_lease_pool_LDADD = $(UNIT_LDADD)
