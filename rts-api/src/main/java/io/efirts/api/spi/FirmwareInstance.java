// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spi;

import java.util.Objects;

/**
 * A firmware and the contexts it is called in.
 *
 * @param firmware answers the calls
 * @param context what is active while a call is inside; used by one call at a time
 * @param crashContext what is active while the firmware's {@linkplain Firmware#crashEntry crash
 *     entry} is used, although a call may still be inside in {@code context}: it shares no mutable
 *     state with that one; null if the crash entry is never to be used
 * @param failure why the services are disabled from the start: the firmware could not be brought
 *     into virtual mode; null if it can be called
 */
public record FirmwareInstance(
    Firmware firmware,
    FirmwareContext context,
    FirmwareContext crashContext,
    VirtualModeFailure failure) {
  /**
   * Checks that firmware and context are given.
   *
   * @throws IllegalArgumentException if both contexts are the same object
   */
  public FirmwareInstance {
    Objects.requireNonNull(firmware, "firmware");
    Objects.requireNonNull(context, "context");
    if (crashContext == context) {
      throw new IllegalArgumentException(
          "crash context must not be the context of ordinary calls: crashContext=" + crashContext);
    }
  }

  /**
   * An instance that is never entered again once it was interrupted.
   *
   * @param firmware answers the calls
   * @param context what is active while a call is inside
   */
  public FirmwareInstance(Firmware firmware, FirmwareContext context) {
    this(firmware, context, null);
  }

  /**
   * An instance that can be called.
   *
   * @param firmware answers the calls
   * @param context what is active while a call is inside
   * @param crashContext what is active while the crash entry is used, or null
   */
  public FirmwareInstance(
      Firmware firmware, FirmwareContext context, FirmwareContext crashContext) {
    this(firmware, context, crashContext, null);
  }
}
