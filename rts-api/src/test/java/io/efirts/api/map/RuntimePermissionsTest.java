// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.map;

import static io.efirts.api.map.Regions.PAGE;
import static io.efirts.api.map.Regions.conventional;
import static io.efirts.api.map.Regions.runtime;
import static io.efirts.api.spec.MemoryType.BOOT_SERVICES_CODE;
import static io.efirts.api.spec.MemoryType.RUNTIME_SERVICES_CODE;
import static io.efirts.api.spec.MemoryType.RUNTIME_SERVICES_DATA;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.memory.CacheType;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.spec.EfiMemoryAttributesTable;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.MemoryAttributes;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class RuntimePermissionsTest {
  private static final MappingAttributes ALL =
      new MappingAttributes(true, true, CacheType.WRITE_BACK);
  private static final long RO = MemoryAttributes.RO;
  private static final long XP = MemoryAttributes.XP;

  /** Code at pages 100 to 199, data from 200 to 299, free memory from 300 to 399. */
  private static final MemoryMap MAP =
      MemoryMap.of(
          List.of(
              runtime(RUNTIME_SERVICES_CODE, 100, 100, MemoryAttributes.WB),
              runtime(RUNTIME_SERVICES_DATA, 200, 100, MemoryAttributes.WB),
              conventional(300, 100)));

  private static RuntimePermissions permissions(EfiMemoryDescriptor... entries) {
    return RuntimePermissions.of(new EfiMemoryAttributesTable(2, 0, List.of(entries)), MAP);
  }

  private static void assertRejected(String reason, EfiMemoryDescriptor entry) {
    EfiMemoryDescriptor good = runtime(RUNTIME_SERVICES_CODE, 150, 10, RO);
    RuntimePermissions permissions = permissions(good, entry);

    assertEquals(List.of(new RejectedEntry(1, entry, reason)), permissions.rejected());
    assertEquals(permissions(good).tighten(pages(100, 200)), permissions.tighten(pages(100, 200)));
  }

  private static MappedPages pages(long page, long pages) {
    return pages(page, pages, ALL);
  }

  private static MappedPages pages(long page, long pages, MappingAttributes attributes) {
    return new MappedPages(page * PAGE, pages, attributes);
  }

  @Test
  void sectionsOfAnImageGetTheirOwnPermissions() {
    RuntimePermissions permissions =
        permissions(
            runtime(RUNTIME_SERVICES_DATA, 130, 20, XP),
            runtime(RUNTIME_SERVICES_CODE, 110, 20, RO),
            runtime(RUNTIME_SERVICES_CODE, 150, 1, RO | XP));

    assertEquals(
        List.of(
            pages(100, 10),
            pages(110, 20, MappingAttributes.CODE),
            pages(130, 20, MappingAttributes.DATA),
            pages(150, 1, MappingAttributes.READ_ONLY),
            pages(151, 49)),
        permissions.tighten(pages(100, 100)));
  }

  @Test
  void aRangeMayBeginAndEndWithinEntries() {
    RuntimePermissions permissions =
        permissions(
            runtime(RUNTIME_SERVICES_CODE, 100, 50, RO),
            runtime(RUNTIME_SERVICES_CODE, 150, 50, XP));

    assertEquals(
        List.of(pages(149, 1, MappingAttributes.CODE), pages(150, 1, MappingAttributes.DATA)),
        permissions.tighten(pages(149, 2)));
  }

  @Test
  void pagesThatEndUpAlikeStayTogether() {
    RuntimePermissions permissions =
        permissions(
            runtime(RUNTIME_SERVICES_CODE, 100, 50, RO),
            runtime(RUNTIME_SERVICES_CODE, 150, 50, RO));

    assertEquals(
        List.of(pages(100, 100, MappingAttributes.CODE)), permissions.tighten(pages(100, 100)));
  }

  @Test
  void theMemoryTypeStays() {
    MappingAttributes uncached = new MappingAttributes(true, true, CacheType.UNCACHED);

    assertEquals(
        List.of(pages(100, 1, new MappingAttributes(false, false, CacheType.UNCACHED))),
        permissions(runtime(RUNTIME_SERVICES_CODE, 100, 100, RO | XP))
            .tighten(pages(100, 1, uncached)));
  }

  /** Page 112 is a multiple of 64 KiB. */
  @Test
  void entriesWithoutWholePagesOfTheHostsAreRejected() {
    EfiMemoryDescriptor good = runtime(RUNTIME_SERVICES_CODE, 112, 16, RO);
    EfiMemoryDescriptor late = runtime(RUNTIME_SERVICES_CODE, 129, 15, RO);
    EfiMemoryDescriptor small = runtime(RUNTIME_SERVICES_CODE, 144, 15, RO);
    EfiMemoryAttributesTable table = new EfiMemoryAttributesTable(2, 0, List.of(good, late, small));

    RuntimePermissions permissions = RuntimePermissions.of(table, MAP, 0x1_0000);

    String rule = "entry must have whole pages of the host's: physicalStart=";
    assertEquals(
        List.of(
            new RejectedEntry(1, late, rule + "0x81000, numberOfPages=15, pageBytes=65536"),
            new RejectedEntry(2, small, rule + "0x90000, numberOfPages=15, pageBytes=65536")),
        permissions.rejected());
    assertEquals(
        List.of(pages(100, 12), pages(112, 16, MappingAttributes.CODE), pages(128, 72)),
        permissions.tighten(pages(100, 100)));
    assertEquals(List.of(), RuntimePermissions.of(table, MAP).rejected());
  }

  @Test
  void hostsHaveNoPagesOfOtherSizes() {
    EfiMemoryAttributesTable table = new EfiMemoryAttributesTable(2, 0, List.of());
    for (int bytes : new int[] {Integer.MIN_VALUE, 0, 2048, 12288}) {
      assertEquals(
          "page size must be a power of 2 and at least 4096: pageBytes=" + bytes,
          assertThrows(
                  IllegalArgumentException.class, () -> RuntimePermissions.of(table, MAP, bytes))
              .getMessage());
    }
  }

  @Test
  void entriesOfOtherTypesAreRejected() {
    assertRejected(
        "type must be runtime services code or data: type=EfiBootServicesCode",
        runtime(BOOT_SERVICES_CODE, 100, 1, RO));
  }

  @Test
  void entriesWithoutTheRuntimeAttributeAreRejected() {
    assertRejected(
        "attribute must have RUNTIME: attribute=RO",
        new EfiMemoryDescriptor(RUNTIME_SERVICES_CODE, 100 * PAGE, 0, 1, RO));
  }

  @Test
  void entriesOfNoPagesAreRejected() {
    assertRejected(
        "region must have a page: physicalStart=0x64000, numberOfPages=0",
        runtime(RUNTIME_SERVICES_CODE, 100, 0, RO));
  }

  @Test
  void entriesWithinAPageAreRejected() {
    assertRejected(
        "physicalStart must be a multiple of 4096: physicalStart=0x64800",
        new EfiMemoryDescriptor(
            RUNTIME_SERVICES_CODE, 0x64800, 0, 1, RO | MemoryAttributes.RUNTIME));
  }

  @Test
  void entriesThatWrapAreRejected() {
    assertRejected(
        "region must end within 52 bits: physicalStart=0x64000,"
            + " numberOfPages=18446744073709551615",
        runtime(RUNTIME_SERVICES_CODE, 100, -1, RO));
  }

  @Test
  void entriesOverAnEntryBeforeAreRejected() {
    assertRejected(
        "regions must not overlap: physicalStart=0x9f000, numberOfPages=2, other=0x96000,"
            + " otherPages=10",
        runtime(RUNTIME_SERVICES_CODE, 159, 2, RO));
  }

  @Test
  void entriesThatAreNotInOneRuntimeRegionAreRejected() {
    String rule = "entry must lie in one runtime region: physicalStart=0x%x, numberOfPages=%d";
    long[][] ranges = {{99, 1}, {99, 2}, {199, 2}, {299, 2}, {300, 1}, {400, 1}};
    for (long[] range : ranges) {
      assertRejected(
          rule.formatted(range[0] * PAGE, range[1]),
          runtime(RUNTIME_SERVICES_CODE, range[0], range[1], RO));
    }
  }

  @Test
  void withoutATableNothingIsTakenAway() {
    assertEquals(
        List.of(pages(0, 1000)), RuntimePermissions.unrestricted().tighten(pages(0, 1000)));
    assertEquals(List.of(), RuntimePermissions.unrestricted().rejected());
  }

  @Test
  void whatStaysWritableAndExecutableIsNamed() {
    List<MappedPages> mapped = List.of(pages(100, 100), pages(200, 100, MappingAttributes.DATA));

    assertEquals(
        List.of(pages(100, 10), pages(130, 70)),
        permissions(runtime(RUNTIME_SERVICES_CODE, 110, 20, RO)).writableAndExecutable(mapped));
    assertEquals(
        List.of(),
        permissions(
                runtime(RUNTIME_SERVICES_CODE, 100, 99, RO),
                runtime(RUNTIME_SERVICES_CODE, 199, 1, XP))
            .writableAndExecutable(mapped));
  }

  @Provide
  Arbitrary<List<EfiMemoryDescriptor>> maps() {
    return Regions.maps();
  }

  /** Whatever the table says: the same pages in the same order, and never a permission more. */
  @Property(seed = "1")
  void aTableOnlyTightens(
      @ForAll("maps") List<EfiMemoryDescriptor> map,
      @ForAll("maps") List<EfiMemoryDescriptor> entries,
      @ForAll boolean writable,
      @ForAll boolean executable,
      @ForAll boolean readOnly,
      @ForAll boolean noExecute) {
    MappedPages before =
        pages(10, 5000, new MappingAttributes(writable, executable, CacheType.WRITE_BACK));
    long attribute = (readOnly ? RO : 0) | (noExecute ? XP : 0);
    List<EfiMemoryDescriptor> restricting =
        entries.stream()
            .map(
                e ->
                    new EfiMemoryDescriptor(
                        e.type(),
                        e.physicalStart(),
                        0,
                        e.numberOfPages(),
                        e.attribute() | attribute))
            .toList();

    RuntimePermissions permissions =
        RuntimePermissions.of(new EfiMemoryAttributesTable(1, 0, restricting), MemoryMap.of(map));

    long at = before.physicalStart();
    for (MappedPages after : permissions.tighten(before)) {
      assertEquals(at, after.physicalStart());
      assertTrue(writable || !after.attributes().writable());
      assertTrue(executable || !after.attributes().executable());
      at += after.pages() * PAGE;
    }
    assertEquals(before.physicalStart() + before.pages() * PAGE, at);
    for (RejectedEntry rejected : permissions.rejected()) {
      assertEquals(restricting.get(rejected.index()), rejected.entry());
      assertFalse(rejected.reason().isEmpty());
    }
  }
}
