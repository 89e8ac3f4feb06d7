// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.abi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.efirts.api.call.CallFrame;
import io.efirts.api.spec.EfiStatusCode;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.FirmwareContext;
import io.efirts.arm64.context.Arm64FirmwareContext;
import io.efirts.arm64.machine.TestMachine;
import io.efirts.arm64.machine.VcpuState;
import io.efirts.arm64.paging.Granule;
import io.efirts.arm64.vcpu.ModelArm64Vcpu;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whole calls inside a context: what one side puts into registers, the other side reads; the call
 * breaks nothing, and allocates nothing.
 */
@Timeout(60)
class CallOnAProcessorTest {
  private static final long ENTRY = TestMachine.FIRMWARE_CODE;
  private static final long RETURN = TestMachine.FIRMWARE_CODE + 0x800;
  private static final long STATUS = EfiStatusCode.OUT_OF_RESOURCES;
  private static final int CALLS = 2_000;

  private final long[] read = new long[6];
  private final TestMachine machine = new TestMachine(Granule.FOUR_KIB);
  private final ModelArm64Vcpu vcpu = machine.vcpu();
  private final Arm64FirmwareContext context =
      machine.contextBuilder(machine.space()).returnAddress(RETURN).build();
  private final FirmwareContext.SaveArea area = context.newSaveArea();
  private final Map<String, Long> host = VcpuState.of(vcpu);
  private final Aapcs64Convention convention = new Aapcs64Convention();

  /** The caller's side, then the function's, then the caller's again. */
  private long callOnce(CallFrame frame) {
    convention.prepareCall(vcpu, frame, ENTRY, vcpu.pc());
    convention.readArguments(vcpu, frame.service(), read);
    convention.returnStatus(vcpu, STATUS);
    return convention.finishCall(vcpu);
  }

  @Test
  void everyServicesArgumentsArriveAndNothingIsBroken() {
    Random random = new Random(5);
    for (int round = 0; round < 50; round++) {
      for (RuntimeService service : RuntimeService.values()) {
        CallFrame frame = Frames.service(context.memory(), service, random.longs(5).toArray());
        context.enter(area);
        assertEquals(STATUS, callOnce(frame));
        assertEquals(0, context.leave(area), () -> service.efiName());
        assertArrayEquals(Frames.words(frame), Arrays.copyOf(read, frame.argumentCount()));
      }
    }
    assertEquals(host, VcpuState.of(vcpu));
  }

  @Test
  void aCallThatDoesNotComeBackIsNotBlamed() {
    context.enter(area);
    convention.prepareCall(
        vcpu, Frames.vendor(context.memory(), 1, 2, 3, 4, 5, 6), ENTRY, vcpu.pc());
    assertEquals(0, context.leave(area), "stopped at its first instruction");
    assertEquals(host, VcpuState.of(vcpu));
  }

  @Test
  void nothingIsAllocated() {
    CallFrame frame = Frames.service(context.memory(), RuntimeService.SET_VARIABLE, 1, 2, 7, 4, 5);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int i = 0; i < 10; i++) {
      repeat(frame);
    }
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 10; i++) {
      repeat(frame);
    }
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertTrue(allocated < 10 * CALLS, () -> "bytes=" + allocated);
  }

  private void repeat(CallFrame frame) {
    for (int i = 0; i < CALLS; i++) {
      context.enter(area);
      assertEquals(STATUS, callOnce(frame));
      assertEquals(0, context.leave(area));
    }
  }
}
