# SPDX-License-Identifier: ISC
libsextant_core_a_SOURCES += \
	src/duid/duid.c \
	src/duid/duid.h
