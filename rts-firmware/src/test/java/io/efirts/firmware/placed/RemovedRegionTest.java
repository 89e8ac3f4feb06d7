// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.placed;

import static io.efirts.api.spec.RuntimeService.GET_NEXT_HIGH_MONOTONIC_COUNT;
import static io.efirts.api.spec.RuntimeService.GET_NEXT_VARIABLE_NAME;
import static io.efirts.api.spec.RuntimeService.GET_TIME;
import static io.efirts.api.spec.RuntimeService.GET_VARIABLE;
import static io.efirts.api.spec.RuntimeService.QUERY_VARIABLE_INFO;
import static io.efirts.api.spec.RuntimeService.RESET_SYSTEM;
import static io.efirts.api.spec.RuntimeService.SET_TIME;
import static io.efirts.api.spec.RuntimeService.SET_VARIABLE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.efirts.api.memory.Access;
import io.efirts.api.memory.AddressSpace;
import io.efirts.api.memory.CacheType;
import io.efirts.api.memory.FaultKind;
import io.efirts.api.memory.FirmwareFault;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.api.spec.RuntimeService;
import io.efirts.firmware.machine.FirmwarePlacement;
import io.efirts.firmware.machine.PageRange;
import io.efirts.firmware.machine.ReferenceMachine;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A region that the host does not map faults in exactly those services that need it, as was
 * measured on OVMF and AAVMF; mapped again, all is as before.
 */
class RemovedRegionTest {
  private static final MappingAttributes ALL =
      new MappingAttributes(true, true, CacheType.WRITE_BACK);
  private static final Set<RuntimeService> VARIABLES =
      EnumSet.of(
          GET_VARIABLE,
          GET_NEXT_VARIABLE_NAME,
          SET_VARIABLE,
          QUERY_VARIABLE_INFO,
          GET_NEXT_HIGH_MONOTONIC_COUNT,
          SET_TIME);
  private static final Set<RuntimeService> WRITES =
      EnumSet.of(SET_VARIABLE, GET_NEXT_HIGH_MONOTONIC_COUNT, SET_TIME);
  private static final Set<RuntimeService> TIME = EnumSet.of(GET_TIME, SET_TIME);
  private static final Set<RuntimeService> NONE = EnumSet.noneOf(RuntimeService.class);

  @ParameterizedTest
  @EnumSource
  void nothingFaultsWhileAllIsMapped(Machines machines) {
    PlacedGuest placed = new PlacedGuest(machines.get());
    assertEquals(NONE, placed.faulting(placed.guest, PlacedGuest.SERVICES));
  }

  @ParameterizedTest
  @EnumSource
  void theMirrorIsNeededByVariables(Machines machines) {
    assertFaulting(VARIABLES, machines.get(), FirmwarePlacement::mirror);
  }

  @ParameterizedTest
  @EnumSource
  void theGlobalsAreNeededByVariables(Machines machines) {
    assertFaulting(VARIABLES, machines.get(), FirmwarePlacement::globals);
  }

  @ParameterizedTest
  @EnumSource
  void theFlashIsNeededByWhatWritesVariables(Machines machines) {
    assertFaulting(WRITES, machines.get(), FirmwarePlacement::flash);
  }

  @Test
  void onX86TheCodeIsNeededByAll() {
    PageRange region = new PageRange(0x0F5E_C000, 256);
    assertFaulting(PlacedGuest.SERVICES, ReferenceMachine.q35(), placement -> region);
  }

  @Test
  void onX86NothingNeedsTheSpareRegion() {
    assertFaulting(NONE, ReferenceMachine.q35(), FirmwarePlacement::spare);
  }

  @Test
  void onArmVariablesNeedTheirCode() {
    Set<RuntimeService> all = EnumSet.copyOf(VARIABLES);
    all.add(RESET_SYSTEM);
    assertFaulting(all, ReferenceMachine.virt(), placement -> placement.variableDriver().range());
  }

  @Test
  void onArmTheTimeNeedsItsCode() {
    assertFaulting(TIME, ReferenceMachine.virt(), placement -> placement.timeDriver().range());
  }

  @Test
  void onArmWritingNeedsTheFlashDriver() {
    assertFaulting(WRITES, ReferenceMachine.virt(), placement -> placement.flashDriver().range());
  }

  @Test
  void onArmTheTimeNeedsTheClock() {
    assertFaulting(TIME, ReferenceMachine.virt(), FirmwarePlacement::clock);
  }

