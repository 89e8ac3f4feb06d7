// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.space;

/** Which places of a page directory are kept equal to entries of the host. */
public enum DirectoryMirror {
  /** The host's entries, each at its own index: what every process has. */
  HOST_AREA,

  /**
   * These, and the entries of the direct map once more from index 0 on: all of the host's memory at
   * its physical addresses, as firmware and the code that starts processors need it.
   */
  HOST_AREA_AND_AT_ZERO
}
