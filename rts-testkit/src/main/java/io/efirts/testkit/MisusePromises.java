// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.LongHolder;
import io.efirts.api.spec.EfiTimeHolder;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/**
 * Misuse is an exception with the rule, the name and the value; it has no effect (I-5), and what
 * the call had lent by then is given back.
 */
interface MisusePromises extends DispatcherFixture {
  @Test
  default void aSizeLargerThanItsBufferIsRefused() {
    MemorySegment three = MemorySegment.ofArray(new byte[3]);
    assertRefused(
        dispatcher -> dispatcher.typed().setVariable("n", VENDOR, 7, 4, three),
        "dataSize must be at most the buffer: dataSize=4, buffer=3");
    assertRefused(
        dispatcher -> dispatcher.typed().getVariable("n", VENDOR, null, new LongHolder(4), three),
        "dataSize must be at most the buffer: dataSize=4, buffer=3");
    assertRefused(
        dispatcher -> dispatcher.typed().getVariable("n", VENDOR, null, new LongHolder(-1), null),
        "dataSize must be at most the buffer: dataSize=-1, buffer=0");
    assertRefused(
        dispatcher -> dispatcher.nonBlocking().setVariable("n", VENDOR, 7, 4, three),
        "dataSize must be at most the buffer: dataSize=4, buffer=3");
  }

  @Test
  default void aNameWithNulIsRefused() {
    assertRefused(
        dispatcher -> dispatcher.typed().setVariable("a\0b", VENDOR, 7, 0, null),
        "variable name must not contain a NUL: index=1, length=3");
    assertRefused(
        dispatcher -> dispatcher.nonBlocking().setVariable("\0", VENDOR, 7, 0, null),
        "variable name must not contain a NUL: index=0, length=1");
  }

  @Test
  default void aVendorCallNeedsAnEntryAndAtMostSixWords() {
    assertRefused(
        dispatcher -> dispatcher.abi().callVendor(0, 0, 0, 0, 0, 0, 0, 0),
        "vendor entry point must not be 0");
    assertRefused(
        dispatcher -> dispatcher.abi().callVendor(1, 7, 0, 0, 0, 0, 0, 0),
        "vendor call must have 0 to 6 words: wordCount=7");
    assertRefused(
        dispatcher -> dispatcher.abi().callVendor(1, -1, 0, 0, 0, 0, 0, 0),
        "vendor call must have 0 to 6 words: wordCount=-1");
  }

  @Test
  default void nullIsNamed() {
    ScriptedFirmware firmware = new ScriptedFirmware();
    try (DispatcherUnderTest dispatcher = open(firmware)) {
      assertNamed("time", () -> dispatcher.typed().getTime(null, null));
      assertNamed("service", () -> dispatcher.abi().call(null, 0, 0, 0, 0, 0));
      assertNamed("vendorGuid", () -> dispatcher.typed().setVariable("n", null, 0, 0, null));
      assertNamed(
          "variableName", () -> dispatcher.nonBlocking().setVariable(null, VENDOR, 0, 0, null));
      assertNamed("cursor", () -> dispatcher.typed().getNextVariableName(null));
      assertNamed("resetType", () -> dispatcher.typed().resetSystem(null, null, null));
      assertTrue(dispatcher.typed().getTime(new EfiTimeHolder(), null).isSuccess());
    }
    assertEquals(1, firmware.entries());
  }

  private static void assertNamed(String name, Executable misuse) {
    String message = assertThrows(NullPointerException.class, misuse).getMessage();
    assertTrue(message.startsWith(name), message);
  }

  private void assertRefused(DispatcherCall misuse, String message) {
    ScriptedFirmware firmware = new ScriptedFirmware();
    try (DispatcherUnderTest dispatcher = open(firmware)) {
      // More often than there are calls to lend: a leak would use them up.
      for (int i = 0; i < 100; i++) {
        IllegalArgumentException refusal =
            assertThrows(IllegalArgumentException.class, () -> misuse.make(dispatcher));
        assertEquals(message, refusal.getMessage());
      }
      assertEquals(0, firmware.entries());
      assertTrue(dispatcher.typed().getTime(new EfiTimeHolder(), null).isSuccess());
      assertTrue(dispatcher.nonBlocking().setVariable("n", VENDOR, 7, 0, null).isSuccess());
    }
  }
}
