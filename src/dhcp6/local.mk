# SPDX-License-Identifier: ISC
libsextant_core_a_SOURCES += \
	src/dhcp6/dhcp6_conf.h \
	src/dhcp6/dhcp6_server.h
