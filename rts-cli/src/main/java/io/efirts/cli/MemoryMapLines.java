// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.api.map.MemoryMap;
import io.efirts.api.map.MemoryMapBuilder;
import io.efirts.api.spec.EfiMemoryDescriptor;

/** Puts a memory map together from lines, and finds out which form they have. */
final class MemoryMapLines {
  private static final int MAXIMUM_REGIONS = 100_000;

  private final MemoryMapBuilder regions = new MemoryMapBuilder();

  /** Null until a region was read. */
  private MemoryMapForm form;

  private int count;
  private boolean complete;
  private boolean allHaveVirtualAddresses = true;

  /** Without lines. */
  MemoryMapLines() {}

  /**
   * Takes the next line.
   *
   * @param line the line, possibly one that says nothing
   * @throws IllegalArgumentException when it should be a region and is none, or the map cannot have
   *     it
   */
  void add(String line) {
    String text = line.strip();
    if (text.isEmpty() || text.startsWith("#") || complete) {
      return;
    }
    if (form != MemoryMapForm.DESCRIPTORS && BootLogLine.isRegion(text)) {
      addFromBootLog(text);
    } else if (form == MemoryMapForm.DESCRIPTORS || !BootLogLine.isOther(text)) {
      addDescriptor(text);
    }
  }

  private void addFromBootLog(String text) {
    if (count > 0 && BootLogLine.isFirst(text)) {
      complete = true;
      return;
    }
    form = MemoryMapForm.BOOT_LOG;
    add(BootLogLine.parse(text));
  }

  private void addDescriptor(String text) {
    if (form == MemoryMapForm.BOOT_LOG) {
      throw new IllegalArgumentException(
          "a line of a boot log must begin with its time or efi: " + Printable.quoted(text));
    }
    form = MemoryMapForm.DESCRIPTORS;
    add(DescriptorLine.parse(DescriptorLine.withoutComment(text)));
  }

  private void add(EfiMemoryDescriptor region) {
    if (count == MAXIMUM_REGIONS) {
      throw new IllegalArgumentException("a map must have at most " + MAXIMUM_REGIONS + " regions");
    }
    regions.add(region);
    count++;
    allHaveVirtualAddresses &= region.virtualStart() != 0;
  }

  /** The form of what was read, or null without a region. */
  MemoryMapForm form() {
    return form == MemoryMapForm.DESCRIPTORS && allHaveVirtualAddresses
        ? MemoryMapForm.RUNTIME_MAP
        : form;
  }

  /** The map of what was read, possibly without regions. */
  MemoryMap map() {
    return regions.build();
  }
}
