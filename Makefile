# SPDX-License-Identifier: MIT
# make            the product, build/tether
# make emulator   the bench, build/emulator        make demo    see it debug a program
# make test       everything, in minutes           make lint    clang-tidy, cppcheck, shellcheck
# make test-lab   every program on every board, and what else takes long
# HIDAPI=libusb reaches HID probes by libusb instead of the kernel's hidraw
# V=1 shows commands; BUILD=dir builds elsewhere; CFLAGS, CPPFLAGS, LDFLAGS, PREFIX, DESTDIR
# as usual; HARDEN= and HARDEN_LD= build without what makes an overrun harder to exploit

CC      ?= cc
CFLAGS  ?= -O2 -g
PREFIX  ?= /usr/local
# tether by the names of other servers; not in bin, where it would hide them
DROPINS  = $(PREFIX)/libexec/tether
SHARE    = $(PREFIX)/share
UDEV_RULE = /lib/udev/rules.d/60-tether.rules
USER_UNIT = $(PREFIX)/lib/systemd/user/tether.service
BASH_COMPLETION = $(SHARE)/bash-completion/completions/tether
ZSH_FUNCTIONS = $(SHARE)/zsh/site-functions
FISH_COMPLETION = $(SHARE)/fish/vendor_completions.d/tether.fish
BUILD   ?= build
BOARD   ?= g473-custom
STD     := -std=c11 -D_POSIX_C_SOURCE=200809L
WARN    := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wvla -Wstrict-prototypes \
           -Wmissing-prototypes -Wwrite-strings -Wcast-qual -Wundef -Wformat=2
SAN     := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
# The C library checks buffers only in code that is optimized, and warns otherwise.
OPTIMIZED = $(filter-out -O0,$(filter -O%,$(CFLAGS)))
FORTIFY  = $(if $(OPTIMIZED),$(if $(findstring _FORTIFY_SOURCE,$(CPPFLAGS) $(CFLAGS)),,-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2))
HARDEN   = -fstack-protector-strong -fPIE $(FORTIFY)
HARDEN_LD = -pie -Wl,-z,relro,-z,now
FLAGS    = $(STD) $(WARN) -I. -MMD -MP $(CPPFLAGS) $(CFLAGS) $(WERROR)
LINK     = $(CC) $(CFLAGS) $(HARDEN_LD) $(LDFLAGS)
Q       := $(if $(V),,@)
QUIET   := $(if $(V),,-s)

# The rooms from the roof down; a library may use those to its right (scripts/check-layers).
ROOMS   := server flash targets transport
HIDAPI  ?= hidraw
OTHER_HIDAPI = $(if $(filter libusb,$(HIDAPI)),hidraw,libusb)
PKGS    := libusb-1.0 hidapi-$(HIDAPI) libuv liblzma
EMU     := test/emulator
EMU_PKGS := unicorn
sources  = $(filter-out %/main.c,$(shell find $(1) -name '*.c' ! -path '*/algorithms/*' ! -path '*/test/*' 2>/dev/null))
HEADERS  = $(shell find $(ROOMS) $(EMU) -name '*.h' ! -path '*/algorithms/*')
libs     = $(foreach r,$(ROOMS),$(BUILD)/$(1)$(r).a)
pkg      = $(shell pkg-config --$(1) $(2) 2>/dev/null)
# Test programs: test/unit/ROOM/x_test.c links ROOM and what is below it.
below    = $(if $(filter $(1),$(ROOMS)),$(shell echo $(ROOMS) | sed 's/.*\($(1)\)/\1/'))
UNIT    := $(shell find test/unit -name '*_test.c' 2>/dev/null)
EMU_UNIT := $(shell find $(EMU)/test -name '*_test.c' 2>/dev/null)
UNIT_PROGRAMS := $(UNIT:%.c=$(BUILD)/%) $(EMU_UNIT:%.c=$(BUILD)/%)

.PHONY: all emulator demo serve test test-lab test-programs unit check-layers check-headers check-portable check-mingw \
        check-remedies check-findings check-parts check-mentions check-functions check-words check-log check-manual check-generated \
        check-hardening clients gdb-tests ide install-tests rsp-tests stress \
        lab-boards lab-gdb lab-stress lab-pairs lab-calibration lab-run lab-compression lab-package test-kernel-usb \
        bench fuzz-images fuzz-loaders fuzz-recordings lint format install uninstall deb clean
.SECONDARY:
.DELETE_ON_ERROR:

all: $(BUILD)/tether
emulator: $(BUILD)/emulator

# demo and test work as the first command on a fresh machine: what is missing is installed
# before make looks for the libraries, which is why each calls make again.
demo:
	$(Q)scripts/bootstrap
	$(Q)$(MAKE) --no-print-directory $(QUIET) all emulator
	$(Q)BUILD=$(BUILD) scripts/demo
