// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.api.map.MemoryMap;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.MemoryType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What there is to see of a guest whose firmware has just left boot services.
 *
 * @param architecture x86_64 or arm64
 * @param code the firmware's image
 * @param variables its variable store
 * @param kept whether the store itself is written, not a copy
 * @param bootMillis from QEMU's start to the end of boot services
 * @param firmware who firmware says it is
 * @param memoryMap regions and pages by type
 */
record GuestBoot(
    String architecture,
    String code,
    String variables,
    boolean kept,
    long bootMillis,
    GuestIdentity firmware,
    List<TypeSummary> memoryMap) {
  /**
   * All regions of one type.
   *
   * @param type the specification's name
   * @param regions how many
   * @param pages their pages of 4 KiB together
   * @param runtimePages those of them with the RUNTIME attribute
   */
  record TypeSummary(String type, int regions, long pages, long runtimePages) {
    private TypeSummary plus(EfiMemoryDescriptor region) {
      return new TypeSummary(
          type,
          regions + 1,
          pages + region.numberOfPages(),
          runtimePages + (region.isRuntime() ? region.numberOfPages() : 0));
    }
  }

  /** Counts a memory map by type, in the order of the types' numbers. */
  static List<TypeSummary> byType(MemoryMap map) {
    Map<Integer, TypeSummary> types = new TreeMap<>(Integer::compareUnsigned);
    for (EfiMemoryDescriptor region : map.regions()) {
      types.merge(
          region.type(),
          new TypeSummary(MemoryType.nameOf(region.type()), 0, 0, 0).plus(region),
          (counted, one) -> counted.plus(region));
    }
    return new ArrayList<>(types.values());
  }
}
