# SPDX-License-Identifier: ISC
libsextant_core_a_SOURCES += \
	src/wire/dns_name.c \
	src/wire/dns_name.h \
	src/wire/wire.c \
	src/wire/wire.h
