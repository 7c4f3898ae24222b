# SPDX-License-Identifier: ISC
libsextant_core_a_SOURCES += \
	src/lease/lease.h
libsextant_shell_a_SOURCES += \
	src/lease/store.h \
	src/lease/store_queue.h