serve:
	$(Q)scripts/bootstrap
	$(Q)$(MAKE) --no-print-directory $(QUIET) all emulator
	$(Q)BUILD=$(BUILD) exec scripts/serve $(BOARD)
test:
	$(Q)scripts/bootstrap test
	$(Q)BUILD=$(BUILD) MAKE="$(MAKE)" scripts/test
test-lab:
	$(Q)scripts/bootstrap lab
	$(Q)BUILD=$(BUILD) MAKE="$(MAKE)" scripts/test lab

$(BUILD)/tether: $(BUILD)/server/cli/main.o $(call libs,)
	@echo '  LD    $@'
	$(Q)$(LINK) -o $@ $^ $(call pkg,libs,$(PKGS))
$(BUILD)/emulator: $(BUILD)/$(EMU)/main.o $(BUILD)/$(EMU).a
	@echo '  LD    $@'
	$(Q)$(LINK) -o $@ $^ $(call pkg,libs,$(EMU_PKGS)) -lm
$(BUILD)/san/tether: $(BUILD)/san/server/cli/main.o $(call libs,san/)
	@echo '  LD    $@'
	$(Q)$(CC) $(SAN) -o $@ $^ $(call pkg,libs,$(PKGS))
# HID probes by hidapi's other back end, whichever that is.
$(BUILD)/san/tether-other-hid: $(BUILD)/san/server/cli/main.o $(call libs,san/)
	@echo '  LD    $@'
	$(Q)$(CC) $(SAN) -o $@ $^ $(call pkg,libs,$(subst hidapi-$(HIDAPI),hidapi-$(OTHER_HIDAPI),$(PKGS)))
$(BUILD)/san/emulator: $(BUILD)/san/$(EMU)/main.o $(BUILD)/san/$(EMU).a
	@echo '  LD    $@'
	$(Q)$(CC) $(SAN) -o $@ $^ $(call pkg,libs,$(EMU_PKGS)) -lm

define library # prefix, folder
$(BUILD)/$(1)$(2).a: $(patsubst %.c,$(BUILD)/$(1)%.o,$(call sources,$(2))) \
                     $(if $(filter server,$(2)),$(BUILD)/$(1)vocabulary_words.o)
	@echo '  AR    $$@'
	$(Q)rm -f $$@ && $(AR) qcs $$@ $$^
endef
$(foreach r,$(ROOMS) $(EMU),$(eval $(call library,,$(r)))$(eval $(call library,san/,$(r))))

# The words of tether's own messages, which may stay in a recording for others.
VOICED := $(foreach r,$(ROOMS),$(call sources,$(r))) $(shell find $(ROOMS) -name '*.h' ! -path '*/algorithms/*') \
          server/cli/main.c
$(BUILD)/vocabulary_words.c: scripts/make-vocabulary $(VOICED)
	@mkdir -p $(@D)
	$(Q)scripts/make-vocabulary $(VOICED) >$@
$(BUILD)/vocabulary_words.o: $(BUILD)/vocabulary_words.c
	@echo '  CC    $<'
	$(Q)$(CC) $(HARDEN) $(FLAGS) -c -o $@ $<
$(BUILD)/san/vocabulary_words.o: $(BUILD)/vocabulary_words.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(FLAGS) -O1 -Werror $(SAN) -c -o $@ $<

$(BUILD)/san/%.o: %.c
	@mkdir -p $(@D)
	@echo '  CC    $< (sanitized)'
	$(Q)$(CC) $(FLAGS) -O1 -Werror $(SAN) $(call pkg,cflags,$(PKGS) $(EMU_PKGS)) -c -o $@ $<
$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	@echo '  CC    $<'
	$(Q)$(CC) $(HARDEN) $(FLAGS) $(call pkg,cflags,$(PKGS) $(EMU_PKGS)) -c -o $@ $<

define unit_test # test source, room
$(BUILD)/$(1:.c=): $(BUILD)/san/$(1:.c=.o) $(BUILD)/san/test/unit/support.a $(foreach r,$(call below,$(2)),$(BUILD)/san/$(r).a)
	@mkdir -p $$(@D)
	@echo '  LD    $$@'
	$(Q)$(CC) $(SAN) -o $$@ $$^ $(call pkg,libs,cmocka $(PKGS))
endef
$(foreach t,$(UNIT),$(eval $(call unit_test,$(t),$(word 3,$(subst /, ,$(t))))))
$(BUILD)/san/test/unit/support.a: $(patsubst %.c,$(BUILD)/san/%.o,$(filter-out %_test.c,$(shell find test/unit -name '*.c')))
	$(Q)rm -f $@ && $(AR) qcs $@ $^
