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
