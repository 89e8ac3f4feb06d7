// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu;

import io.efirts.qemu.machine.GuestArch;
import io.efirts.qemu.machine.MachineSettings;
import java.time.Duration;
import java.util.Objects;

/**
 * What a guest is made of, and how long things may take in it.
 *
 * @param machine the machine; what it is to start is added
 * @param bootLimit how long firmware may take until boot services are over
 * @param callLimit how long a call, but for UpdateCapsule, may take until it is ended in the guest;
 *     shorter than the dispatcher's wedge limits, so that a call that hangs is a fault, after which
 *     everything can be begun anew, and not a thread that is lost
 */
public record GuestSettings(MachineSettings machine, Duration bootLimit, Duration callLimit) {
  /** A store that is full takes OVMF most of a minute to reclaim at its next start. */
  private static final Duration DEFAULT_BOOT_LIMIT = Duration.ofSeconds(90);

  private static final Duration DEFAULT_CALL_LIMIT = Duration.ofSeconds(100);

  /**
   * Checks the limits.
   *
   * @throws IllegalArgumentException if one is not from 1 ms to 1 hour
   */
  public GuestSettings {
    Objects.requireNonNull(machine, "machine");
    requireLimit(bootLimit, "bootLimit");
    requireLimit(callLimit, "callLimit");
  }

  /**
   * Debian's firmware with a store of its own; 90 s to boot, 100 s a call.
   *
   * @param arch the architecture
   * @return the defaults
   */
  public static GuestSettings of(GuestArch arch) {
    return new GuestSettings(MachineSettings.of(arch), DEFAULT_BOOT_LIMIT, DEFAULT_CALL_LIMIT);
  }

  /**
   * Another machine.
   *
   * @param other the machine
   * @return changed settings
   */
  public GuestSettings withMachine(MachineSettings other) {
    return new GuestSettings(other, bootLimit, callLimit);
  }

  /**
   * Another limit of calls.
   *
   * @param limit how long a call may take
   * @return changed settings
   */
  public GuestSettings withCallLimit(Duration limit) {
    return new GuestSettings(machine, bootLimit, limit);
  }

  private static void requireLimit(Duration limit, String name) {
    Objects.requireNonNull(limit, name);
    if (limit.compareTo(Duration.ofMillis(1)) < 0 || limit.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException(
          name + " must be from 1 ms to 1 hour: " + name + "=" + limit);
    }
  }
}
