# SPDX-License-Identifier: ISC
libsextant_conf_a_SOURCES += \
	src/config/cfg.h
