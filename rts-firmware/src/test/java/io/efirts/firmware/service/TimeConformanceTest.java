// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.service;

import static io.efirts.api.spec.EfiStatus.DEVICE_ERROR;
import static io.efirts.api.spec.EfiStatus.INVALID_PARAMETER;
import static io.efirts.api.spec.EfiStatus.NOT_FOUND;
import static io.efirts.api.spec.EfiStatus.SUCCESS;
import static io.efirts.api.spec.RuntimeService.GET_TIME;
import static io.efirts.api.spec.RuntimeService.SET_TIME;
import static io.efirts.firmware.EfiStatusAssert.assertStatus;
import static io.efirts.firmware.FirmwareHarness.DATA;
import static io.efirts.firmware.FirmwareHarness.OUT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiTime;
import io.efirts.api.spec.EfiTimeCapabilities;
import io.efirts.firmware.FirmwareHarness;
import io.efirts.firmware.ReferenceFirmware;
import io.efirts.firmware.platform.RealTimeClock;
import io.efirts.firmware.store.NvImage;
import io.efirts.firmware.store.NvLayout;
import java.lang.foreign.MemorySegment;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The checks the UEFI self-certification tests make of GetTime and SetTime. */
class TimeConformanceTest {
  private static final EfiGuid RTC_GUID = EfiGuid.of("378d7b65-8da9-4773-b6e4-a47826a833e1");
  private static final EfiTime NOON = new EfiTime(2016, 2, 29, 12, 34, 56, 0, 2047, 0);

  private final StoppedClock clock = new StoppedClock();
  private NvImage image;
  private FirmwareHarness guest;

  /** Shows what it was set to. */
  private static final class StoppedClock implements RealTimeClock {
    private long epochSecond;

    @Override
    public long epochSecond() {
      return epochSecond;
    }

    @Override
    public void setEpochSecond(long epochSecond) {
      this.epochSecond = epochSecond;
    }
  }

  @BeforeEach
  void start() {
    image = NvImage.inMemory(NvLayout.OVMF_4M);
    reset();
  }

  private void reset() {
    guest = new FirmwareHarness(ReferenceFirmware.builder(image).clock(clock).build());
  }

  private long set(EfiTime time) {
    byte[] wire = new byte[16];
    time.write(MemorySegment.ofArray(wire), 0);
    guest.poke(DATA, wire);
    return guest.call(SET_TIME, DATA);
  }

  private EfiTime get() {
    assertStatus(SUCCESS, guest.call(GET_TIME, OUT, 0));
    return EfiTime.read(MemorySegment.ofArray(guest.peek(OUT, 16)), 0);
  }

  @ParameterizedTest
  @CsvSource({
    "1899, 1, 1, 0, 0, 0, 0, 0",
    "10000, 1, 1, 0, 0, 0, 0, 0",
    "65535, 1, 1, 0, 0, 0, 0, 0",
    "2001, 0, 1, 0, 0, 0, 0, 0",
    "2001, 13, 1, 0, 0, 0, 0, 0",
    "2001, 255, 1, 0, 0, 0, 0, 0",
    "2001, 1, 0, 0, 0, 0, 0, 0",
    "2001, 1, 32, 0, 0, 0, 0, 0",
    "2001, 1, 255, 0, 0, 0, 0, 0",
    "2001, 4, 31, 0, 0, 0, 0, 0",
    "2001, 1, 1, 24, 0, 0, 0, 0",
    "2001, 1, 1, 255, 0, 0, 0, 0",
    "2001, 1, 1, 0, 60, 0, 0, 0",
    "2001, 1, 1, 0, 255, 0, 0, 0",
    "2001, 1, 1, 0, 0, 60, 0, 0",
    "2001, 1, 1, 0, 0, 255, 0, 0",
    "2001, 1, 1, 0, 0, 0, 1000000000, 0",
    "2001, 1, 1, 0, 0, 0, 4294967295, 0",
    "2001, 1, 1, 0, 0, 0, 0, -1441",
    "2001, 1, 1, 0, 0, 0, 0, 1441",
    "2001, 2, 29, 0, 0, 0, 0, 0"
  })
  void setTimeRefusesFieldsOutOfRange(
      int year, int month, int day, int hour, int minute, int second, long nano, int zone) {
    set(NOON);
    EfiTime bad = new EfiTime(year, month, day, hour, minute, second, nano, zone, 0);
    assertStatus(INVALID_PARAMETER, set(bad));
    assertEquals(NOON, get());
  }

