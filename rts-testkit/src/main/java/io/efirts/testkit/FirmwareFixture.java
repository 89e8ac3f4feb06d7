// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit;

import static io.efirts.api.spec.VariableAttributes.BOOTSERVICE_ACCESS;
import static io.efirts.api.spec.VariableAttributes.NON_VOLATILE;
import static io.efirts.api.spec.VariableAttributes.RUNTIME_ACCESS;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.efirts.api.CallResult;
import io.efirts.api.IntHolder;
import io.efirts.api.LongHolder;
import io.efirts.api.VariableNameCursor;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spi.FirmwareInstance;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/** What the parts of {@link FirmwareContract} have in common. */
interface FirmwareFixture {
  /** Two namespaces no firmware uses. */
  EfiGuid V1 = EfiGuid.of("f6fac7c0-1d1f-4bd3-9f0b-0d2f4d4f0a01");

  /** The other one. */
  EfiGuid V2 = EfiGuid.of("f6fac7c0-1d1f-4bd3-9f0b-0d2f4d4f0a02");

  /** The attributes an ordinary variable can have. */
  List<Integer> ATTRIBUTES =
      List.of(
          BOOTSERVICE_ACCESS,
          NON_VOLATILE | BOOTSERVICE_ACCESS,
          BOOTSERVICE_ACCESS | RUNTIME_ACCESS,
          NON_VOLATILE | BOOTSERVICE_ACCESS | RUNTIME_ACCESS);

  /**
   * A new machine, switched on for the first time: boot phase, none of the contract's variables
   * exists, a clock that can be set to any valid time.
   *
   * @return a firmware whose context can lend {@link FirmwareCaller#CALL_MEMORY_BYTES}
   */
  FirmwareInstance newMachine();

  /**
   * The machine that {@link #newMachine()} made last, after a cold reset: what is non-volatile is
   * still there.
   *
   * @return another instance, likewise in the boot phase
   */
  FirmwareInstance afterColdReset();

  /** Some bytes that tell variables apart. */
  static byte[] value(int length, int first) {
    byte[] value = new byte[length];
    for (int i = 0; i < length; i++) {
      value[i] = (byte) (first + i);
    }
    return value;
  }

  static CallResult set(
      FirmwareCaller caller, String name, EfiGuid guid, int attributes, byte[] value) {
    return caller.setVariable(name, guid, attributes, value.length, MemorySegment.ofArray(value));
  }

  static CallResult delete(FirmwareCaller caller, String name, EfiGuid guid, int attributes) {
    return caller.setVariable(name, guid, attributes, 0, null);
  }

  /** Asserts that a variable exists with exactly this value and these attributes. */
  static void assertVariable(
      FirmwareCaller caller, String name, EfiGuid guid, int attributes, byte[] value) {
    byte[] buffer = new byte[value.length + 16];
    LongHolder size = new LongHolder(buffer.length);
    IntHolder found = new IntHolder();
    assertStatus(
        EfiStatus.SUCCESS,
        caller.getVariable(name, guid, found, size, MemorySegment.ofArray(buffer)));
    assertEquals(value.length, size.value);
    assertEquals(attributes, found.value);
    assertArrayEquals(value, Arrays.copyOf(buffer, value.length));
  }

  static void assertMissing(FirmwareCaller caller, String name, EfiGuid guid) {
    byte[] buffer = new byte[64];
    assertStatus(
        EfiStatus.NOT_FOUND,
        caller.getVariable(
            name, guid, null, new LongHolder(buffer.length), MemorySegment.ofArray(buffer)));
  }

  static void assertStatus(EfiStatus expected, CallResult result) {
    assertEquals(expected, result.status());
  }

  /** How often a walk over all variables comes past one. */
  static int visits(FirmwareCaller caller, String name, EfiGuid guid) {
    VariableNameCursor cursor = new VariableNameCursor(1024);
    int visits = 0;
    // A firmware that goes round in circles must not keep the test.
    for (int step = 0; step < 100_000; step++) {
      CallResult result = caller.getNextVariableName(cursor);
      if (!result.isSuccess()) {
        assertStatus(EfiStatus.NOT_FOUND, result);
        return visits;
      }
      if (cursor.name().equals(name) && cursor.guid().equals(guid)) {
        visits++;
      }
    }
    throw new AssertionError("the walk must end: visits=" + visits);
  }
}
