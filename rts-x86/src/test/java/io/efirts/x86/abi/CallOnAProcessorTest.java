// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.abi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.efirts.api.call.CallFrame;
import io.efirts.api.memory.AddressSpaceView;
import io.efirts.api.spec.EfiStatusCode;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.FirmwareContext;
import io.efirts.x86.context.X86FirmwareContext;
import io.efirts.x86.machine.TestMachine;
import io.efirts.x86.machine.VcpuState;
import io.efirts.x86.paging.PagingMode;
import io.efirts.x86.vcpu.ModelX86Vcpu;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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

  /** A convention and a mode it belongs to. */
  private enum Side {
    BITS_64(PagingMode.FOUR_LEVEL, new MsX64Convention(), -1L),
    BITS_32(PagingMode.PAE, new CdeclConvention(), 0x1FFF_FFFFL);

    private final PagingMode mode;
    private final CallingConvention convention;
    private final long wordMask;

    Side(PagingMode mode, CallingConvention convention, long wordMask) {
      this.mode = mode;
      this.convention = convention;
      this.wordMask = wordMask;
    }
  }

  private final long[] read = new long[6];
  private ModelX86Vcpu vcpu;
  private AddressSpaceView memory;
  private CallingConvention convention;

  private X86FirmwareContext machine(Side side) {
    TestMachine machine = new TestMachine(side.mode);
    X86FirmwareContext context =
        machine.contextBuilder(machine.space()).returnAddress(RETURN).build();
    vcpu = machine.vcpu();
    memory = context.memory();
    convention = side.convention;
    return context;
  }

  /** The caller's side, then the function's, then the caller's again. */
  private long callOnce(CallFrame frame) {
    convention.prepareCall(vcpu, memory, frame, ENTRY, vcpu.rip());
    convention.readArguments(vcpu, memory, frame.service(), read);
    convention.returnStatus(vcpu, memory, STATUS);
    return convention.finishCall(vcpu, frame);
  }

  @ParameterizedTest
  @EnumSource(Side.class)
  void everyServicesArgumentsArriveAndNothingIsBroken(Side side) {
    X86FirmwareContext context = machine(side);
    FirmwareContext.SaveArea area = context.newSaveArea();
    Map<String, Long> host = VcpuState.of(vcpu);
    Random random = new Random(5);
    for (int round = 0; round < 50; round++) {
      for (RuntimeService service : RuntimeService.values()) {
        long[] words = random.longs(5).map(word -> word & side.wordMask).toArray();
        CallFrame frame = Frames.service(memory, service, words);
        context.enter(area);
        assertEquals(STATUS, callOnce(frame));
        assertEquals(0, context.leave(area), () -> service.efiName());
        assertArrayEquals(Frames.words(frame), Arrays.copyOf(read, frame.argumentCount()));
      }
    }
    assertEquals(host, VcpuState.of(vcpu));
  }

  @ParameterizedTest
  @EnumSource(Side.class)
  void aCallThatDoesNotComeBackIsNotBlamed(Side side) {
    X86FirmwareContext context = machine(side);
    FirmwareContext.SaveArea area = context.newSaveArea();
    Map<String, Long> host = VcpuState.of(vcpu);
    context.enter(area);
    convention.prepareCall(
        vcpu, memory, Frames.vendor(memory, 1, 2, 3, 4, 5, 6), ENTRY, vcpu.rip());
    assertEquals(0, context.leave(area), "stopped at its first instruction");
    assertEquals(host, VcpuState.of(vcpu));
  }

  @ParameterizedTest
  @EnumSource(Side.class)
  void nothingIsAllocated(Side side) {
    X86FirmwareContext context = machine(side);
    FirmwareContext.SaveArea area = context.newSaveArea();
    CallFrame frame = Frames.service(memory, RuntimeService.SET_VARIABLE, 1, 2, 7, 4, 5);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int i = 0; i < 10; i++) {
      repeat(context, area, frame);
    }
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 10; i++) {
      repeat(context, area, frame);
    }
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertTrue(allocated < 10 * CALLS, () -> "bytes=" + allocated);
  }

  private void repeat(X86FirmwareContext context, FirmwareContext.SaveArea area, CallFrame frame) {
    for (int i = 0; i < CALLS; i++) {
      context.enter(area);
      assertEquals(STATUS, callOnce(frame));
      assertEquals(0, context.leave(area));
    }
  }
}
