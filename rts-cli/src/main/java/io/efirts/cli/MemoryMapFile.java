// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.api.map.MemoryMap;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
    ImageFiles.requireReadable(path);
    // Latin-1 takes every byte: what is no text fails where it is no region.
    try (BufferedReader text = Files.newBufferedReader(path, StandardCharsets.ISO_8859_1)) {
      return read(path, new BoundedLines(text));
    } catch (IOException e) {
      throw ImageFiles.failure(path, e);
    }
  }

  private static MemoryMapFile read(Path path, BoundedLines lines) throws IOException {
    MemoryMapLines regions = new MemoryMapLines();
    try {
      for (String line = lines.next(); line != null; line = lines.next()) {
        regions.add(line);
      }
    } catch (IllegalArgumentException e) {
      throw new CliException(path + ":" + lines.number() + ": " + e.getMessage(), e);
    }
    MemoryMap map = regions.map();
    if (map.regions().isEmpty()) {
      throw new CliException(path + ": has no memory region");
    }
    return new MemoryMapFile(regions.form(), map);
  }
}
