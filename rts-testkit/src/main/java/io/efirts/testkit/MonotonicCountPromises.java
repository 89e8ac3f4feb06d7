// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit;

import static io.efirts.testkit.FirmwareFixture.assertStatus;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.IntHolder;
import io.efirts.api.call.SystemCalls;
import io.efirts.api.spec.EfiStatus;
import org.junit.jupiter.api.Test;

/** GetNextHighMonotonicCount, UEFI 2.10 section 8.5.2. */
interface MonotonicCountPromises extends FirmwareFixture {
  @Test
  default void theCountRisesAlsoAcrossAColdReset() {
    FirmwareCaller before = new FirmwareCaller(newMachine());
    IntHolder first = new IntHolder();
    IntHolder second = new IntHolder();
    assertStatus(EfiStatus.SUCCESS, before.getNextHighMonotonicCount(first));
    assertStatus(EfiStatus.SUCCESS, before.getNextHighMonotonicCount(second));
    assertTrue(Integer.compareUnsigned(first.value, second.value) < 0);
    FirmwareCaller after = new FirmwareCaller(afterColdReset());
    IntHolder third = new IntHolder();
    assertStatus(EfiStatus.SUCCESS, after.getNextHighMonotonicCount(third));
    assertTrue(Integer.compareUnsigned(second.value, third.value) < 0);
  }

  @Test
  default void aPlaceForTheCountMustBeGiven() {
    FirmwareCaller caller = new FirmwareCaller(newMachine());
    SystemCalls.packGetNextHighMonotonicCount(caller.item());
    caller.item().packPointer(0, 0);
    assertStatus(EfiStatus.INVALID_PARAMETER, caller.execute());
  }
}