$(EMU_UNIT:%.c=$(BUILD)/%): $(BUILD)/%: $(BUILD)/san/%.o $(BUILD)/san/$(EMU).a
	@mkdir -p $(@D)
	@echo '  LD    $@'
	$(Q)$(CC) $(SAN) -o $@ $^ $(call pkg,libs,cmocka $(EMU_PKGS)) -lm

$(BUILD)/test/gdb/rsp $(BUILD)/test/gdb/hostile: %: %.o
	$(Q)$(LINK) -o $@ $^
$(BUILD)/big.elf: test/firmware/demo.elf test/firmware/filler.S
	@mkdir -p $(@D)
	$(Q)test/firmware/build --big $@

$(BUILD)/logger.bin: test/firmware/logger.c test/firmware/startup.c test/firmware/stm32g473.ld
	@mkdir -p $(@D)
	$(Q)test/firmware/build --logger $@

# The stages of scripts/test; each runs alone as well. Scripts wait for clocks and for
# each other half of their time: twice as many at once as there are processors.
SCRIPT_JOBS = $${JOBS:-$$(($$(nproc) * 2))}
unit: $(UNIT_PROGRAMS)
	$(Q)test/run $^
test-programs: all emulator $(BUILD)/san/tether $(BUILD)/san/tether-other-hid $(BUILD)/san/emulator $(UNIT_PROGRAMS) \
               $(BUILD)/test/gdb/rsp $(BUILD)/test/gdb/hostile $(BUILD)/big.elf
