// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EfiMemoryAttributesTableTest {
  private static final String ENTRY =
      "0500000000000000 00c05e1f00000000 0000000000000000 1000000000000000 0000020000000080";

  private static MemorySegment table(String header, String entries) {
    return Wire.memory(header + entries);
  }

  @Test
  void fieldsLieWhereTheSpecificationPutsThem() {
    MemorySegment memory =
        table("02000000 01000000 30000000 01000000", ENTRY + "ffffffffffffffff" + "ee");

    EfiMemoryAttributesTable table = EfiMemoryAttributesTable.read(memory, 0);

    assertEquals(2, table.version());
    assertTrue(table.hasForwardControlFlowGuard());
    assertEquals(
        List.of(
            new EfiMemoryDescriptor(
                MemoryType.RUNTIME_SERVICES_CODE,
                0x1F5E_C000L,
                0,
                16,
                MemoryAttributes.RUNTIME | MemoryAttributes.RO)),
        table.entries());
  }

  @Test
  void itMayLieAnywhereAndHaveNoEntry() {
    MemorySegment memory = Wire.memory("eeeeee 01000000 00000000 28000000 00000000");

    assertEquals(
        new EfiMemoryAttributesTable(1, 0, List.of()), EfiMemoryAttributesTable.read(memory, 3));
  }

  /** The flags of version 1 are reserved. */
  @ParameterizedTest
  @CsvSource({"1, 1, false", "2, 0, false", "2, 1, true", "2, 0xfffffffe, false"})
  void onlyVersion2HasTheFlag(int version, long flags, boolean guarded) {
    assertEquals(
        guarded,
        new EfiMemoryAttributesTable(version, flags, List.of()).hasForwardControlFlowGuard());
  }

  @ParameterizedTest
  @CsvSource({
    "00000000 01000000 28000000 00000000, 'version must be 1 to 2: version=0'",
    "03000000 01000000 28000000 00000000, 'version must be 1 to 2: version=3'",
    "ffffffff 01000000 28000000 00000000, 'version must be 1 to 2: version=4294967295'",
    "02000000 01000000 20000000 00000000,"
        + " 'descriptorSize must be at least 40 and a multiple of 8: descriptorSize=32'",
    "02000000 01000000 29000000 00000000,"
        + " 'descriptorSize must be at least 40 and a multiple of 8: descriptorSize=41'"
  })
  void aTableThatCannotBeReadIsRefused(String header, String message) {
    assertEquals(
        message,
        assertThrows(
                IllegalArgumentException.class,
                () -> EfiMemoryAttributesTable.read(table(header, ENTRY), 0))
            .getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "02000000 02000000 28000000, 2, 40",
    "02000000 01000000 30000000, 1, 48",
    "02000000 ffffffff f8ffffff, 4294967295, 4294967288"
  })
  void entriesBeyondTheMemoryAreRefused(String header, String count, String descriptorSize) {
    assertEquals(
        "the entries must lie in the memory: numberOfEntries="
            + count
            + ", descriptorSize="
            + descriptorSize
            + ", room=0x28",
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> EfiMemoryAttributesTable.read(table(header + "00000000", ENTRY), 0))
            .getMessage());
  }

  @Test
  void aHeaderThatIsCutOffIsRefused() {
    assertThrows(
        IndexOutOfBoundsException.class, () -> EfiMemoryAttributesTable.read(Wire.memory(15), 0));
  }

  @Test
  void laterChangesOfAListDoNotReachTheTable() {
    List<EfiMemoryDescriptor> entries = new ArrayList<>();
    EfiMemoryAttributesTable table = new EfiMemoryAttributesTable(2, 0, entries);

    entries.add(new EfiMemoryDescriptor(5, 0, 0, 1, 0));

    assertEquals(List.of(), table.entries());
  }
}
