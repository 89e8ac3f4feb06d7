// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.api.map.MemoryMap;
import io.efirts.api.map.RejectedEntry;
import io.efirts.api.map.RuntimePermissions;
import io.efirts.api.spec.EfiMemoryAttributesTable;
import io.efirts.api.spec.EfiMemoryDescriptor;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A memory attributes table from a text file, one descriptor in a line; see {@link DescriptorLine}.
 * {@code #} begins a comment.
 */
final class AttributesFile {
  private static final int MAXIMUM_ENTRIES = 100_000;

  private final Path path;
  private final List<EfiMemoryDescriptor> entries = new ArrayList<>();

  /** The line of each entry. */
  private final List<Integer> lines = new ArrayList<>();

  private AttributesFile(Path path) {
    this.path = path;
  }

  /**
   * Reads a file.
   *
   * @param path the file
   * @return its entries, as they are written
   * @throws CliException when the file cannot be read, or a line is no descriptor
   */
  static AttributesFile read(Path path) {
    AttributesFile file = new AttributesFile(path);
    TextLines.read(path, file::take);
    return file;
  }

  private void take(String line, int number) {
    String text = DescriptorLine.withoutComment(line);
    if (text.isEmpty()) {
      return;
    }
    if (entries.size() == MAXIMUM_ENTRIES) {
      throw new IllegalArgumentException(
          "a table must have at most " + MAXIMUM_ENTRIES + " entries");
    }
    entries.add(DescriptorLine.parse(text));
    lines.add(number);
  }

  /**
   * Checks the entries.
   *
   * @param map firmware's memory map
   * @param pageBytes the size of the smallest page, of which no part has permissions of its own
   * @param err where each entry that is not used is named, with its line and the reason
   * @return what the others take away
   */
  RuntimePermissions permissions(MemoryMap map, int pageBytes, PrintWriter err) {
    RuntimePermissions permissions =
        RuntimePermissions.of(
            new EfiMemoryAttributesTable(EfiMemoryAttributesTable.VERSION, 0, entries),
            map,
            pageBytes);
    for (RejectedEntry rejected : permissions.rejected()) {
      CommandErrors.print(
          err, path + ":" + lines.get(rejected.index()) + ": not used: " + rejected.reason());
    }
    return permissions;
  }
}
