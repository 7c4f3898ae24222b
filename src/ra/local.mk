# SPDX-License-Identifier: ISC
libsextant_core_a_SOURCES += \
	src/ra/ra_conf.h \
	src/ra/ra_link.h \
	src/ra/ra_msg.h \
	src/ra/ra_option.h \
	src/ra/ra_source.h
