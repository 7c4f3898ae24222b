# SPDX-License-Identifier: ISC
libsextant_core_a_SOURCES += \
	src/dhcp6/dhcp6_answer.c \
	src/dhcp6/dhcp6_answer.h \
	src/dhcp6/dhcp6_bind.c \
	src/dhcp6/dhcp6_bind.h \
	src/dhcp6/dhcp6_client.c \
	src/dhcp6/dhcp6_client.h \
	src/dhcp6/dhcp6_conf.h \
	src/dhcp6/dhcp6_drop.c \
	src/dhcp6/dhcp6_drop.h \
	src/dhcp6/dhcp6_exchange.h \
	src/dhcp6/dhcp6_host.c \
	src/dhcp6/dhcp6_host.h \
	src/dhcp6/dhcp6_link.c \
	src/dhcp6/dhcp6_link.h \
	src/dhcp6/dhcp6_log.c \
	src/dhcp6/dhcp6_log.h \
	src/dhcp6/dhcp6_msg.c \
	src/dhcp6/dhcp6_msg.h \
	src/dhcp6/dhcp6_option.c \
	src/dhcp6/dhcp6_option.h \
	src/dhcp6/dhcp6_proto.h \
	src/dhcp6/dhcp6_server.c \
	src/dhcp6/dhcp6_server.h \
	src/dhcp6/dhcp6_unbind.c \
	src/dhcp6/dhcp6_unbind.h

libsextant_conf_a_SOURCES += \
	src/dhcp6/dhcp6_conf.c

check_PROGRAMS += tests/unit/dhcp6/test_dhcp6_msg
TESTS += tests/unit/dhcp6/test_dhcp6_msg
tests_unit_dhcp6_test_dhcp6_msg_SOURCES = \
	tests/unit/dhcp6/peer.c \
	tests/unit/dhcp6/peer.h \
	tests/unit/dhcp6/test_dhcp6_msg.c
tests_unit_dhcp6_test_dhcp6_msg_LDADD = $(UNIT_LDADD)
