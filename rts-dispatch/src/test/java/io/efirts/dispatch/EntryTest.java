// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.LongHolder;
import io.efirts.api.Outcome;
import io.efirts.api.call.CallMemory;
import io.efirts.api.flat.FlatFirmwareContext;
import io.efirts.api.flat.FlatVcpu;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.ResetType;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.api.spi.InterruptControl;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.FirmwareHold;
import io.efirts.testkit.ScriptedFirmware;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What surrounds an entry on each path: address space, deferred stops, the reset's wait. */
@Timeout(60)
class EntryTest {
  private static final long HOST_ROOT = 0xABCD_0000L;
  private static final EfiGuid GUID = new EfiGuid(1, 2);

  private final List<String> events = Collections.synchronizedList(new ArrayList<>());
  private final FlatVcpu vcpu = new FlatVcpu(HOST_ROOT);
  private final ScriptedFirmware firmware = new ScriptedFirmware();

  /** Nests: gives back the depth at which it was called. */
  private final InterruptControl interrupts =
      new InterruptControl() {
        private long depth = 40;

        @Override
        public synchronized long disable() {
          events.add("disable");
          return depth++;
        }

        @Override
        public synchronized void restore(long previous) {
          depth = previous;
          events.add("restore " + previous);
        }
      };

  private Dispatcher start() {
    return Dispatcher.builder()
        .firmware(
            () ->
                new FirmwareInstance(
                    firmware,
                    new FlatFirmwareContext(
                        vcpu,
                        new MemoryRegion(
                            new PhysicalAddress(0x4000_0000), CallMemory.allocate(1 << 20)),
                        List.of())))
        .calls(4)
        .interrupts(interrupts)
        .resetWait(Duration.ofSeconds(20))
        .start();
  }

  /** I-2. */
  @Test
  void theFirmwaresAddressSpaceIsActiveInsideAndTheHostsAfterwards() {
    List<Long> inside = new ArrayList<>();
    for (RuntimeService service :
        List.of(
            RuntimeService.GET_TIME, RuntimeService.SET_VARIABLE, RuntimeService.RESET_SYSTEM)) {
      firmware.on(
          service,
          frame -> {
            inside.add(vcpu.addressSpaceRoot());
            return 0;
          });
    }
    try (Dispatcher dispatcher = start()) {
      assertTrue(dispatcher.runtimeServices().getTime(new EfiTimeHolder(), null).isSuccess());
      assertEquals(HOST_ROOT, vcpu.addressSpaceRoot());
      assertTrue(dispatcher.nonBlocking().setVariable("n", GUID, 7, 0, null).isSuccess());
      assertEquals(HOST_ROOT, vcpu.addressSpaceRoot());
      dispatcher.runtimeServices().resetSystem(ResetType.COLD, EfiStatus.SUCCESS, null);
      assertEquals(HOST_ROOT, vcpu.addressSpaceRoot());
    }
    assertEquals(3, inside.size());
    inside.forEach(root -> assertNotEquals(HOST_ROOT, root));
  }

  /** I-2. */
  @Test
  void theHostsAddressSpaceIsActiveAfterAFault() {
    for (boolean queued : new boolean[] {true, false}) {
      firmware.on(
          RuntimeService.SET_VARIABLE,
          frame -> {
            throw new IllegalStateException("firmware");
          });
      try (Dispatcher dispatcher = start()) {
        CallResult result =
            queued
                ? dispatcher.runtimeServices().setVariable("n", GUID, 7, 0, null)
                : dispatcher.nonBlocking().setVariable("n", GUID, 7, 0, null);
        assertEquals(Outcome.FAULTED, result.outcome());
        assertEquals(HOST_ROOT, vcpu.addressSpaceRoot());
        assertEquals("firmware", dispatcher.fault().orElseThrow().thrown().getMessage());
      }
    }
  }