  private static void assertFaulting(
      Set<RuntimeService> expected,
      ReferenceMachine machine,
      Function<FirmwarePlacement, PageRange> part) {
    PlacedGuest placed = new PlacedGuest(machine);
    PageRange range = part.apply(machine.placement());
    AddressSpace space = placed.guest.addressSpace();
    VirtualAddress start = new VirtualAddress(range.physicalStart());
    if (range.equals(machine.placement().spare())) {
      // It has no bytes, and a flat space maps what has.
      PhysicalAddress physical = new PhysicalAddress(range.physicalStart());
      space.map(start, physical, range.sizeBytes(), ALL).ignore();
    }
    space.unmap(start, range.sizeBytes()).ignore();
    assertEquals(expected, placed.faulting(placed.guest, PlacedGuest.SERVICES));
    PhysicalAddress physical = new PhysicalAddress(range.physicalStart());
    space.map(start, physical, range.sizeBytes(), ALL).ignore();
    assertEquals(NONE, placed.faulting(placed.guest, PlacedGuest.SERVICES));
    assertEquals(-1, placed.mirror().mismatch(placed.flash()));
  }

  @Test
  void theFaultNamesTheFirstPageThatWasMissed() {
    PlacedGuest placed = new PlacedGuest(ReferenceMachine.q35());
    FirmwarePlacement placement = placed.machine.placement();
    long mirror = placement.mirror().physicalStart();
    assertFault(placed, mirror, GET_VARIABLE, Access.READ, FaultKind.NOT_MAPPED);
    long flash = placement.flash().physicalStart();
    assertFault(placed, flash, SET_VARIABLE, Access.WRITE, FaultKind.NOT_MAPPED);
    long code = placement.variableDriver().codeStart();
    FirmwareFault fetch = fault(placed, code, RESET_SYSTEM);
    assertEquals(Access.EXECUTE, fetch.access());
    assertEquals(code, fetch.address() & -AddressSpace.PAGE_BYTES);
  }

  private static void assertFault(
      PlacedGuest placed, long page, RuntimeService service, Access access, FaultKind kind) {
    FirmwareFault fault = fault(placed, page, service);
    assertEquals(page, fault.address());
    assertEquals(access, fault.access());
    assertEquals(kind, fault.kind());
  }

  private static FirmwareFault fault(PlacedGuest placed, long page, RuntimeService service) {
    AddressSpace space = placed.guest.addressSpace();
    VirtualAddress start = new VirtualAddress(page);
    space.unmap(start, AddressSpace.PAGE_BYTES).ignore();
    FirmwareFault fault =
        assertThrows(FirmwareFault.class, () -> placed.use(placed.guest, service));
    space.map(start, new PhysicalAddress(page), AddressSpace.PAGE_BYTES, ALL).ignore();
    return fault;
  }

  @Test
  void aReadOnlyMirrorIsReadAndNothingIsWrittenBehindIt() {
    PlacedGuest placed = new PlacedGuest(ReferenceMachine.q35());
    PageRange mirror = placed.machine.placement().mirror();
    placed
        .guest
        .addressSpace()
        .protect(
            new VirtualAddress(mirror.physicalStart()),
            mirror.sizeBytes(),
            MappingAttributes.READ_ONLY)
        .ignore();
    assertEquals(WRITES, placed.faulting(placed.guest, PlacedGuest.SERVICES));
    assertEquals(-1, placed.mirror().mismatch(placed.flash()));
  }

  /** A thread is stopped nowhere near, but its memory is taken away all the same. */
  @ParameterizedTest
  @EnumSource
  void theCrashEntryTouchesNeitherGlobalsNorMirror(Machines machines) {
    PlacedGuest placed = new PlacedGuest(machines.get());
    FirmwarePlacement placement = placed.machine.placement();
    Set<RuntimeService> offered =
        EnumSet.of(
            GET_TIME, GET_VARIABLE, GET_NEXT_VARIABLE_NAME, SET_VARIABLE, QUERY_VARIABLE_INFO);
    unmap(placed, placement.globals());
    unmap(placed, placement.mirror());
    assertEquals(NONE, placed.faulting(placed.crash, offered));
    unmap(placed, placement.flash());
    assertEquals(offered, placed.faulting(placed.crash, offered));
    assertEquals(NONE, placed.faulting(placed.crash, EnumSet.of(RESET_SYSTEM)));
  }

  @Test
  void theCrashEntryNeedsItsCode() {
    PlacedGuest placed = new PlacedGuest(ReferenceMachine.q35());
    unmap(placed, new PageRange(0x0F5E_C000, 256));
    Set<RuntimeService> offered = EnumSet.of(GET_TIME, GET_VARIABLE, SET_VARIABLE, RESET_SYSTEM);
    assertEquals(offered, placed.faulting(placed.crash, offered));
  }

  private static void unmap(PlacedGuest placed, PageRange range) {
    placed
        .crash
        .addressSpace()
        .unmap(new VirtualAddress(range.physicalStart()), range.sizeBytes())
        .ignore();
  }
}
