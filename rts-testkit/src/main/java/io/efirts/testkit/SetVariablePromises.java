// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit;

import static io.efirts.api.spec.VariableAttributes.APPEND_WRITE;
import static io.efirts.api.spec.VariableAttributes.NON_VOLATILE;
import static io.efirts.api.spec.VariableAttributes.RUNTIME_ACCESS;
import static io.efirts.testkit.FirmwareFixture.assertMissing;
import static io.efirts.testkit.FirmwareFixture.assertStatus;
import static io.efirts.testkit.FirmwareFixture.assertVariable;
import static io.efirts.testkit.FirmwareFixture.delete;
import static io.efirts.testkit.FirmwareFixture.set;
import static io.efirts.testkit.FirmwareFixture.value;

import io.efirts.api.call.VariableCalls;
import io.efirts.api.spec.EfiStatus;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** SetVariable, UEFI 2.10 section 8.2.3, and what a reset keeps. */
interface SetVariablePromises extends FirmwareFixture {
  @Test
  default void aNameMustBeGivenAndNotEmpty() {
    FirmwareCaller caller = new FirmwareCaller(newMachine());
    assertStatus(EfiStatus.INVALID_PARAMETER, set(caller, "", V1, ATTRIBUTES.get(0), value(10, 1)));
    for (int argument : new int[] {0, 1, 4}) {
      VariableCalls.packSetVariable(
          caller.item(), "Null", V1, ATTRIBUTES.get(0), 10, MemorySegment.ofArray(value(10, 1)));
      caller.item().packPointer(argument, 0);
      assertStatus(EfiStatus.INVALID_PARAMETER, caller.execute());
    }
    assertMissing(caller, "Null", V1);
  }

  @Test
  default void runtimeAccessNeedsBootServiceAccess() {
    FirmwareCaller caller = new FirmwareCaller(newMachine());
    for (int attributes : new int[] {RUNTIME_ACCESS, NON_VOLATILE | RUNTIME_ACCESS}) {
      assertStatus(EfiStatus.INVALID_PARAMETER, set(caller, "Bad", V1, attributes, value(10, 1)));
    }
    assertMissing(caller, "Bad", V1);
  }

  @Test
  default void attributesOfAnExistingVariableCannotChange() {
    FirmwareCaller caller = new FirmwareCaller(newMachine());
    for (int attributes : ATTRIBUTES) {
      String name = "Fixed" + attributes;
      set(caller, name, V1, attributes, value(10, 1));
      for (int other : ATTRIBUTES) {
        if (other != attributes) {
          assertStatus(EfiStatus.INVALID_PARAMETER, set(caller, name, V1, other, value(20, 2)));
        }
      }
      assertVariable(caller, name, V1, attributes, value(10, 1));
    }
  }

  @Test
  default void aVariableIsDeletedOnce() {
    FirmwareCaller caller = new FirmwareCaller(newMachine());
    for (int attributes : ATTRIBUTES) {
      set(caller, "Twice", V1, attributes, value(10, 1));
      assertStatus(EfiStatus.SUCCESS, delete(caller, "Twice", V1, attributes));
      assertStatus(EfiStatus.NOT_FOUND, delete(caller, "Twice", V1, attributes));
      assertMissing(caller, "Twice", V1);
    }
  }

  @Test
  default void noAccessAttributesDelete() {
    FirmwareCaller caller = new FirmwareCaller(newMachine());
    for (int attributes : ATTRIBUTES) {
      set(caller, "Zero", V1, attributes, value(10, 1));
      assertStatus(EfiStatus.SUCCESS, set(caller, "Zero", V1, 0, value(10, 1)));
      assertMissing(caller, "Zero", V1);
    }
  }

  @Test
  default void aValueCanBeReplacedGrownAndShrunk() {
    FirmwareCaller caller = new FirmwareCaller(newMachine());
    for (int attributes : ATTRIBUTES) {
      String name = "Size" + attributes;
      for (int length : new int[] {10, 10, 20, 5, 1}) {
        assertStatus(EfiStatus.SUCCESS, set(caller, name, V1, attributes, value(length, length)));
        assertVariable(caller, name, V1, attributes, value(length, length));
      }
    }
  }

  @Test
  default void appendingAddsToTheValueAndIsNotKept() {
    FirmwareCaller caller = new FirmwareCaller(newMachine());
    for (int attributes : ATTRIBUTES) {
      String name = "Append" + attributes;
      set(caller, name, V1, attributes, value(10, 0));
      assertStatus(
          EfiStatus.SUCCESS, set(caller, name, V1, attributes | APPEND_WRITE, value(6, 10)));
      assertStatus(EfiStatus.SUCCESS, delete(caller, name, V1, attributes | APPEND_WRITE));
      assertVariable(caller, name, V1, attributes, value(16, 0));
    }
  }

  @Test
  default void neighboursKeepTheirValues() {
    FirmwareCaller caller = new FirmwareCaller(newMachine());
    for (int attributes : ATTRIBUTES) {
      set(caller, "Near", V1, attributes, value(10, 1));
      set(caller, "Near", V2, attributes, value(20, 2));
      set(caller, "NearA", V1, attributes, value(30, 3));
      set(caller, "Nea", V1, attributes, value(40, 4));
      set(caller, "Near", V1, attributes, value(11, 5));
      assertVariable(caller, "Near", V1, attributes, value(11, 5));
      assertVariable(caller, "Near", V2, attributes, value(20, 2));
      assertVariable(caller, "NearA", V1, attributes, value(30, 3));
      assertVariable(caller, "Nea", V1, attributes, value(40, 4));
      for (String name : Arrays.asList("Near", "NearA", "Nea")) {
        delete(caller, name, V1, attributes);
      }
      delete(caller, "Near", V2, attributes);
    }
  }

  @Test
  default void aColdResetKeepsWhatIsNonVolatileAndNothingElse() {
    FirmwareCaller before = new FirmwareCaller(newMachine());
    for (int attributes : ATTRIBUTES) {
      set(before, "Reset" + attributes, V1, attributes, value(10, attributes));
      set(before, "Gone" + attributes, V1, attributes, value(10, attributes));
      delete(before, "Gone" + attributes, V1, attributes);
    }
    FirmwareCaller after = new FirmwareCaller(afterColdReset());
    for (int attributes : ATTRIBUTES) {
      if ((attributes & NON_VOLATILE) != 0) {
        assertVariable(after, "Reset" + attributes, V1, attributes, value(10, attributes));
      } else {
        assertMissing(after, "Reset" + attributes, V1);
      }
      assertMissing(after, "Gone" + attributes, V1);
    }
  }
}
