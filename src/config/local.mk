# SPDX-License-Identifier: ISC
libsextant_conf_a_SOURCES += \
	src/config/cfg.c \
	src/config/cfg.h \
	src/config/cfg_doc.c \
	src/config/cfg_file.c \
	src/config/cfg_internal.h \
	src/config/cfg_near.c \
	src/config/cfg_read.c \
	src/config/cfg_value.c
