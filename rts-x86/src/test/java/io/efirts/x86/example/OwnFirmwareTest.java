// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.efirts.api.CallResult;
import io.efirts.api.IntHolder;
import io.efirts.api.Outcome;
import io.efirts.api.call.CallFrame;
import io.efirts.api.memory.AddressSpaceView;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.EfiStatusCode;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.Firmware;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.dispatch.Dispatcher;
import io.efirts.x86.machine.TestMachine;
import io.efirts.x86.paging.PagingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A firmware that an embedder wrote: one standard service, one entry of its own. It sees memory
 * through the tables only; what it must not touch it cannot touch.
 */
@Timeout(60)
class OwnFirmwareTest {
  private static final long COUNTER = TestMachine.FIRMWARE_DATA;
  private static final long SUM_ENTRY = TestMachine.FIRMWARE_CODE + 0x40;
  private static final long SUM = TestMachine.FIRMWARE_DATA + 0x100;

  /** Keeps its one global in guest memory, as firmware does. */
  private static final class OwnFirmware implements Firmware {
    @Override
    public long call(CallFrame frame) {
      if (frame.service() == RuntimeService.GET_NEXT_HIGH_MONOTONIC_COUNT) {
        return count(frame);
      }
      return frame.vendorEntryPoint() == SUM_ENTRY ? sum(frame) : EfiStatusCode.UNSUPPORTED;
    }

    private static long count(CallFrame frame) {
      AddressSpaceView memory = frame.memory();
      int next = memory.getInt(COUNTER) + 1;
      memory.putInt(COUNTER, next);
      memory.putInt(frame.word(0), next);
      return EfiStatusCode.SUCCESS;
    }

    /** EFI_STATUS Sum (UINTN First, UINTN Second, UINT64 *Result). */
    private static long sum(CallFrame frame) {
      frame.memory().fetch(frame.vendorEntryPoint());
      frame.memory().putLong(frame.word(2), frame.word(0) + frame.word(1));
      return EfiStatusCode.SUCCESS;
    }
  }

  private final TestMachine machine = new TestMachine(PagingMode.FOUR_LEVEL);

  private Dispatcher start() {
    return Dispatcher.builder()
        .firmware(() -> new FirmwareInstance(new OwnFirmware(), machine.context(machine.space())))
        .calls(4)
        .bufferBytes(1024)
        .start();
  }

  @Test
  void itsServiceIsCalledByName() {
    try (Dispatcher dispatcher = start()) {
      IntHolder high = new IntHolder();
      dispatcher.runtimeServices().getNextHighMonotonicCount(high);
      dispatcher.runtimeServices().getNextHighMonotonicCount(high);
      assertEquals(2, high.value);
      assertEquals(
          EfiStatus.UNSUPPORTED,
          dispatcher.runtimeServices().getTime(new EfiTimeHolder(), null).status());
    }
    assertEquals(2, machine.hostView().getInt(COUNTER));
  }

  @Test
  void itsOwnEntryIsCalledByAddress() {
    try (Dispatcher dispatcher = start()) {
      CallResult result = dispatcher.abi().callVendor(SUM_ENTRY, 3, 40, 2, SUM, 0, 0, 0);
      assertEquals(CallResult.completed(0), result);
      assertEquals(42, machine.hostView().getLong(SUM));
    }
  }

  @Test
  void aPointerToTheHostsMemoryIsAFaultAndNoDamage() {
    try (Dispatcher dispatcher = start()) {
      CallResult result =
          dispatcher.abi().callVendor(SUM_ENTRY, 3, 40, 2, TestMachine.HOST_DATA, 0, 0, 0);
      assertEquals(Outcome.FAULTED, result.outcome());
      assertEquals(machine.hostRoot(), machine.vcpu().addressSpaceRoot());
    }
    assertEquals(0, machine.hostView().getLong(TestMachine.HOST_DATA));
  }
}
