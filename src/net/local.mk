# SPDX-License-Identifier: ISC
libsextant_shell_a_SOURCES += \
	src/net/net_direct.c \
	src/net/net_direct.h \
	src/net/net_drop.c \
	src/net/net_drop.h \
	src/net/net_frames.c \
	src/net/net_frames.h \
	src/net/net_shed.c \
	src/net/net_shed.h \
	src/net/net_groups.c \
	src/net/net_io.c \
	src/net/net_links.c \
	src/net/net_links.h \
	src/net/net_map.c \
	src/net/net_map.h \
	src/net/net_ns.c \
	src/net/net_ns.h \
	src/net/net_ns_priv.h \
	src/net/net_nsdir.c \
	src/net/net_nsdir.h \
	src/net/net_route_msg.c \
	src/net/net_route_msg.h \
	src/net/net_routes.c \
	src/net/net_routes.h \
	src/net/net_sock.c \
	src/net/net_sock.h \
	src/net/net_watch.c \
	src/net/net_watch.h

NET_TEST_LDADD = libsextant-shell.a $(UNIT_LDADD)

check_PROGRAMS += tests/unit/net/test_net_links
TESTS += tests/unit/net/test_net_links
tests_unit_net_test_net_links_SOURCES = tests/unit/net/test_net_links.c
tests_unit_net_test_net_links_LDADD = $(NET_TEST_LDADD)

check_PROGRAMS += tests/unit/net/test_net_map
TESTS += tests/unit/net/test_net_map
tests_unit_net_test_net_map_SOURCES = tests/unit/net/test_net_map.c
tests_unit_net_test_net_map_LDADD = $(NET_TEST_LDADD)

# These need the right to make network namespaces: root, or user namespaces; 77 without.
check_PROGRAMS += tests/unit/net/test_net_sockets
TESTS += tests/unit/net/test_net_sockets
tests_unit_net_test_net_sockets_SOURCES = \
	tests/unit/net/lab.c \
	tests/unit/net/lab.h \
	tests/unit/net/test_net_sockets.c
tests_unit_net_test_net_sockets_LDADD = $(NET_TEST_LDADD) $(CAP_LIBS)

check_PROGRAMS += tests/unit/net/test_net_direct
TESTS += tests/unit/net/test_net_direct
tests_unit_net_test_net_direct_SOURCES = \
	tests/unit/net/lab.c \
	tests/unit/net/lab.h \
	tests/unit/net/test_net_direct.c
tests_unit_net_test_net_direct_LDADD = $(NET_TEST_LDADD)

check_PROGRAMS += tests/unit/net/test_net_shed
TESTS += tests/unit/net/test_net_shed
tests_unit_net_test_net_shed_SOURCES = \
	tests/unit/net/lab.c \
	tests/unit/net/lab.h \
	tests/unit/net/test_net_shed.c
tests_unit_net_test_net_shed_LDADD = $(NET_TEST_LDADD)

check_PROGRAMS += tests/unit/net/test_net_watch
TESTS += tests/unit/net/test_net_watch
tests_unit_net_test_net_watch_SOURCES = \
	tests/unit/net/lab.c \
	tests/unit/net/lab.h \
	tests/unit/net/test_net_watch.c
tests_unit_net_test_net_watch_LDADD = $(NET_TEST_LDADD)

check_PROGRAMS += tests/unit/net/test_net_routes
TESTS += tests/unit/net/test_net_routes
tests_unit_net_test_net_routes_SOURCES = \
	tests/unit/net/lab.c \
	tests/unit/net/lab.h \
	tests/unit/net/test_net_routes.c
tests_unit_net_test_net_routes_LDADD = $(NET_TEST_LDADD)
