// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.api.spi;

import io.efirts.api.call.CallFrame;

/**
 * Something that answers EFI runtime service calls: the reference firmware, an embedder's
 * simulator, or real firmware in a virtual machine.
 *
 * <p>It is not reentrant and need not be thread-safe: the dispatcher lets one caller in at a time
 * and orders each call after the previous one, whichever threads make them.
 */
@FunctionalInterface
public interface Firmware {
  /**
   * Makes one call. Runs on the thread that entered the firmware context, with that context active,
   * and may block for as long as the service takes.
   *
   * <p>Whatever it throws, errors included, is contained by the dispatcher and reported to the
   * caller as a fault; {@link io.efirts.api.memory.FirmwareFault} says most about it.
   *
   * @param frame the service and its arguments; valid only during the call
   * @return the EFI_STATUS word; any value is passed on as it is
   */
  long call(CallFrame frame);

  /**
   * The way in for a crash that interrupted this firmware anywhere.
   *
   * @return the crash entry, made beforehand, always the same object; null if the firmware has
   *     none: then it is not entered again after it was interrupted
   */
  default CrashEntry crashEntry() {
    return null;
  }
}
