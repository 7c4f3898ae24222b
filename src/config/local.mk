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

CFG_TEST_LDADD = libsextant-conf.a libsextant-core.a $(YAML_LIBS) $(CMOCKA_LIBS)
CFG_TEST_COMMON = \
	tests/unit/config/cfg_example.c \
	tests/unit/config/cfg_example.h \
	tests/unit/config/cfg_reading.c \
	tests/unit/config/cfg_reading.h

CFG_TESTS = \
	tests/unit/config/test_cfg \
	tests/unit/config/test_cfg_doc \
	tests/unit/config/test_cfg_errors

check_PROGRAMS += $(CFG_TESTS)
TESTS += $(CFG_TESTS)
tests_unit_config_test_cfg_doc_SOURCES = \
	tests/unit/config/test_cfg_doc.c \
	$(CFG_TEST_COMMON)
tests_unit_config_test_cfg_doc_LDADD = $(CFG_TEST_LDADD)
tests_unit_config_test_cfg_SOURCES = \
	tests/unit/config/test_cfg.c \
	tests/fuzz/fuzz_config.c \
	$(CFG_TEST_COMMON)
tests_unit_config_test_cfg_LDADD = $(CFG_TEST_LDADD)
tests_unit_config_test_cfg_errors_SOURCES = \
	tests/unit/config/test_cfg_errors.c \
	$(CFG_TEST_COMMON)
tests_unit_config_test_cfg_errors_LDADD = $(CFG_TEST_LDADD)
