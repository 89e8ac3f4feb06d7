// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.flat.FlatFirmwareContext;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.testkit.ScriptedFirmware;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/** What a builder takes, what it refuses, and that its dispatchers share nothing. */
@Timeout(60)
class DispatcherBuilderTest {
  private final DispatcherBuilder builder = Dispatcher.builder();

  @Test
  void limitsAreRefusedWithTheirBounds() {
    assertRefused("calls must be 1 to 4096: calls=0", () -> builder.calls(0));
    assertRefused("calls must be 1 to 4096: calls=4097", () -> builder.calls(4097));
    assertRefused(
        "bufferBytes must be 1024 to 16777216: bufferBytes=1023", () -> builder.bufferBytes(1023));
    assertRefused(
        "bufferBytes must be 1024 to 16777216: bufferBytes=16777217",
        () -> builder.bufferBytes(16777217));
    assertRefused(
        "closeWait must not be negative: closeWait=PT-1S",
        () -> builder.closeWait(Duration.ofSeconds(-1)));
    assertRefused(
        "resetWait must not be negative: resetWait=PT-1S",
        () -> builder.resetWait(Duration.ofSeconds(-1)));
  }

  private static void assertRefused(String message, Executable misuse) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, misuse).getMessage());
  }

  @Test
  void aFirmwareIsNeeded() {
    assertEquals(
        "a dispatcher needs a firmware: firmware=null",
        assertThrows(IllegalStateException.class, builder::start).getMessage());
  }

  @Test
  void aContextMustHoldTheWorkItems() {
    builder.calls(1).bufferBytes(1024);
    builder.firmware(() -> new FirmwareInstance(frame -> 0, new FlatFirmwareContext(7 * 4096)));
    assertRefused(
        "call memory must hold every work item: needed=32768, available=28672", builder::start);
    builder.firmware(() -> new FirmwareInstance(frame -> 0, new FlatFirmwareContext(8 * 4096)));
    try (Dispatcher dispatcher = builder.start()) {
      assertTrue(dispatcher.runtimeServices().getTime(new EfiTimeHolder(), null).isSuccess());
    }
  }

  @Test
  void aCallHoldsAsMuchAsItsBuffer() {
    ScriptedFirmware firmware = new ScriptedFirmware();
    // One page: 256 bytes of header, 3840 of buffer, 16 of them taken by the name.
    builder.firmware(firmware).storageReserve(0);
    try (Dispatcher dispatcher = builder.bufferBytes(1024).start()) {
      MemorySegment data = MemorySegment.ofArray(new byte[3825]);
      assertTrue(setVariable(dispatcher, data, 3824).isSuccess());
      assertRefused(
          "argument must fit the work item's buffer: lengthBytes=3825, remaining=3824",
          () -> setVariable(dispatcher, data, 3825));
    }
    try (Dispatcher dispatcher = builder.bufferBytes(66 * 1024).start()) {
      MemorySegment data = MemorySegment.ofArray(new byte[64 * 1024]);
      assertTrue(setVariable(dispatcher, data, 64 * 1024).isSuccess());
    }
  }

  private static CallResult setVariable(Dispatcher dispatcher, MemorySegment data, long size) {
    return dispatcher.runtimeServices().setVariable("n", new EfiGuid(1, 2), 7, size, data);
  }

  @Test
  void dispatchersOfOneBuilderAreIndependent() {
    ScriptedFirmware firmware = new ScriptedFirmware();
    builder.firmware(firmware).calls(1);
    Dispatcher first = builder.start();
    try (Dispatcher second = builder.start()) {
      first.close();
      assertEquals(DispatcherMode.CLOSED, first.mode());
      assertTrue(second.runtimeServices().getTime(new EfiTimeHolder(), null).isSuccess());
      assertTrue(second.fault().isEmpty());
    }
  }
}
