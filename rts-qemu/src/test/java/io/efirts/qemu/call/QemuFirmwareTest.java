// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.memory.Access;
import io.efirts.api.memory.FaultKind;
import io.efirts.api.memory.FirmwareFault;
import io.efirts.api.spec.EfiStatusCode;
import io.efirts.api.spec.ReentryTable;
import io.efirts.api.spec.RuntimeService;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A call from its frame to its status, or its fault. */
class QemuFirmwareTest {
  private final GuestCall call = new GuestCall();

  @ParameterizedTest
  @ValueSource(longs = {0, EfiStatusCode.NOT_FOUND, -1, 0x1234_5678_9ABC_DEF0L})
  void anyStatusIsPassedOn(long status) {
    call.host.look(() -> call.answer(status));
    assertEquals(status, call.make(RuntimeService.GET_TIME));
  }

  @ParameterizedTest
  @EnumSource
  void aServiceIsCalledWhereTheTableSaysWithItsArguments(RuntimeService service) {
    call.host.look(
        () -> {
          call.guest.begin();
          assertEquals(GuestTables.entry(service), call.guest.register("REG_RIP"));
          long stack = call.guest.register("REG_RSP");
          assertEquals(8, stack % 16, "as behind a CALL");
          assertEquals(call.guest.get("RETURN_ADDRESS"), word(stack));
          String[] inRegisters = {"REG_RCX", "REG_RDX", "REG_R8", "REG_R9"};
          for (int i = 0; i < service.signature().parameterCount(); i++) {
            long value = i < 4 ? call.guest.register(inRegisters[i]) : word(stack + 8 + 8L * i);
            assertEquals(i + 1, value, "argument " + i);
          }
          call.guest.register("REG_RSP", stack + 8);
          call.guest.end("ENDING_RETURNED");
        });
    call.make(service);
    assertEquals(0, call.host.looksLeft());
  }

  private long word(long address) {
    return call.guest.bytes().get(ValueLayout.JAVA_LONG_UNALIGNED, address - call.guest.base());
  }

  @Test
  void aVendorsFunctionIsCalledWhereTheCallerSays() {
    call.host.look(
        () -> {
          call.guest.begin();
          assertEquals(0x1234, call.guest.register("REG_RIP"));
          assertEquals(2, call.guest.register("REG_RDX"));
          call.guest.end("ENDING_RETURNED");
        });
    call.makeVendor(0x1234, 6);
  }

  @Test
  void aServiceWithoutEntryIsUnsupportedAndTheGuestIsNotAsked() {
    call.tables.move(RuntimeService.GET_WAKEUP_TIME, 0);
    assertEquals(EfiStatusCode.UNSUPPORTED, call.make(RuntimeService.GET_WAKEUP_TIME));
    assertEquals(0, call.guest.get("REQUEST"));
  }

  @Test
  void anExceptionIsAFault() {
    call.host.look(
        () -> {
          call.guest.begin();
          call.guest.register("REG_VECTOR", 14);
          call.guest.register("REG_ERROR", 2);
          call.guest.register("REG_CR2", 0x77);
          call.guest.end("ENDING_FAULT");
        });
    assertFault(FaultKind.NOT_MAPPED, Access.WRITE, 0x77, RuntimeService.SET_VARIABLE);
  }

  @Test
  void aCallThatTakesTooLongIsUnwoundAndSaysWhereItWas() {
    call.host.look(
        () -> {
          call.guest.begin();
          call.guest.register("REG_RIP", 0xABCD);
          call.clock.advance(GuestCall.LIMIT + 1);
        });
    call.host.onUnwind(call.guest::interrupt);
    assertFault(FaultKind.UNWOUND, Access.EXECUTE, 0xABCD, RuntimeService.GET_TIME);
  }

  @Test
  void anAgentThatIsStuckHasLostTheMachine() {
    call.host.look(call.guest::fault);
    assertFault(
        FaultKind.MACHINE_LOST,
        Access.EXECUTE,
        GuestTables.entry(RuntimeService.GET_TIME),
        RuntimeService.GET_TIME);
  }

  @Test
  void aCallerWhoseGuestWasTakenOverIsUnwound() {
    call.host.look(() -> call.answer(0));
    assertEquals(0, call.makeInCrash(RuntimeService.SET_VARIABLE));
    assertFault(
        FaultKind.UNWOUND,
        Access.EXECUTE,
        GuestTables.entry(RuntimeService.GET_TIME),
        RuntimeService.GET_TIME);
  }

  @Test
  void aResetThatEndsTheMachineHasSucceededAndAnythingElseIsLost() {
    call.host.look(call.host::die);
    assertEquals(EfiStatusCode.SUCCESS, call.make(RuntimeService.RESET_SYSTEM));
    call.host.look(() -> {});
    assertFault(
        FaultKind.MACHINE_LOST,
        Access.EXECUTE,
        GuestTables.entry(RuntimeService.GET_TIME),
        RuntimeService.GET_TIME);
  }

  @Test
  void aMachineThatEndsUnderAVendorsFunctionIsLost() {
    call.host.look(call.host::die);
    FirmwareFault fault = assertThrows(FirmwareFault.class, () -> call.makeVendor(0x1234, 1));
    assertEquals(FaultKind.MACHINE_LOST, fault.kind());
  }

  @Test
  void aResetThatWasNeverBegunBecauseTheMachineHadEndedIsSuccessToo() {
    call.host.die();
    call.host.look(() -> {});
    assertEquals(EfiStatusCode.SUCCESS, call.make(RuntimeService.RESET_SYSTEM));
  }

  @Test
  void aCrashMayCallWhatTheSpecificationAllows() {
    assertSame(call.firmware.crashEntry(), call.firmware.crashEntry());
    for (RuntimeService service : RuntimeService.values()) {
      if (ReentryTable.callableDuringMachineCheck(service)) {
        call.host.look(
            () -> {
              call.answer(42);
              assertTrue(call.guest.isCrash());
            });
        assertEquals(42, call.makeInCrash(service), service.name());
      } else {
        long before = call.guest.get("REQUEST");
        assertEquals(EfiStatusCode.UNSUPPORTED, call.makeInCrash(service), service.name());
        assertEquals(before, call.guest.get("REQUEST"));
      }
    }
  }

  @Test
  void aCrashDoesNotCallVendorsFunctions() {
    assertEquals(EfiStatusCode.UNSUPPORTED, call.makeInCrash(null));
    assertEquals(0, call.guest.get("REQUEST"));
  }

  private void assertFault(FaultKind kind, Access access, long address, RuntimeService service) {
    FirmwareFault fault = assertThrows(FirmwareFault.class, () -> call.make(service));
    assertEquals(kind, fault.kind());
    assertEquals(access, fault.access());
    assertEquals(address, fault.address());
  }
}
