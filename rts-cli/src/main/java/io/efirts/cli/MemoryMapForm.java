// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

/** What a memory map file says of its regions. */
enum MemoryMapForm {
  /** Firmware's memory map, one descriptor in a line; see {@link DescriptorLine}. */
  DESCRIPTORS,
  /** Firmware's memory map as Linux prints it at boot; see {@link BootLogLine}. */
  BOOT_LOG,
  /** Descriptors that all have a virtual address: every one of these regions is mapped. */
  RUNTIME_MAP
}
