// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.map;

import io.efirts.api.memory.AddressSpace;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.spec.EfiMemoryAttributesTable;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.MemoryAttributes;
import io.efirts.api.spec.MemoryType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What firmware's memory attributes table takes away from the pages of its runtime regions:
 * read-only pages are not writable, execute-protected pages not executable. It never gives a
 * permission, so an entry that is left out costs strictness, never correctness.
 *
 * <p>Immutable; any thread may call, nothing blocks.
 */
public final class RuntimePermissions {
  private static final RuntimePermissions UNRESTRICTED =
      new RuntimePermissions(new MemoryMapBuilder().build(), List.of());

  /** The entries that are used. */
  private final MemoryMap entries;

  private final List<RejectedEntry> rejected;

  private RuntimePermissions(MemoryMap entries, List<RejectedEntry> rejected) {
    this.entries = entries;
    this.rejected = List.copyOf(rejected);
  }

  /**
   * The permissions where firmware has no memory attributes table: nothing is taken away.
   *
   * @return always the same
   */
  public static RuntimePermissions unrestricted() {
    return UNRESTRICTED;
  }

  /**
   * Checks the entries of a table. One is used when it is of runtime services code or data, has the
   * RUNTIME attribute, whole pages, lies in one runtime region of the map, and does not overlap an
   * entry before it.
   *
   * @param table firmware's table
   * @param map firmware's memory map
   * @return what the good entries say; the others are in {@link #rejected}
   */
  public static RuntimePermissions of(EfiMemoryAttributesTable table, MemoryMap map) {
    return of(table, map, AddressSpace.PAGE_BYTES);
  }

  /**
   * Checks the entries of a table for a host whose pages are larger than 4 KiB. As {@link
   * #of(EfiMemoryAttributesTable, MemoryMap)}, but an entry is used only when it has whole pages of
   * the host's: of a page that it shares with others no permission could be taken for it alone.
   *
   * @param table firmware's table
   * @param map firmware's memory map
   * @param pageBytes size of the host's pages, a power of 2, at least 4096
   * @return what the good entries say; the others are in {@link #rejected}
   * @throws IllegalArgumentException if there are no pages of that size
   */
  public static RuntimePermissions of(
      EfiMemoryAttributesTable table, MemoryMap map, int pageBytes) {
    Objects.requireNonNull(table, "table");
    Objects.requireNonNull(map, "map");
    if (pageBytes < AddressSpace.PAGE_BYTES || Integer.bitCount(pageBytes) != 1) {
      throw new IllegalArgumentException(
          "page size must be a power of 2 and at least 4096: pageBytes=" + pageBytes);
    }
    MemoryMapBuilder used = new MemoryMapBuilder();
    List<RejectedEntry> rejected = new ArrayList<>();
    for (int i = 0; i < table.entries().size(); i++) {
      EfiMemoryDescriptor entry = table.entries().get(i);
      String refusal = refusalOf(entry, used, map);
      if (refusal == null) {
        refusal = misalignmentOf(entry, pageBytes);
      }
      if (refusal == null) {
        used.add(entry);
      } else {
        rejected.add(new RejectedEntry(i, entry, refusal));
      }
    }
    return new RuntimePermissions(used.build(), rejected);
  }

  private static String misalignmentOf(EfiMemoryDescriptor entry, int pageBytes) {
    long bounds = entry.physicalStart() | MemoryMapBuilder.endOf(entry);
    return bounds % pageBytes == 0
        ? null
        : "entry must have whole pages of the host's: physicalStart=0x"
            + Long.toHexString(entry.physicalStart())
            + ", numberOfPages="
            + entry.numberOfPages()
            + ", pageBytes="
            + pageBytes;
  }

  private static String refusalOf(EfiMemoryDescriptor entry, MemoryMapBuilder used, MemoryMap map) {
    if (entry.type() != MemoryType.RUNTIME_SERVICES_CODE
        && entry.type() != MemoryType.RUNTIME_SERVICES_DATA) {
      return "type must be runtime services code or data: type=" + MemoryType.nameOf(entry.type());
    }
    if (!entry.isRuntime()) {
      return "attribute must have RUNTIME: attribute="
          + MemoryAttributes.describe(entry.attribute());
    }
    String refusal = used.refusalOf(entry);
    if (refusal != null) {
      return refusal;
    }
    EfiMemoryDescriptor region = map.regionAt(entry.physicalStart());
    if (region == null
        || !region.isRuntime()
        || MemoryMapBuilder.endOf(entry) > MemoryMapBuilder.endOf(region)) {
      return "entry must lie in one runtime region: physicalStart=0x"
          + Long.toHexString(entry.physicalStart())
          + ", numberOfPages="
          + entry.numberOfPages();
    }
    return null;
  }

  /**
   * The entries that are not used.
   *
   * @return an immutable list in the order of the table
   */
  public List<RejectedEntry> rejected() {
    return rejected;
  }

  /**
   * Says how pages are to be mapped once the table is applied. Where it says nothing, as before.
   *
   * @param pages pages and how they are mapped before
   * @return the same pages in physical order, parted where permissions change
   */
  public List<MappedPages> tighten(MappedPages pages) {
    Objects.requireNonNull(pages, "pages");
    List<MappedPages> tightened = new ArrayList<>();
    long at = pages.physicalStart();
    for (EfiMemoryDescriptor entry : entries.regions()) {
      long start = Math.max(entry.physicalStart(), at);
      long end = Math.min(MemoryMapBuilder.endOf(entry), pages.physicalEnd());
      if (start < end) {
        append(tightened, at, start, pages.attributes());
        append(tightened, start, end, without(pages.attributes(), entry.attribute()));
        at = end;
      }
    }
    append(tightened, at, pages.physicalEnd(), pages.attributes());
    return List.copyOf(tightened);
  }

  /**
   * Finds what could still be written and then run once the table is applied.
   *
   * @param mapped all that is mapped, and how before
   * @return the pages that stay writable and executable, in the order given; empty when W^X holds
   */
  public List<MappedPages> writableAndExecutable(List<MappedPages> mapped) {
    Objects.requireNonNull(mapped, "mapped");
    return mapped.stream()
        .flatMap(pages -> tighten(pages).stream())
        .filter(MappedPages::isWritableAndExecutable)
        .toList();
  }

  private static MappingAttributes without(MappingAttributes before, long attribute) {
    return new MappingAttributes(
        before.writable() && (attribute & MemoryAttributes.RO) == 0,
        before.executable() && (attribute & MemoryAttributes.XP) == 0,
        before.cacheType());
  }

  private static void append(
      List<MappedPages> list, long start, long end, MappingAttributes attributes) {
    if (start == end) {
      return;
    }
    MappedPages last = list.isEmpty() ? null : list.getLast();
    if (last != null && last.attributes().equals(attributes)) {
      list.removeLast();
      append(list, last.physicalStart(), end, attributes);
    } else {
      list.add(new MappedPages(start, (end - start) / AddressSpace.PAGE_BYTES, attributes));
    }
  }
}
