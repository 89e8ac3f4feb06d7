// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit;

import static io.efirts.testkit.FirmwareFixture.assertStatus;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.call.TimeCalls;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.EfiTime;
import io.efirts.api.spec.EfiTimeCapabilitiesHolder;
import io.efirts.api.spec.EfiTimeHolder;
import java.util.List;
import org.junit.jupiter.api.Test;

/** GetTime and SetTime, UEFI 2.10 section 8.3. */
interface TimePromises extends FirmwareFixture {
  /** A time in the middle of every range, far from any overflow into the next minute. */
  EfiTime NOON = new EfiTime(2016, 6, 15, 12, 0, 0, 0, 0, 0);

  @Test
  default void theTimeIsWithinItsRanges() {
    FirmwareCaller caller = new FirmwareCaller(newMachine());
    EfiTimeHolder time = new EfiTimeHolder();
    EfiTimeCapabilitiesHolder capabilities = new EfiTimeCapabilitiesHolder();
    assertStatus(EfiStatus.SUCCESS, caller.getTime(time, null));
    assertTrue(time.isValid(), time::toString);
    assertStatus(EfiStatus.SUCCESS, caller.getTime(time, capabilities));
    assertTrue(time.isValid(), time::toString);
    assertTrue(capabilities.resolution() > 0);
  }

  @Test
  default void aTimeMustBeGiven() {
    FirmwareCaller caller = new FirmwareCaller(newMachine());
    TimeCalls.packGetTime(caller.item(), false);
    caller.item().packPointer(0, 0);
    assertStatus(EfiStatus.INVALID_PARAMETER, caller.execute());
    TimeCalls.packSetTime(caller.item(), NOON);
    caller.item().packPointer(0, 0);
    assertStatus(EfiStatus.INVALID_PARAMETER, caller.execute());
  }

  @Test
  default void aTimeOutOfRangeIsRefusedAndChangesNothing() {
    FirmwareCaller caller = new FirmwareCaller(newMachine());
    assertStatus(EfiStatus.SUCCESS, caller.setTime(NOON));
    assertAll(
        outOfRange().stream()
            .map(
                time ->
                    () ->
                        assertEquals(
                            EfiStatus.INVALID_PARAMETER,
                            caller.setTime(time).status(),
                            time::toString)));
    EfiTimeHolder time = new EfiTimeHolder();
    caller.getTime(time, null);
    assertEquals(2016, time.year());
    assertEquals(12, time.hour());
  }

  private static List<EfiTime> outOfRange() {
    return List.of(
        new EfiTime(1899, 6, 15, 12, 0, 0, 0, 0, 0),
        new EfiTime(10000, 6, 15, 12, 0, 0, 0, 0, 0),
        new EfiTime(65535, 6, 15, 12, 0, 0, 0, 0, 0),
        new EfiTime(2016, 0, 15, 12, 0, 0, 0, 0, 0),
        new EfiTime(2016, 13, 15, 12, 0, 0, 0, 0, 0),
        new EfiTime(2016, 255, 15, 12, 0, 0, 0, 0, 0),
        new EfiTime(2016, 6, 0, 12, 0, 0, 0, 0, 0),
        new EfiTime(2016, 1, 32, 12, 0, 0, 0, 0, 0),
        new EfiTime(2016, 6, 255, 12, 0, 0, 0, 0, 0),
        new EfiTime(2016, 4, 31, 12, 0, 0, 0, 0, 0),
        new EfiTime(2001, 2, 29, 12, 0, 0, 0, 0, 0),
        new EfiTime(2016, 6, 15, 24, 0, 0, 0, 0, 0),
        new EfiTime(2016, 6, 15, 255, 0, 0, 0, 0, 0),
        new EfiTime(2016, 6, 15, 12, 60, 0, 0, 0, 0),
        new EfiTime(2016, 6, 15, 12, 255, 0, 0, 0, 0),
        new EfiTime(2016, 6, 15, 12, 0, 60, 0, 0, 0),
        new EfiTime(2016, 6, 15, 12, 0, 255, 0, 0, 0),
        new EfiTime(2016, 6, 15, 12, 0, 0, 1_000_000_000L, 0, 0),
        new EfiTime(2016, 6, 15, 12, 0, 0, 0xFFFF_FFFFL, 0, 0),
        new EfiTime(2016, 6, 15, 12, 0, 0, 0, -1441, 0),
        new EfiTime(2016, 6, 15, 12, 0, 0, 0, 1441, 0));
  }

  @Test
  default void whatIsSetIsReadAlsoAfterAColdReset() {
    FirmwareCaller before = new FirmwareCaller(newMachine());
    EfiTime set = new EfiTime(2012, 12, 31, 12, 0, 0, 0, 1, EfiTime.ADJUST_DAYLIGHT);
    assertStatus(EfiStatus.SUCCESS, before.setTime(set));
    assertShows(before, set);
    FirmwareCaller after = new FirmwareCaller(afterColdReset());
    assertShows(after, set);
    assertStatus(EfiStatus.SUCCESS, after.setTime(NOON));
    assertShows(new FirmwareCaller(afterColdReset()), NOON);
  }

  private static void assertShows(FirmwareCaller caller, EfiTime set) {
    EfiTimeHolder time = new EfiTimeHolder();
    assertStatus(EfiStatus.SUCCESS, caller.getTime(time, null));
    assertEquals(
        List.of(set.year(), set.month(), set.day(), set.hour(), set.timeZone(), set.daylight()),
        List.of(
            time.year(), time.month(), time.day(), time.hour(), time.timeZone(), time.daylight()));
  }
}
