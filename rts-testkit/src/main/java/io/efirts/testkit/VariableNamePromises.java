// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit;

import static io.efirts.testkit.FirmwareFixture.assertStatus;
import static io.efirts.testkit.FirmwareFixture.delete;
import static io.efirts.testkit.FirmwareFixture.set;
import static io.efirts.testkit.FirmwareFixture.value;
import static io.efirts.testkit.FirmwareFixture.visits;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.efirts.api.VariableNameCursor;
import io.efirts.api.call.VariableCalls;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** GetNextVariableName, UEFI 2.10 section 8.2.2. */
interface VariableNamePromises extends FirmwareFixture {
  @Test
  default void aWalkVisitsEachVariableOnceAndEnds() {
    FirmwareCaller caller = new FirmwareCaller(newMachine());
    for (int attributes : ATTRIBUTES) {
      set(caller, "Walk" + attributes, V1, attributes, value(10, 1));
      // Written again, so that a store that appends has an old copy lying about.
      set(caller, "Walk" + attributes, V1, attributes, value(12, 2));
      set(caller, "Walk" + attributes, V2, attributes, value(1, 3));
    }
    for (int attributes : ATTRIBUTES) {
      assertEquals(1, visits(caller, "Walk" + attributes, V1));
      assertEquals(1, visits(caller, "Walk" + attributes, V2));
    }
  }

  @Test
  default void aWalkDoesNotVisitWhatWasDeleted() {
    FirmwareCaller caller = withTestVariable();
    delete(caller, "TestVariable", V1, ATTRIBUTES.get(1));
    assertEquals(0, visits(caller, "TestVariable", V1));
  }

  @Test
  default void everyPointerMustBeGiven() {
    FirmwareCaller caller = withTestVariable();
    for (int argument = 0; argument < 3; argument++) {
      VariableCalls.packGetNextVariableName(caller.item(), new VariableNameCursor(1024));
      caller.item().packPointer(argument, 0);
      assertStatus(EfiStatus.INVALID_PARAMETER, caller.execute());
    }
  }

  @Test
  default void aSmallBufferIsToldTheSizeAndNothingElse() {
    FirmwareCaller caller = withTestVariable();
    VariableNameCursor large = new VariableNameCursor(1024);
    caller.getNextVariableName(large);
    VariableNameCursor small = new VariableNameCursor(2);
    assertStatus(EfiStatus.BUFFER_TOO_SMALL, caller.getNextVariableName(small));
    assertEquals(2L * large.name().length() + 2, small.sizeBytes());
    assertEquals(large.sizeBytes(), small.sizeBytes());
    assertEquals("", small.name());
    VariableNameCursor enough = small.withCapacity((int) small.sizeBytes());
    assertStatus(EfiStatus.SUCCESS, caller.getNextVariableName(enough));
    assertEquals(large.name(), enough.name());
  }

  @Test
  default void aNameWithoutNulWithinItsSizeIsRefused() {
    FirmwareCaller caller = withTestVariable();
    VariableNameCursor cursor = at("TestVariable", V1);
    VariableCalls.packGetNextVariableName(caller.item(), cursor);
    caller
        .item()
        .item()
        .set(
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN),
            caller.item().cellOffset(0),
            8);
    assertStatus(EfiStatus.INVALID_PARAMETER, caller.execute());
  }

  @Test
  default void aWalkCannotGoOnFromAVariableThatDoesNotExist() {
    FirmwareCaller caller = withTestVariable();
    assertStatus(EfiStatus.INVALID_PARAMETER, caller.getNextVariableName(at("TestVariablf", V1)));
    assertStatus(EfiStatus.INVALID_PARAMETER, caller.getNextVariableName(at("TestVariable", V2)));
  }

  private FirmwareCaller withTestVariable() {
    FirmwareCaller caller = new FirmwareCaller(newMachine());
    assertStatus(
        EfiStatus.SUCCESS, set(caller, "TestVariable", V1, ATTRIBUTES.get(1), value(10, 1)));
    return caller;
  }

  private static VariableNameCursor at(String name, EfiGuid guid) {
    VariableNameCursor cursor = new VariableNameCursor(1024);
    for (int i = 0; i < name.length(); i++) {
      cursor.nameBytes().set(ValueLayout.JAVA_BYTE, 2L * i, (byte) name.charAt(i));
    }
    MemorySegment bytes = cursor.guidBytes();
    guid.write(bytes, 0);
    return cursor;
  }
}
