// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.paging;

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
    long tableBits = 0;
    for (int level = mode.rootLevel(); level <= PagingMode.PAGE_LEVEL; level++) {
      int index = mode.index(level, address);
      String place =
          "%s[%d] at 0x%x"
              .formatted(mode.entryName(level), index, TableMemory.address(table, index));
      if (!tables.memory().holds(table, index)) {
        lines.add(place + ": no memory");
        return;
      }
      long entry = tables.memory().load(table, index);
      String start = "%s = 0x%016x: ".formatted(place, entry);
      if (!format.isValid(level, entry)) {
        boolean waiting = tables.broken().at(table, index) != null;
        lines.add(start + (waiting ? "not valid, waits for a flush" : "not valid"));
        return;
      }
      if (format.exceedsOutput(entry)) {
        lines.add(start + "beyond the output address size");
        return;
      }
      boolean leaf = format.isLeaf(level, entry);
      String end = " " + EntryBits.describe(entry, leaf, mode.isLpa2()) + ", so far ";
      if (leaf) {
        MappingAttributes all = format.attributes(entry, tableBits);
        String page = mode.pageSize(level) + " page 0x" + hex(format.physical(level, entry));
        lines.add(start + page + end + all.permissions() + " " + all.cacheType());
        return;
      }
      tableBits |= entry;
      table = format.tableFrame(entry);
      // Of an entry that is all clear but for the tables' bits, only those bits decide.
      String soFar = format.attributes(0, tableBits).permissions();
      lines.add(start + "table 0x" + hex(table) + end + soFar);
    }
  }

  private static String outcome(long translation) {
    return Translation.isFault(translation)
        ? "abort, ESR " + Syndrome.describe(Translation.faultDetail(translation))
        : "PA 0x" + hex(translation);
  }

  private static String hex(long value) {
    return Long.toHexString(value);
  }
}
