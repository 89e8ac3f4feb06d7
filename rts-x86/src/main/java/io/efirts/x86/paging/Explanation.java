// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.paging;

import io.efirts.api.memory.Access;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.Translation;
import java.util.ArrayList;
import java.util.List;

/** A page walk in words, for people. */
final class Explanation {
  private final Tables tables;
  private final PagingMode mode;
  private final EntryFormat format;
  private final long address;
  private final List<String> lines = new ArrayList<>();

  Explanation(Tables tables, long address) {
    this.tables = tables;
    this.mode = tables.mode();
    this.format = tables.format();
    this.address = address;
  }

  List<String> run() {
    lines.add("VA 0x%016x, %s, root 0x%x".formatted(address, mode, tables.root()));
    if (mode.isCanonical(address)) {
      walk();
    }
    PageWalk walk = new PageWalk(tables);
    for (Access access : Access.values()) {
      lines.add(access + ": " + outcome(walk.translate(address, access)));
    }
    return List.copyOf(lines);
  }

  private void walk() {
    long table = tables.root();
    long allowed = -1;
    long denied = 0;
    for (int level = mode.levels(); level > 0; level--) {
      int index = mode.index(level, address);
      String place =
          "%s[%d] at 0x%x"
              .formatted(mode.entryName(level), index, table + (long) index * mode.entryBytes());
      if (!tables.memory().holds(table)) {
        lines.add(place + ": no memory");
        return;
      }
      long entry = tables.memory().load(table, index);
      String head = "%s = 0x%0" + 2 * mode.entryBytes() + "x: ";
      String start = head.formatted(place, entry);
      if (!EntryFormat.isPresent(entry)) {
        lines.add(start + "not present");
        return;
      }
      boolean leaf = format.isLeaf(level, entry);
      long reserved = entry & format.reserved(level, leaf);
      if (reserved != 0) {
        lines.add(start + "reserved bits set: 0x" + Long.toHexString(reserved));
        return;
      }
      allowed &= format.withPermissions(level, entry);
      denied |= entry;
      String end = " " + EntryBits.describe(entry, leaf, level) + ", so far ";
      MappingAttributes soFar = format.attributes(level, entry, allowed, denied);
      String rights = soFar.permissions();
      if (leaf) {
        String page = mode.pageSize(level) + " page 0x" + hex(format.physical(level, entry));
        lines.add(start + page + end + rights + " " + soFar.cacheType());
        return;
      }
      table = format.tableFrame(entry);
      lines.add(start + "table 0x" + hex(table) + end + rights);
    }
  }

  private static String outcome(long translation) {
    if (!Translation.isFault(translation)) {
      return "PA 0x" + hex(translation);
    }
    return switch (Translation.faultKind(translation)) {
      case NON_CANONICAL -> "fault, address is not canonical";
      case NO_MEMORY -> "fault, a table lies outside guest memory";
      default ->
          "page fault, error code " + PageFault.describe(Translation.faultDetail(translation));
    };
  }

  private static String hex(long value) {
    return Long.toHexString(value);
  }
}