  @Test
  void stopsAreDeferredFromBeforeTheGateUntilAfterItsRelease() {
    firmware.on(
        RuntimeService.SET_VARIABLE,
        frame -> {
          events.add("inside");
          return 0;
        });
    try (Dispatcher dispatcher = start()) {
      dispatcher.nonBlocking().setVariable("n", GUID, 7, 0, null);
      assertEquals(List.of("disable", "inside", "restore 40"), events);
      events.clear();
      dispatcher.runtimeServices().setVariable("n", GUID, 7, 0, null);
      assertEquals(List.of("disable", "inside", "restore 40"), events);
    }
  }

  @Test
  void stopsAreAllowedAgainAfterARefusalAndAMisuse() {
    MemorySegment empty = MemorySegment.ofArray(new byte[0]);
    Dispatcher dispatcher = start();
    assertThrows(
        IllegalArgumentException.class,
        () -> dispatcher.nonBlocking().setVariable("n", GUID, 7, 1, empty));
    assertEquals(List.of("disable", "restore 40"), events);
    dispatcher.close();
    events.clear();
    dispatcher.nonBlocking().setVariable("n", GUID, 7, 0, null);
    assertEquals(List.of("disable", "restore 40"), events);
  }

  /** A crash write from inside a call finds stops deferred, and leaves them so. */
  @Test
  void nestedCallsGiveBackWhatTheyFound() {
    Dispatcher[] self = new Dispatcher[1];
    firmware.on(
        RuntimeService.QUERY_VARIABLE_INFO,
        frame -> {
          self[0].nonBlocking().setVariable("n", GUID, 7, 0, null);
          return 0;
        });
    try (Dispatcher dispatcher = start()) {
      self[0] = dispatcher;
      dispatcher
          .nonBlocking()
          .queryVariableInfo(7, new LongHolder(), new LongHolder(), new LongHolder());
    }
    assertEquals(List.of("disable", "disable", "restore 41", "restore 40"), events);
  }

  @Test
  void resetWaitsForTheGate() throws InterruptedException {
    FirmwareHold hold = new FirmwareHold();
    firmware.on(RuntimeService.GET_TIME, hold).record(2);
    try (Dispatcher dispatcher = start();
        hold) {
      CallerThread<CallResult> inside =
          CallerThread.start(() -> dispatcher.runtimeServices().getTime(new EfiTimeHolder(), null));
      hold.awaitEntered();
      CallerThread<CallResult> reset =
          CallerThread.start(
              () ->
                  dispatcher
                      .runtimeServices()
                      .resetSystem(ResetType.COLD, EfiStatus.SUCCESS, null));
      reset.awaitParked();
      assertEquals(1, firmware.entries());
      hold.release();
      assertTrue(inside.result().isSuccess());
      assertTrue(reset.result().isSuccess());
      assertEquals(reset.thread(), firmware.recorded().get(1).thread());
    }
    assertEquals(1, firmware.greatestInside());
  }

  /** I-4. */
  @Test
  void resetGivesUpAfterItsWait() throws InterruptedException {
    FirmwareHold hold = new FirmwareHold();
    firmware.on(RuntimeService.GET_TIME, hold);
    try (Dispatcher dispatcher =
            Dispatcher.builder().firmware(firmware).resetWait(Duration.ofMillis(1)).start();
        hold) {
      CallerThread<CallResult> inside =
          CallerThread.start(() -> dispatcher.runtimeServices().getTime(new EfiTimeHolder(), null));
      hold.awaitEntered();
      CallResult busy = CallResult.refused(Outcome.BUSY, false, false);
      assertEquals(
          busy, dispatcher.runtimeServices().resetSystem(ResetType.COLD, EfiStatus.SUCCESS, null));
      assertEquals(busy, dispatcher.abi().call(RuntimeService.RESET_SYSTEM, 0, 0, 0, 0, 0));
      hold.release();
      assertTrue(inside.result().isSuccess());
    }
    assertEquals(1, firmware.entries());
  }