  @Test
  void setTimeRefusesUnknownDaylightBitsAndNull() {
    assertStatus(INVALID_PARAMETER, set(new EfiTime(2016, 2, 29, 12, 34, 56, 0, 0, 4)));
    assertStatus(INVALID_PARAMETER, guest.call(SET_TIME, 0));
    assertStatus(INVALID_PARAMETER, guest.call(GET_TIME, 0, OUT));
  }

  @Test
  void getTimeTellsTheCapabilitiesOfAPcClock() {
    guest.poke(OUT + 16, new byte[] {9, 9, 9, 9, 9, 9, 9, 9, 9});
    assertStatus(SUCCESS, guest.call(GET_TIME, OUT, OUT + 16));
    assertEquals(
        new EfiTimeCapabilities(1, 50_000_000, false),
        EfiTimeCapabilities.read(MemorySegment.ofArray(guest.peek(OUT + 16, 12)), 0));
  }

  @ParameterizedTest
  @CsvSource({
    "2012, 1, 0, 2047",
    "2016, 12, 3, 2047",
    "2016, 2, 1, 0",
    "2016, 2, 2, 1",
    "1900, 2, 0, -1440",
    "9999, 12, 0, 1440"
  })
  void whatIsSetSurvivesAReset(int year, int month, int daylight, int zone) {
    EfiTime time = new EfiTime(year, month, 28, 23, 59, 59, 0, zone, daylight);
    assertStatus(SUCCESS, set(time));
    assertEquals(time, get());
    reset();
    assertEquals(time, get());
  }

  @Test
  void zoneAndDaylightAreKeptInVariableRtcWhileThereIsSomethingToKeep() {
    assertStatus(SUCCESS, set(NOON));
    assertStatus(NOT_FOUND, guest.get("RTC", RTC_GUID));
    assertStatus(SUCCESS, set(new EfiTime(2016, 2, 29, 12, 34, 56, 0, -60, 3)));
    assertStatus(SUCCESS, guest.get("RTC", RTC_GUID));
    assertArrayEquals(new byte[] {(byte) 0xC4, (byte) 0xFF, 3, 0}, guest.data());
    assertEquals(7, guest.attributes());
    assertStatus(SUCCESS, set(NOON));
    assertStatus(NOT_FOUND, guest.get("RTC", RTC_GUID));
  }

  @Test
  void anImpossibleStoredZoneCountsAsNone() {
    guest.set("RTC", RTC_GUID, 7, (byte) 0xFF, (byte) 0x7F, (byte) 3, (byte) 0);
    reset();
    assertEquals(2047, get().timeZone());
    assertEquals(0, get().daylight());
  }

  @Test
  void aZoneThatCannotBeKeptLeavesTheClockAlone() {
    set(NOON);
    guest.set("RTC", RTC_GUID, 3, (byte) 1); // another owner's: its attributes do not fit
    assertStatus(DEVICE_ERROR, set(new EfiTime(2020, 1, 1, 0, 0, 0, 0, 60, 0)));
    assertEquals(NOON, get());
  }

  @ParameterizedTest
  @CsvSource({"-2208988801", "253402300800", "9223372036854775807", "-9223372036854775808"})
  void aClockThatShowsAnImpossibleYearIsADeviceError(long epochSecond) {
    clock.setEpochSecond(epochSecond);
    assertStatus(DEVICE_ERROR, guest.call(GET_TIME, OUT, 0));
  }

  @Test
  void withoutAClockTheHostsInUtcIsShown() {
    guest = new FirmwareHarness(ReferenceFirmware.builder(image).build());
    LocalDateTime before = LocalDateTime.now(ZoneOffset.UTC).withNano(0);
    EfiTime shown = get();
    LocalDateTime after = LocalDateTime.now(ZoneOffset.UTC);
    LocalDateTime time =
        LocalDateTime.of(
            shown.year(), shown.month(), shown.day(), shown.hour(), shown.minute(), shown.second());
    assertTrue(!time.isBefore(before) && !time.isAfter(after));
    assertStatus(SUCCESS, set(NOON));
    assertEquals(2016, get().year());
  }
}
