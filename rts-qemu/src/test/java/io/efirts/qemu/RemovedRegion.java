// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu;

import static io.efirts.qemu.ServiceCall.GET_NEXT_VARIABLE_NAME;
import static io.efirts.qemu.ServiceCall.GET_TIME;
import static io.efirts.qemu.ServiceCall.GET_VARIABLE;
import static io.efirts.qemu.ServiceCall.QUERY_VARIABLE_INFO;
import static io.efirts.qemu.ServiceCall.SET_VARIABLE;

import io.efirts.qemu.machine.GuestArch;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A region of OVMF's or AAVMF's memory map, and which services touch it. The order is that of the
 * map's runtime regions.
 */
enum RemovedRegion {
  X86_MIRROR(GuestArch.X86_64, Sets.VARIABLES),
  X86_GLOBALS(GuestArch.X86_64, Sets.VARIABLES),
  X86_CODE(GuestArch.X86_64, Sets.ALL),
  X86_SPARE(GuestArch.X86_64, Sets.NONE),
  X86_FLASH(GuestArch.X86_64, EnumSet.of(SET_VARIABLE)),
  ARM64_FLASH(GuestArch.ARM64, EnumSet.of(SET_VARIABLE)),
  ARM64_CLOCK(GuestArch.ARM64, EnumSet.of(GET_TIME)),
  ARM64_TIME_CODE(GuestArch.ARM64, EnumSet.of(GET_TIME)),
  ARM64_GLOBALS(GuestArch.ARM64, Sets.VARIABLES),
  ARM64_VARIABLE_CODE(GuestArch.ARM64, Sets.VARIABLES),
  ARM64_FLASH_CODE(GuestArch.ARM64, EnumSet.of(SET_VARIABLE)),
  ARM64_MIRROR(GuestArch.ARM64, Sets.VARIABLES);

  /** The services that are tried. */
  static final Set<ServiceCall> TRIED = Sets.ALL;

  final GuestArch arch;
  final Set<ServiceCall> faulting;

  RemovedRegion(GuestArch arch, Set<ServiceCall> faulting) {
    this.arch = arch;
    this.faulting = faulting;
  }

  static List<RemovedRegion> of(GuestArch arch) {
    return List.of(values()).stream().filter(region -> region.arch == arch).toList();
  }

  private static final class Sets {
    static final Set<ServiceCall> VARIABLES =
        EnumSet.of(GET_VARIABLE, GET_NEXT_VARIABLE_NAME, QUERY_VARIABLE_INFO, SET_VARIABLE);
    static final Set<ServiceCall> ALL =
        EnumSet.of(
            GET_TIME, GET_VARIABLE, GET_NEXT_VARIABLE_NAME, QUERY_VARIABLE_INFO, SET_VARIABLE);
    static final Set<ServiceCall> NONE = EnumSet.noneOf(ServiceCall.class);
  }
}