clients gdb-tests ide install-tests rsp-tests stress: test-programs
	$(Q)BUILD=$(BUILD) JOBS=$(SCRIPT_JOBS) test/run $(wildcard test/$(@:-tests=)/*_test)

# In a guest with a kernel of its own; the other programs are built by the same rules.
test-kernel-usb: all emulator $(BUILD)/san/tether-other-hid
	$(Q)BUILD=$(BUILD) test/run test/kernel/usb_test
lab-boards: test-programs
	$(Q)BUILD=$(BUILD) BOARDS=all GDBS=both TEST_LIMIT=3600 test/run test/clients/boards_test \
		test/clients/protection_test test/clients/options_test test/clients/banks_test \
		test/gdb/load_test test/gdb/modes_test test/gdb/recover_test test/gdb/quiet_test test/gdb/trace_pc_test \
		test/gdb/two_cores_test test/gdb/group_test test/gdb/report_test test/gdb/loader_test \
		test/gdb/one_gdb_test test/gdb/every_board_test test/gdb/access_port_test test/gdb/low_power_test \
		test/gdb/reset_source_test test/gdb/reset_row_test test/gdb/spi_flash_test test/gdb/otp_test \
		test/gdb/situations_test
	$(Q)CUT_SEEDS=5 TEST_LIMIT=3600 test/run $(BUILD)/$(EMU)/test/cut_test
# What make test takes by turns or by example: each test with both versions of gdb, each probe.
lab-gdb: test-programs
	$(Q)BUILD=$(BUILD) JOBS=$(SCRIPT_JOBS) GDBS=both KINDS=all test/run \
		$(patsubst %,test/gdb/%_test,session run_control mi monitor fault stlink_kinds)
	$(Q)BUILD=$(BUILD) ONLY=eight_seconds test/run test/gdb/delivery_test
lab-stress: test-programs
	$(Q)BUILD=$(BUILD) STRESS=$${STRESS:-lab} TEST_LIMIT=3600 test/run $(wildcard test/stress/*_test)
fuzz-recordings: $(BUILD)/test/unit/server/replay_test # REPLAY_FUZZ=400000 spoiled recordings
	$(Q)REPLAY_FUZZ=$${REPLAY_FUZZ:-400000} $(BUILD)/test/unit/server/replay_test
fuzz-loaders: $(BUILD)/test/unit/flash/loader_test # LOADER_FUZZ=20000000 spoiled files
	$(Q)LOADER_FUZZ=$${LOADER_FUZZ:-20000000} $(BUILD)/test/unit/flash/loader_test
fuzz-images: $(BUILD)/test/unit/flash/file_test # FILE_FUZZ=200000000 spoiled files
	$(Q)FILE_FUZZ=$${FILE_FUZZ:-200000000} $(BUILD)/test/unit/flash/file_test
bench-findings: all emulator      # RUNS=600 HEALTHY=1000 PAIRS=50 SEED=1 JOBS=2
	$(Q)BUILD=$(BUILD) test/bench/findings $${RUNS:-600} $${HEALTHY:-1000} $${PAIRS:-50}
bench-pairs: all emulator         # two faults at once; PAIRS=50
	$(Q)BUILD=$(BUILD) test/bench/findings 0 0 $${PAIRS:-50}
lab-pairs: all emulator
	$(Q)BUILD=$(BUILD) test/bench/findings 0 0 12
# Debian's package, and what lintian says of it.
lab-package: test-programs
	$(Q)BUILD=$(BUILD) test/run test/install/lab/package_test
lab-run: all emulator
	$(Q)BUILD=$(BUILD) test/bench/run
lab-compression: all emulator $(BUILD)/logger.bin
	$(Q)BUILD=$(BUILD) TEST_LIMIT=3600 test/run test/bench/compression
lab-calibration: emulator
	$(Q)BUILD=$(BUILD) test/bench/calibration

check-layers: all emulator         # looks at the objects too
	$(Q)BUILD=$(BUILD) scripts/check-layers
check-portable: all                # POSIX in two files alone; looks at the objects too
	$(Q)BUILD=$(BUILD) scripts/check-portable
check-mingw:                       # the sources compile for Windows
	$(Q)BUILD=$(BUILD) scripts/check-mingw
check-remedies: $(BUILD)/tether    # name only what there is
	$(Q)BUILD=$(BUILD) scripts/check-remedies
check-parts: $(BUILD)/tether       # README.md lists the parts of the device table
	$(Q)BUILD=$(BUILD) scripts/make-parts --check
check-manual: $(BUILD)/tether      # scripts/man is made from the tables
	$(Q)BUILD=$(BUILD) scripts/make-manual --check
check-headers:                     # each compiles alone, and twice
	$(Q)for h in $(HEADERS); do printf '#include "%s"\n#include "%s"\nextern int a_header_of_macros_alone;\n' $$h $$h | \
	    $(CC) $(STD) $(WARN) -Werror -I. $(call pkg,cflags,$(PKGS) $(EMU_PKGS)) \
	    -fsyntax-only -xc - || exit 1; done
check-mentions check-functions check-words check-log check-findings:
	$(Q)scripts/$@
check-hardening: all
	$(Q)scripts/check-hardening $(BUILD)/tether
bench-run: all emulator            # how long steps, breakpoints and conditions take, beside openocd
	$(Q)BUILD=$(BUILD) test/bench/run
bench: all emulator                # how long loads take, beside openocd and st-flash
	$(Q)BUILD=$(BUILD) test/bench/flash
check-generated:                   # what arm-none-eabi-gcc made is what is committed
	$(Q)scripts/make-algorithm --check
	$(Q)test/emulator/test/make-code --check
	$(Q)test/firmware/build --check

lint:
	$(Q)scripts/bootstrap lint
	$(Q)scripts/lint
format:
	$(Q)git ls-files -co --exclude-standard '*.[ch]' | xargs clang-format -i

install: all
	install -D -m 755 $(BUILD)/tether $(DESTDIR)$(PREFIX)/bin/tether
	install -d $(DESTDIR)$(DROPINS)
	for name in ST-LINK_gdbserver st-util; do ln -sf ../../bin/tether $(DESTDIR)$(DROPINS)/$$name; done
	install -D -m 644 scripts/60-tether.rules $(DESTDIR)$(UDEV_RULE) || { [ "$$(id -u)" != 0 ] && \
	    echo "note: $(UDEV_RULE) is root's to write: sudo cp scripts/60-tether.rules /etc/udev/rules.d/"; }
	install -D -m 644 -t $(DESTDIR)$(SHARE)/man/man1 scripts/man/tether.1
	install -D -m 644 -t $(DESTDIR)$(SHARE)/man/man7 scripts/man/tether-monitor.7
	install -D -m 644 scripts/completions/tether.bash $(DESTDIR)$(BASH_COMPLETION)
	install -D -m 644 -t $(DESTDIR)$(ZSH_FUNCTIONS) scripts/completions/_tether
	install -D -m 644 scripts/completions/tether.fish $(DESTDIR)$(FISH_COMPLETION)
	install -d $(DESTDIR)$(dir $(USER_UNIT))
	sed 's|@BINDIR@|$(PREFIX)/bin|' scripts/tether.service >$(DESTDIR)$(USER_UNIT)
	chmod 644 $(DESTDIR)$(USER_UNIT)
uninstall:
	$(RM) -r $(DESTDIR)$(DROPINS)
	$(RM) $(addprefix $(DESTDIR),$(PREFIX)/bin/tether $(UDEV_RULE) $(SHARE)/man/man1/tether.1 \
	    $(SHARE)/man/man7/tether-monitor.7 $(BASH_COMPLETION) $(ZSH_FUNCTIONS)/_tether \
	    $(FISH_COMPLETION) $(USER_UNIT))
deb:                               # build/deb/tether_VERSION_ARCH.deb
	$(Q)scripts/bootstrap deb
	$(Q)BUILD=$(BUILD) scripts/make-deb
clean:
	$(Q)$(RM) -r $(BUILD)

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
