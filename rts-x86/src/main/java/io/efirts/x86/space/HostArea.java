// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.space;

/**
 * Which entries of the host's page directories are the same in all of them, and which of these map
 * all memory.
 *
 * @param firstIndex the first of the host's entries
 * @param count how many there are
 * @param directMapIndex the first entry of the direct map, which leads to physical address 0
 * @param directMapCount how many entries the direct map may have, also those still to come; they
 *     must be the host's, and fit below them where the direct map is mirrored at zero
 */
public record HostArea(int firstIndex, int count, int directMapIndex, int directMapCount) {
  /** Linux with 4-level tables: the upper half; a direct map of 64 TiB from entry 273 on. */
  public static final HostArea LINUX_FOUR_LEVEL = new HostArea(256, 256, 273, 128);

  /** Linux with 5-level tables: the upper half; a direct map of 32 PiB from entry 273 on. */
  public static final HostArea LINUX_FIVE_LEVEL = new HostArea(256, 256, 273, 128);

  /** Linux with 32-bit tables: the last GiB, from 0xC0000000 on, which is the direct map too. */
  public static final HostArea LINUX_LEGACY_32 = new HostArea(768, 256, 768, 256);

  /**
   * Checks that entries exist and nothing lies over anything.
   *
   * @throws IllegalArgumentException if there are no entries, the direct map is not the host's, or
   *     it has more entries than there are below the host's
   */
  public HostArea {
    if (firstIndex < 0
        || count < 1
        || count > Integer.MAX_VALUE - firstIndex
        || directMapIndex < firstIndex
        || directMapCount < 0
        || directMapCount > firstIndex + count - directMapIndex
        || directMapCount > firstIndex) {
      throw new IllegalArgumentException(
          "direct map must be the host's, with room for it below the host's entries: firstIndex="
              + firstIndex
              + ", count="
              + count
              + ", directMapIndex="
              + directMapIndex
              + ", directMapCount="
              + directMapCount);
    }
  }

  /** The index behind the last of the host's entries. */
  int endIndex() {
    return firstIndex + count;
  }

  /** Whether one of the host's entries belongs to the direct map. */
  boolean isDirectMap(int index) {
    return index >= directMapIndex && index - directMapIndex < directMapCount;
  }
}
