// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.call.CallFrame;
import io.efirts.api.call.CallMemory;
import io.efirts.api.flat.FlatAddressSpace;
import io.efirts.api.flat.FlatVcpu;
import io.efirts.api.memory.AddressSpaceView;
import io.efirts.api.memory.FaultKind;
import io.efirts.api.memory.FirmwareFault;
import io.efirts.api.memory.GuestMemory;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.AtomicContext;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.dispatch.event.Counter;
import io.efirts.dispatch.event.DispatcherEvent;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.FirmwareHold;
import io.efirts.testkit.Patience;
import io.efirts.testkit.ScriptedFirmware;
import io.efirts.testkit.machine.ScriptedContext;
import io.efirts.testkit.machine.ScriptedVcpu;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Why calls are made by a worker (I-2). A profiler's interrupt looks at the stack of whoever it
 * interrupts. Were the caller itself inside, in the firmware's address space, its own memory would
 * be gone under that interrupt. With a worker the caller keeps its address space, and an interrupt
 * on the worker finds nobody's memory there but the firmware's.
 */
@Timeout(60)
class CallersAddressSpaceTest {
  private static final long CALLERS_ROOT = 0x5000_0000L;
  private static final long FIRMWARES_ROOT = 0x6000_0000L;

  /** In the caller's address space only. */
  private static final long CALLERS_STACK = 0x7FFF_F000L;

  private static final long VALUE = 0x1122_3344_5566_7788L;

  private final FlatVcpu callersVcpu = new FlatVcpu(CALLERS_ROOT);
  private final ScriptedVcpu workersVcpu = new ScriptedVcpu();
  private final ScriptedContext context = new ScriptedContext(workersVcpu, FIRMWARES_ROOT, 1 << 20);
  private final ScriptedFirmware firmware = new ScriptedFirmware();
  private final BlockingQueue<DispatcherEvent> events = new LinkedBlockingQueue<>();
  private final AddressSpaceView callersMemory = callersMemory();

  private static AddressSpaceView callersMemory() {
    FlatAddressSpace space = new FlatAddressSpace(CALLERS_ROOT);
    MemoryRegion stack =
        new MemoryRegion(new PhysicalAddress(CALLERS_STACK), CallMemory.allocate(4096));
    space
        .map(
            new VirtualAddress(CALLERS_STACK),
            stack.base(),
            stack.bytes().byteSize(),
            MappingAttributes.DATA)
        .ignore();
    AddressSpaceView view = new AddressSpaceView(space, GuestMemory.of(List.of(stack)));
    view.putLong(CALLERS_STACK, VALUE);
    return view;
  }

  private DispatcherBuilder builder() {
    return Dispatcher.builder()
        .firmware(() -> new FirmwareInstance(context.watched(firmware), context))
        .calls(4)
        .listener(events::add);
  }

  private static CallResult getTime(Dispatcher dispatcher) {
    return dispatcher.runtimeServices().getTime(new EfiTimeHolder(), null);
  }

  @Test
  void anInterruptOfTheCallerSeesTheCallersAddressSpace() throws InterruptedException {
    FirmwareHold hold = new FirmwareHold();
    firmware.on(RuntimeService.GET_TIME, hold);
    try (Dispatcher dispatcher = builder().start();
        hold) {
      CallerThread<CallResult> caller = CallerThread.start(() -> getTime(dispatcher));
      Thread inside = hold.awaitEntered();
      assertNotEquals(caller.thread(), inside);
      // The interrupt: it runs on the caller's processor, in whatever is active there.
      assertEquals(CALLERS_ROOT, callersVcpu.addressSpaceRoot());
      assertEquals(VALUE, callersMemory.getLong(CALLERS_STACK));
      assertEquals(FIRMWARES_ROOT, workersVcpu.addressSpaceRoot());
      hold.release();
      assertTrue(caller.result().isSuccess());
    }
    assertEquals(ScriptedVcpu.HOST_ROOT, workersVcpu.addressSpaceRoot());
    context.assertUsedRightly();
  }

  @Test
  void anInterruptOfTheWorkerThatTouchesTheCallersMemoryIsAContainedFault() {
    firmware.on(RuntimeService.GET_TIME, CallersAddressSpaceTest::interruptTouchingTheCallersStack);
    try (Dispatcher dispatcher = builder().start()) {
      assertEquals(CallResult.refused(Outcome.FAULTED, true, false), getTime(dispatcher));
      FirmwareFault fault = (FirmwareFault) dispatcher.fault().orElseThrow().thrown();
      assertEquals(FaultKind.NOT_MAPPED, fault.kind());
      assertEquals(CALLERS_STACK, fault.address());
      assertEquals("efi-rts", dispatcher.fault().orElseThrow().threadName());
      assertEquals(DispatcherMode.DISABLED, dispatcher.mode());
      assertEquals(ScriptedVcpu.HOST_ROOT, workersVcpu.addressSpaceRoot());
    }
    assertEquals(VALUE, callersMemory.getLong(CALLERS_STACK));
    context.assertUsedRightly();
  }

  private static long interruptTouchingTheCallersStack(CallFrame frame) {
    return frame.memory().getLong(CALLERS_STACK);
  }

  @Test
  void aBlockingCallFromAtomicContextIsRefusedAndReported() throws InterruptedException {
    ThreadLocal<Boolean> holdsASpinLock = ThreadLocal.withInitial(() -> false);
    AtomicContext atomic = holdsASpinLock::get;
    try (Dispatcher dispatcher = builder().atomicContext(atomic).start()) {
      holdsASpinLock.set(true);
      for (int i = 0; i < 3; i++) {
        assertEquals(CallResult.refused(Outcome.WOULD_BLOCK, false, false), getTime(dispatcher));
      }
      assertEquals(0, firmware.entries());
      assertTrue(
          dispatcher.nonBlocking().setVariable("n", new EfiGuid(1, 2), 7, 0, null).isSuccess(),
          "the way for such a caller");
      holdsASpinLock.set(false);
      assertTrue(getTime(dispatcher).isSuccess());
      assertEquals(3, dispatcher.count(Counter.BLOCKING_REFUSED));
      DispatcherEvent.BlockingRefused refused =
          (DispatcherEvent.BlockingRefused)
              events.poll(Patience.LIMIT.toNanos(), TimeUnit.NANOSECONDS);
      assertTrue(
          Arrays.stream(refused.stack().getStackTrace())
              .anyMatch(frame -> frame.getClassName().equals(getClass().getName())),
          "tells where");
    }
    assertTrue(
        events.stream().noneMatch(event -> event instanceof DispatcherEvent.BlockingRefused),
        "told once");
  }
}