  /** I-4: bounded also for a thread that is inside itself. */
  @Test
  void resetFromInsideIsRefusedAtOnce() {
    Dispatcher[] self = new Dispatcher[1];
    List<CallResult> nested = new ArrayList<>();
    firmware.on(
        RuntimeService.GET_TIME,
        frame -> {
          nested.add(
              self[0].runtimeServices().resetSystem(ResetType.COLD, EfiStatus.SUCCESS, null));
          return 0;
        });
    try (Dispatcher dispatcher =
        Dispatcher.builder().firmware(firmware).resetWait(Duration.ofHours(1)).start()) {
      self[0] = dispatcher;
      assertTrue(dispatcher.runtimeServices().getTime(new EfiTimeHolder(), null).isSuccess());
    }
    assertEquals(List.of(CallResult.refused(Outcome.WOULD_BLOCK, false, false)), nested);
  }

  /** Tells for each thread whether its stops are deferred. */
  private static final class DeferredByThread implements InterruptControl {
    private final Map<Thread, Long> depths = new ConcurrentHashMap<>();
    private volatile String failFor = "";

    @Override
    public long disable() {
      return depths.merge(Thread.currentThread(), 1L, Long::sum) - 1;
    }

    @Override
    public void restore(long previous) {
      depths.put(Thread.currentThread(), previous);
      if (Thread.currentThread().getName().equals(failFor)) {
        failFor = "";
        throw new IllegalStateException("an embedder that breaks the rule");
      }
    }

    boolean deferred(Thread thread) {
      return depths.getOrDefault(thread, 0L) != 0;
    }
  }

  @Test
  void resetThatWaitsForTheGateCanBeStopped() throws InterruptedException {
    FirmwareHold hold = new FirmwareHold();
    DeferredByThread control = new DeferredByThread();
    firmware.on(RuntimeService.GET_TIME, hold);
    try (Dispatcher dispatcher =
            Dispatcher.builder()
                .firmware(firmware)
                .interrupts(control)
                .resetWait(Duration.ofSeconds(20))
                .start();
        hold) {
      CallerThread<CallResult> inside =
          CallerThread.start(() -> dispatcher.runtimeServices().getTime(new EfiTimeHolder(), null));
      hold.awaitEntered();
      CallerThread<CallResult> reset =
          CallerThread.start(
              () ->
                  dispatcher
                      .runtimeServices()
                      .resetSystem(ResetType.COLD, EfiStatus.SUCCESS, null));
      reset.awaitParked();
      // Deferred for the length of an attempt at most, so soon found allowed.
      while (control.deferred(reset.thread())) {
        Thread.onSpinWait();
      }
      hold.release();
      assertTrue(inside.result().isSuccess());
      assertTrue(reset.result().isSuccess());
    }
  }

  /** A worker that is thrown out while it waits must not leave its announcement in the gate. */
  @Test
  void directCallsGetInAfterTheWorkerWasThrownOutOfItsWait() throws InterruptedException {
    FirmwareHold hold = new FirmwareHold();
    DeferredByThread control = new DeferredByThread();
    firmware.on(RuntimeService.QUERY_VARIABLE_INFO, hold);
    try (Dispatcher dispatcher =
            Dispatcher.builder().firmware(firmware).interrupts(control).start();
        hold) {
      CallerThread<CallResult> inside =
          CallerThread.start(
              () ->
                  dispatcher
                      .nonBlocking()
                      .queryVariableInfo(7, new LongHolder(), new LongHolder(), new LongHolder()));
      hold.awaitEntered();
      control.failFor = "efi-rts";
      CallResult queued = dispatcher.runtimeServices().getTime(new EfiTimeHolder(), null);
      assertEquals(CallResult.refused(Outcome.FAULTED, false, false), queued);
      hold.release();
      assertTrue(inside.result().isSuccess());
      assertTrue(dispatcher.nonBlocking().setVariable("n", GUID, 7, 0, null).isSuccess());
      assertTrue(dispatcher.runtimeServices().getTime(new EfiTimeHolder(), null).isSuccess());
    }
  }
}
