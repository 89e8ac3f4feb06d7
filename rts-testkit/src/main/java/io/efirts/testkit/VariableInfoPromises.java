// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit;

import static io.efirts.api.spec.VariableAttributes.NON_VOLATILE;
import static io.efirts.api.spec.VariableAttributes.RUNTIME_ACCESS;
import static io.efirts.testkit.FirmwareFixture.assertStatus;
import static io.efirts.testkit.FirmwareFixture.delete;
import static io.efirts.testkit.FirmwareFixture.set;
import static io.efirts.testkit.FirmwareFixture.value;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.LongHolder;
import io.efirts.api.call.VariableCalls;
import io.efirts.api.spec.EfiStatus;
import org.junit.jupiter.api.Test;

/** QueryVariableInfo, UEFI 2.10 section 8.2.4. */
interface VariableInfoPromises extends FirmwareFixture {
  @Test
  default void theStoresSizeIsConstantAndBoundsTheRest() {
    FirmwareCaller caller = new FirmwareCaller(newMachine());
    for (int attributes : ATTRIBUTES) {
      LongHolder maximum = new LongHolder();
      LongHolder remaining = new LongHolder();
      LongHolder largest = new LongHolder();
      assertStatus(
          EfiStatus.SUCCESS, caller.queryVariableInfo(attributes, maximum, remaining, largest));
      long size = maximum.value;
      assertTrue(size > 0);
      set(caller, "Info", V1, attributes, value(20, 1));
      assertQueried(caller, attributes, size);
      delete(caller, "Info", V1, attributes);
      assertQueried(caller, attributes, size);
    }
  }

  private static void assertQueried(FirmwareCaller caller, int attributes, long size) {
    LongHolder maximum = new LongHolder();
    LongHolder remaining = new LongHolder();
    LongHolder largest = new LongHolder();
    assertStatus(
        EfiStatus.SUCCESS, caller.queryVariableInfo(attributes, maximum, remaining, largest));
    assertEquals(size, maximum.value);
    assertTrue(remaining.value <= maximum.value && largest.value <= remaining.value);
  }

  @Test
  default void attributesThatNoVariableCanHaveAreRefused() {
    FirmwareCaller caller = new FirmwareCaller(newMachine());
    for (int attributes :
        new int[] {0, NON_VOLATILE, RUNTIME_ACCESS, NON_VOLATILE | RUNTIME_ACCESS}) {
      LongHolder untouched = new LongHolder(-7);
      assertStatus(
          EfiStatus.INVALID_PARAMETER,
          caller.queryVariableInfo(attributes, untouched, untouched, untouched));
      assertEquals(-7, untouched.value);
    }
  }

  @Test
  default void allThreeAnswersMustBeWanted() {
    FirmwareCaller caller = new FirmwareCaller(newMachine());
    for (int argument = 1; argument <= 3; argument++) {
      VariableCalls.packQueryVariableInfo(caller.item(), ATTRIBUTES.get(0));
      caller.item().packPointer(argument, 0);
      assertStatus(EfiStatus.INVALID_PARAMETER, caller.execute());
    }
  }
}
