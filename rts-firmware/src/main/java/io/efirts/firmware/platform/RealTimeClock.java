// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.platform;

/**
 * The clock hardware behind GetTime and SetTime: counts whole seconds, knows no time zone, and
 * keeps what it was set to for as long as the embedder keeps the clock.
 *
 * <p>Called by the thread that is inside the firmware; after a crash {@link #epochSecond} also
 * while another thread is stopped in here. Neither blocks, nor locks, nor allocates.
 */
public interface RealTimeClock {
  /**
   * Reads the clock.
   *
   * @return the date and time it shows, as seconds since 1970-01-01 00:00:00 on the same clock; a
   *     year outside 1900 to 9999 makes GetTime answer EFI_DEVICE_ERROR
   */
  long epochSecond();

  /**
   * Sets the clock.
   *
   * @param epochSecond what it shows from now on, in the years 1900 to 9999
   */
  void setEpochSecond(long epochSecond);
}
