// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.api.map.MemoryMap;
import java.nio.file.Path;

/**
 * A memory map from a text file, in whichever of the forms it is written.
 *
 * <p>The first line that is a region decides between descriptors ({@link DescriptorLine}) and a
 * boot log ({@link BootLogLine}). In both, {@code #} begins a comment at the start of a line, and
 * among descriptors anywhere; empty lines say nothing. A boot log may contain whatever else the
 * kernel said, each line with its time; of several maps in one log the first counts. Descriptors
 * that all have a virtual address are a list of regions that are mapped.
 *
 * @param form how it is written
 * @param map the regions, checked and in physical order
 */
record MemoryMapFile(MemoryMapForm form, MemoryMap map) {
  /**
   * Reads a file. Memory grows with the number of regions, not with the file.
   *
   * @param path the file
   * @return its map
   * @throws CliException when the file cannot be read, is in no form, has no region, or a region
   *     that no map can have; with the number of the line
   */
  static MemoryMapFile read(Path path) {
    MemoryMapLines regions = new MemoryMapLines();
    TextLines.read(path, (line, number) -> regions.add(line));
    MemoryMap map = regions.map();
    if (map.regions().isEmpty()) {
      throw new CliException(path + ": has no memory region");
    }
    return new MemoryMapFile(regions.form(), map);
  }
}
