// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit;

import static io.efirts.testkit.FirmwareFixture.assertMissing;
import static io.efirts.testkit.FirmwareFixture.assertStatus;
import static io.efirts.testkit.FirmwareFixture.assertVariable;
import static io.efirts.testkit.FirmwareFixture.delete;
import static io.efirts.testkit.FirmwareFixture.set;
import static io.efirts.testkit.FirmwareFixture.value;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.efirts.api.IntHolder;
import io.efirts.api.LongHolder;
import io.efirts.api.call.VariableCalls;
import io.efirts.api.spec.EfiStatus;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** GetVariable, UEFI 2.10 section 8.2.1. */
interface GetVariablePromises extends FirmwareFixture {
  @Test
  default void aVariableIsFoundWithItsAttributesAndValue() {
    FirmwareCaller caller = new FirmwareCaller(newMachine());
    for (int attributes : ATTRIBUTES) {
      String name = "Found" + attributes;
      assertStatus(EfiStatus.SUCCESS, set(caller, name, V1, attributes, value(10, 1)));
      assertVariable(caller, name, V1, attributes, value(10, 1));
      byte[] exact = new byte[10];
      LongHolder size = new LongHolder(10);
      assertStatus(
          EfiStatus.SUCCESS,
          caller.getVariable(name, V1, null, size, MemorySegment.ofArray(exact)));
      assertArrayEquals(value(10, 1), exact);
    }
  }

  @Test
  default void nameNamespaceAndSizeMustBeGiven() {
    FirmwareCaller caller = withTestVariable();
    for (int argument : new int[] {0, 1, 3}) {
      packGet(caller, 10, MemorySegment.ofArray(new byte[10]));
      caller.item().packPointer(argument, 0);
      assertStatus(EfiStatus.INVALID_PARAMETER, caller.execute());
    }
  }

  @Test
  default void aSufficientSizeNeedsABuffer() {
    FirmwareCaller caller = withTestVariable();
    packGet(caller, 10, null);
    assertStatus(EfiStatus.INVALID_PARAMETER, caller.execute());
  }

  @Test
  default void aSmallBufferIsToldTheSizeAndTheAttributes() {
    FirmwareCaller caller = withTestVariable();
    byte[] untouched = new byte[10];
    for (long offered : new long[] {0, 1, 9}) {
      LongHolder size = new LongHolder(offered);
      IntHolder attributes = new IntHolder();
      assertStatus(
          EfiStatus.BUFFER_TOO_SMALL,
          caller.getVariable(
              "TestVariable", V1, attributes, size, MemorySegment.ofArray(untouched)));
      assertEquals(10, size.value);
      assertEquals(ATTRIBUTES.get(0), attributes.value);
      assertArrayEquals(new byte[10], untouched);
    }
    LongHolder size = new LongHolder(0);
    IntHolder attributes = new IntHolder();
    assertStatus(
        EfiStatus.BUFFER_TOO_SMALL, caller.getVariable("TestVariable", V1, attributes, size, null));
    assertEquals(10, size.value);
    assertEquals(ATTRIBUTES.get(0), attributes.value);
  }

  @Test
  default void namesMatchAsAWhole() {
    FirmwareCaller caller = new FirmwareCaller(newMachine());
    set(caller, "TestVariableA", V1, ATTRIBUTES.get(0), value(10, 1));
    set(caller, "TestVariabl", V1, ATTRIBUTES.get(0), value(10, 2));
    assertMissing(caller, "TestVariable", V1);
    assertMissing(caller, "testvariabl", V1);
    assertVariable(caller, "TestVariabl", V1, ATTRIBUTES.get(0), value(10, 2));
  }

  @Test
  default void namespacesAreApart() {
    FirmwareCaller caller = new FirmwareCaller(newMachine());
    set(caller, "TestVariable", V2, ATTRIBUTES.get(0), value(10, 1));
    assertMissing(caller, "TestVariable", V1);
  }

  @Test
  default void aDeletedVariableIsMissing() {
    FirmwareCaller caller = withTestVariable();
    assertStatus(EfiStatus.SUCCESS, delete(caller, "TestVariable", V1, ATTRIBUTES.get(0)));
    assertMissing(caller, "TestVariable", V1);
  }

  private FirmwareCaller withTestVariable() {
    FirmwareCaller caller = new FirmwareCaller(newMachine());
    assertStatus(
        EfiStatus.SUCCESS, set(caller, "TestVariable", V1, ATTRIBUTES.get(0), value(10, 1)));
    return caller;
  }

  private static void packGet(FirmwareCaller caller, long size, MemorySegment data) {
    VariableCalls.packGetVariable(caller.item(), "TestVariable", V1, true, size, data);
  }
}
