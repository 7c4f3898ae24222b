# SPDX-License-Identifier: ISC
# The store on disks that fail. Needs no root.
FAULTS_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests/faults
FAULTS_LDADD = libsextant-shell.a libsextant-core.a $(SQLITE_LIBS) -lpthread
FAULTS_SOURCES = \
	tests/faults/disk.c \
	tests/faults/disk.h \
	tests/faults/history.c \
	tests/faults/history.h

check_PROGRAMS += tests/faults/powerloss tests/faults/failsync tests/faults/salvage
TESTS += tests/faults/powerloss tests/faults/failsync tests/faults/salvage
tests_faults_powerloss_SOURCES = $(FAULTS_SOURCES) tests/faults/powerloss.c
tests_faults_powerloss_CPPFLAGS = $(FAULTS_CPPFLAGS)
tests_faults_powerloss_LDADD = $(FAULTS_LDADD)
tests_faults_failsync_SOURCES = $(FAULTS_SOURCES) tests/faults/failsync.c
tests_faults_failsync_CPPFLAGS = $(FAULTS_CPPFLAGS)
tests_faults_failsync_LDADD = $(FAULTS_LDADD)
tests_faults_salvage_SOURCES = tests/faults/salvage.c
tests_faults_salvage_LDADD = $(FAULTS_LDADD)

# Loaded into the daemon by tests in namespaces.
check_DATA = tests/faults/badclock.so tests/faults/baddisk.so tests/faults/badlink.so \
	tests/faults/slowread.so
EXTRA_DIST += tests/faults/badclock.c tests/faults/baddisk.c tests/faults/badlink.c \
	tests/faults/slowread.c
CLEANFILES += tests/faults/badclock.so tests/faults/baddisk.so tests/faults/badlink.so \
	tests/faults/slowread.so
tests/faults/badclock.so: tests/faults/badclock.c
	$(AM_V_CCLD)$(MKDIR_P) tests/faults && \
		$(CC) $(CFLAGS) -shared -fPIC -o $@ $(srcdir)/tests/faults/badclock.c
tests/faults/baddisk.so: tests/faults/baddisk.c
	$(AM_V_CCLD)$(MKDIR_P) tests/faults && \
		$(CC) $(CFLAGS) -shared -fPIC -o $@ $(srcdir)/tests/faults/baddisk.c
tests/faults/badlink.so: tests/faults/badlink.c
	$(AM_V_CCLD)$(MKDIR_P) tests/faults && \
		$(CC) $(CFLAGS) -shared -fPIC -o $@ $(srcdir)/tests/faults/badlink.c

tests/faults/slowread.so: tests/faults/slowread.c
	$(AM_V_CCLD)$(MKDIR_P) tests/faults && \
		$(CC) $(CFLAGS) -shared -fPIC -o $@ $(srcdir)/tests/faults/slowread.c
