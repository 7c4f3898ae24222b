# SPDX-License-Identifier: ISC
libsextant_shell_a_SOURCES += \
	src/net/net_frames.c \
	src/net/net_frames.h \
	src/net/net_groups.c \
	src/net/net_io.c \
	src/net/net_links.c \
	src/net/net_links.h \
	src/net/net_map.c \
	src/net/net_map.h \
	src/net/net_ns.c \
	src/net/net_ns.h \
	src/net/net_ns_priv.h \
	src/net/net_sock.c \
	src/net/net_sock.h \
	src/net/net_watch.c \
	src/net/net_watch.h
