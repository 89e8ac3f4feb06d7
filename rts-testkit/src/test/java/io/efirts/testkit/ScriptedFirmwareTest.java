// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.efirts.api.call.AbiCalls;
import io.efirts.api.call.CallFrame;
import io.efirts.api.call.CallMemory;
import io.efirts.api.call.RuntimeCall;
import io.efirts.api.flat.FlatFirmwareContext;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.CrashEntry;
import io.efirts.api.spi.Firmware;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The double answers as told and would notice what it is there to notice. */
@Timeout(60)
class ScriptedFirmwareTest {
  private final ScriptedFirmware firmware = new ScriptedFirmware();

  private static CallFrame vendorFrame(long entryPoint, long word) {
    RuntimeCall item = new RuntimeCall(CallMemory.allocate(4096), 0x1000, 0x1000);
    AbiCalls.packVendor(item, entryPoint, 1, word, 0, 0, 0, 0, 0);
    return load(item);
  }

  private static CallFrame serviceFrame(RuntimeService service) {
    RuntimeCall item = new RuntimeCall(CallMemory.allocate(4096), 0x1000, 0x1000);
    AbiCalls.pack(item, service, 1, 2, 3, 4, 5);
    return load(item);
  }

  private static CallFrame load(RuntimeCall item) {
    CallFrame frame = new CallFrame(new FlatFirmwareContext(4096).memory());
    frame.load(item);
    return frame;
  }

  @Test
  void everythingSucceedsThatNothingWasSaidAbout() {
    for (int i = 0; i < RuntimeService.COUNT; i++) {
      assertEquals(0, firmware.call(serviceFrame(RuntimeService.of(i))));
    }
    assertEquals(0, firmware.call(vendorFrame(77, 0)));
    assertEquals(RuntimeService.COUNT + 1, firmware.entries());
  }

  @Test
  void eachEntryHasItsOwnBehaviourAndTheLastOneCounts() {
    firmware.on(RuntimeService.SET_TIME, frame -> 1).on(RuntimeService.SET_TIME, frame -> 2);
    firmware
        .onVendor(7, frame -> frame.word(0))
        .onVendor(-8, frame -> 80)
        .onVendor(-8, frame -> 81);
    assertEquals(2, firmware.call(serviceFrame(RuntimeService.SET_TIME)));
    assertEquals(0, firmware.call(serviceFrame(RuntimeService.GET_TIME)));
    assertEquals(5, firmware.call(vendorFrame(7, 5)));
    assertEquals(81, firmware.call(vendorFrame(-8, 5)));
    assertEquals(0, firmware.call(vendorFrame(8, 5)));
  }

  @Test
  void oneCallIsAnsweredOtherwise() {
    firmware.on(RuntimeService.SET_TIME, frame -> 5).onCall(2, frame -> 22).onCall(4, frame -> 44);
    assertEquals(5, firmware.call(serviceFrame(RuntimeService.SET_TIME)));
    assertEquals(22, firmware.call(serviceFrame(RuntimeService.SET_TIME)));
    assertEquals(5, firmware.call(serviceFrame(RuntimeService.SET_TIME)));
    firmware.onCall(firmware.entries() + 1, frame -> 45);
    assertEquals(45, firmware.call(vendorFrame(7, 0)));
    assertEquals(0, firmware.call(vendorFrame(7, 0)));
    assertEquals(
        "call must not have been made yet: number=5, entries=5",
        assertThrows(IllegalArgumentException.class, () -> firmware.onCall(5, frame -> 0))
            .getMessage());
  }

