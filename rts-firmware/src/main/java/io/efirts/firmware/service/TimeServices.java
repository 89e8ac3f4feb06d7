// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.service;

import io.efirts.api.call.CallFrame;
import io.efirts.api.memory.AddressSpaceView;
import io.efirts.api.spec.EfiStatusCode;
import io.efirts.api.spec.EfiTime;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.firmware.platform.RealTimeClock;
import java.lang.foreign.MemorySegment;

/**
 * GetTime and SetTime over a PC clock. UEFI 2.10 section 8.3. The clock shows what it was set to,
 * whatever zone that was in; zone and daylight are kept beside it in variable RTC.
 */
public final class TimeServices {
  private static final int RESOLUTION_HZ = 1;
  private static final int ACCURACY_50_PPM = 50_000_000;
  private static final int MINIMUM_YEAR = 1900;
  private static final int MAXIMUM_YEAR = 9999;
  private static final int MAXIMUM_ZONE_MINUTES = 1440;
  private static final int DAYLIGHT_BITS = EfiTime.ADJUST_DAYLIGHT | EfiTime.IN_DAYLIGHT;
  private static final int UNSPECIFIED = EfiTime.UNSPECIFIED_TIMEZONE;

  private final RealTimeClock clock;
  private final VariableTable table;
  private final VariableWriter variables;
  private final MemorySegment wire = MemorySegment.ofArray(new long[EfiTime.SIZE_BYTES / 8]);
  private final EfiTimeHolder requested = new EfiTimeHolder();
  private int timeZone;
  private int daylight;

  /**
   * The time services of a machine that was just reset.
   *
   * @param clock the clock hardware
   * @param table where RTC is read
   * @param variables how RTC is written
   */
  public TimeServices(RealTimeClock clock, VariableTable table, VariableWriter variables) {
    this.clock = clock;
    this.table = table;
    this.variables = variables;
    readZone();
  }

  /** Takes zone and daylight from variable RTC: somebody else may have stored them. */
  public void readZone() {
    int stored = OwnVariable.RTC.read(table, UNSPECIFIED);
    boolean valid = isZone((short) stored, stored >>> 16 & 0xFF);
    this.timeZone = valid ? (short) stored : UNSPECIFIED;
    this.daylight = valid ? stored >>> 16 & 0xFF : 0;
  }

  private static boolean isZone(int zone, int daylightBits) {
    return (zone == UNSPECIFIED || Math.abs(zone) <= MAXIMUM_ZONE_MINUTES)
        && (daylightBits & ~DAYLIGHT_BITS) == 0;
  }

  /**
   * GetTime(Time, Capabilities).
   *
   * @param frame the call
   * @return the status
   */
  public long getTime(CallFrame frame) {
    long timePointer = frame.word(0);
    long capabilitiesPointer = frame.word(1);
    if (timePointer == 0) {
      return EfiStatusCode.INVALID_PARAMETER;
    }
    long now = clock.epochSecond();
    long date = CivilTime.date(Math.floorDiv(now, CivilTime.SECONDS_PER_DAY));
    long year = date >> 16;
    if (year < MINIMUM_YEAR || year > MAXIMUM_YEAR) {
      return EfiStatusCode.DEVICE_ERROR;
    }
    long secondOfDay = Math.floorMod(now, CivilTime.SECONDS_PER_DAY);
    long fields =
        year
            | (date >> 8 & 0xFF) << 16
            | (date & 0xFF) << 24
            | secondOfDay / 3600 << 32
            | secondOfDay / 60 % 60 << 40
            | secondOfDay % 60 << 48;
    AddressSpaceView memory = frame.memory();
    memory.putLong(timePointer, fields);
    memory.putLong(timePointer + 8, (timeZone & 0xFFFFL) << 32 | (long) daylight << 48);
    if (capabilitiesPointer != 0) {
      memory.putInt(capabilitiesPointer, RESOLUTION_HZ);
      memory.putInt(capabilitiesPointer + 4, ACCURACY_50_PPM);
      memory.putByte(capabilitiesPointer + 8, (byte) 0);
    }
    return EfiStatusCode.SUCCESS;
  }

  /**
   * SetTime(Time). Zone and daylight are stored first: when that fails, the clock still runs as
   * before.
   *
   * @param frame the call
   * @return the status
   */
  public long setTime(CallFrame frame) {
    long timePointer = frame.word(0);
    if (timePointer == 0) {
      return EfiStatusCode.INVALID_PARAMETER;
    }
    frame.memory().read(timePointer, wire, 0, EfiTime.SIZE_BYTES);
    requested.read(wire, 0);
    if (!requested.isValid()) {
      return EfiStatusCode.INVALID_PARAMETER;
    }
    if (!storeZone(requested.timeZone(), requested.daylight())) {
      return EfiStatusCode.DEVICE_ERROR;
    }
    timeZone = requested.timeZone();
    daylight = requested.daylight();
    long day = CivilTime.epochDay(requested.year(), requested.month(), requested.day());
    clock.setEpochSecond(
        day * CivilTime.SECONDS_PER_DAY
            + requested.hour() * 3600L
            + requested.minute() * 60L
            + requested.second());
    return EfiStatusCode.SUCCESS;
  }

  private boolean storeZone(int zone, int daylightBits) {
    if (zone == UNSPECIFIED && daylightBits == 0) {
      long status = variables.set(OwnVariable.RTC, 0, 0);
      return status == EfiStatusCode.SUCCESS || status == EfiStatusCode.NOT_FOUND;
    }
    int value = daylightBits << 16 | zone & 0xFFFF;
    return variables.set(OwnVariable.RTC, OwnVariable.ATTRIBUTES, value) == EfiStatusCode.SUCCESS;
  }
}
