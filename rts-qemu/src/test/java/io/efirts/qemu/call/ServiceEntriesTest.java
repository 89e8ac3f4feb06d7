// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spec.RuntimeServicesTable;
import io.efirts.qemu.agent.AgentArch;
import io.efirts.qemu.agent.AgentException;
import io.efirts.qemu.agent.FakeAgent;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where functions are, and tables that cannot be believed. */
class ServiceEntriesTest {
  private static final long MEMORY = 0x4000;

  private final FakeAgent guest = new FakeAgent(AgentArch.X86_64, MEMORY);
  private final GuestTables tables =
      new GuestTables(guest, 0x1000, RuntimeServicesTable.REVISION_2_10);

  private ServiceEntries find() {
    return ServiceEntries.find(guest.memory(), tables.address());
  }

  @Test
  void everyServiceHasItsEntry() {
    ServiceEntries entries = find();
    for (RuntimeService service : RuntimeService.values()) {
      assertEquals(GuestTables.entry(service), entries.of(service));
    }
  }

  @Test
  void anEntryThatFirmwareHasConvertedIsFoundWhereItIsNow() {
    ServiceEntries entries = find();
    tables.move(RuntimeService.GET_TIME, 0xFFFF_FFFE_FF5E_C000L);
    assertEquals(0xFFFF_FFFE_FF5E_C000L, entries.of(RuntimeService.GET_TIME));
  }

  @Test
  void whatARevisionDoesNotHaveHasNoEntry() {
    GuestTables old = new GuestTables(guest, 0x1000, RuntimeServicesTable.REVISION_1_10);
    ServiceEntries entries = ServiceEntries.find(guest.memory(), old.address());
    assertEquals(0, entries.of(RuntimeService.QUERY_VARIABLE_INFO));
    assertEquals(
        GuestTables.entry(RuntimeService.GET_VARIABLE), entries.of(RuntimeService.GET_VARIABLE));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 0x800_0000 - 8, 0x800_4000, 0x800_3F90, 0xF_FFFF_FFFF_FFFFL})
  void aSystemTableThatMemoryDoesNotHoldIsRefused(long address) {
    AgentException e =
        assertThrows(
            AgentException.class,
            () -> ServiceEntries.find(guest.memory(), new PhysicalAddress(address)));
    assertEquals(
        "firmware's tables must lie in memory: address=0x" + Long.toHexString(address),
        e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MIN_VALUE, 0x800_3F80, 0xFFFF_FFFE_FFEA_0000L})
  void servicesThatMemoryDoesNotHoldAreRefused(long address) {
    tables.pointTo(address);
    AgentException e = assertThrows(AgentException.class, this::find);
    assertTrue(e.getMessage().startsWith("firmware's tables must lie in memory"), e.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "system, 0", "system, 12", "system, 15", "system, 16", "system, 119", "services, 0",
    "services, 8", "services, 12", "services, 15", "services, 16", "services, 20", "services, 135"
  })
  void aDamagedTableIsRefused(String table, long at) {
    var bytes = table.equals("system") ? tables.system() : tables.services();
    bytes.set(ValueLayout.JAVA_BYTE, at, (byte) ~bytes.get(ValueLayout.JAVA_BYTE, at));
    AgentException e = assertThrows(AgentException.class, this::find);
    assertTrue(e.getMessage().startsWith("firmware's tables must be sound: "), e.getMessage());
  }
}
