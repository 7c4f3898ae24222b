# SPDX-License-Identifier: ISC
libsextant_shell_a_SOURCES += \
	src/net/net_frames.h \
	src/net/net_ns.h \
	src/net/net_watch.h