  @Test
  void anotherFirmwareAnswersWhatNothingWasSaidAbout() {
    CrashEntry entry = frame -> 3;
    Firmware whole =
        new Firmware() {
          @Override
          public long call(CallFrame frame) {
            return 9;
          }

          @Override
          public CrashEntry crashEntry() {
            return entry;
          }
        };
    ScriptedFirmware scripted = new ScriptedFirmware(whole).on(RuntimeService.SET_TIME, frame -> 1);
    assertEquals(1, scripted.call(serviceFrame(RuntimeService.SET_TIME)));
    assertEquals(9, scripted.call(serviceFrame(RuntimeService.GET_TIME)));
    assertEquals(9, scripted.call(vendorFrame(7, 0)));
    assertSame(entry, scripted.crashEntry());
    assertNull(scripted.crashEntry(null).crashEntry());
    assertNull(firmware.crashEntry());
    assertSame(entry, firmware.crashEntry(entry).crashEntry());
  }

  @Test
  void twoInsideAtOnceAreNoticed() throws InterruptedException {
    FirmwareHold hold = new FirmwareHold(frame -> 9);
    firmware.onVendor(1, hold);
    assertEquals(0, firmware.greatestInside());
    try (hold) {
      CallerThread<Long> first = CallerThread.start(() -> firmware.call(vendorFrame(1, 0)));
      hold.awaitEntered();
      assertEquals(1, firmware.greatestInside());
      firmware.call(vendorFrame(2, 0));
      hold.release();
      assertEquals(9, first.result());
    }
    firmware.call(vendorFrame(2, 0));
    assertEquals(2, firmware.greatestInside());
  }

  @Test
  void whoThrowsHasLeft() {
    firmware.onVendor(
        1,
        frame -> {
          throw new IllegalStateException("told so");
        });
    CallFrame frame = vendorFrame(1, 0);
    assertThrows(IllegalStateException.class, () -> firmware.call(frame));
    firmware.call(vendorFrame(2, 0));
    assertEquals(1, firmware.greatestInside());
    assertEquals(2, firmware.entries());
  }

  @Test
  void theFirstCallsAreRecorded() {
    assertThrows(IllegalStateException.class, firmware::recorded);
    firmware.record(2);
    firmware.call(serviceFrame(RuntimeService.CONVERT_POINTER));
    firmware.call(vendorFrame(0x99, -1));
    firmware.call(vendorFrame(0x100, -1));
    List<RecordedCall> calls = firmware.recorded();
    assertEquals(2, calls.size());
    assertEquals(
        new RecordedCall(
            RuntimeService.CONVERT_POINTER, 0, List.of(1L, 2L), Thread.currentThread()),
        calls.get(0));
    assertNull(calls.get(1).service());
    assertEquals(0x99, calls.get(1).vendorEntryPoint());
    assertEquals(List.of(-1L), calls.get(1).words());
    assertTrue(firmware.record(1).recorded().isEmpty());
  }

  @Test
  void aCallThatIsNotRecordedAllocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    firmware.onVendor(-7_000_000_000L, frame -> 1);
    CallFrame vendor = vendorFrame(-7_000_000_000L, 0);
    CallFrame service = serviceFrame(RuntimeService.SET_VARIABLE);
    int calls = 20_000;
    long allocated = 0;
    // The first round warms up.
    for (int round = 0; round < 2; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < calls; i++) {
        firmware.call(vendor);
        firmware.call(service);
      }
      allocated = threads.getCurrentThreadAllocatedBytes() - before;
    }
    long bytes = allocated;
    assertTrue(bytes < calls, () -> "bytes=" + bytes);
  }

  @Test
  void aHoldKeepsTheFlagOfAThreadThatIsInterruptedInside() throws InterruptedException {
    FirmwareHold hold = new FirmwareHold();
    try (hold) {
      CallerThread<Boolean> inside =
          CallerThread.start(
              () -> {
                hold.call(vendorFrame(1, 0));
                return Thread.interrupted();
              });
      hold.awaitEntered();
      inside.awaitParked();
      inside.thread().interrupt();
      hold.release();
      assertTrue(inside.result());
    }
    assertEquals(0, hold.call(vendorFrame(1, 0)), "it holds nobody after its release");
  }
}
