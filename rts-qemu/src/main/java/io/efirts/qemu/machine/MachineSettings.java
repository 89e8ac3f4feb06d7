// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * What a machine is made of. Immutable; {@link #of} gives the defaults, the {@code with} methods
 * change one of them.
 *
 * @param arch kind of machine
 * @param code firmware image, only read
 * @param variables variable store
 * @param variablesInPlace whether the machine works on the file {@code variables} itself, so that
 *     variables outlive it; else on a copy of its own
 * @param kernel EFI application that firmware starts, or null for none; not copied
 * @param startLimit how long QEMU may take to start, firmware not included, or to be restored
 * @param commandLimit how long QEMU may take to answer one command
 * @param idlePause how long a machine in no use runs on before it is paused
 */
public record MachineSettings(
    GuestArch arch,
    Path code,
    Path variables,
    boolean variablesInPlace,
    byte[] kernel,
    Duration startLimit,
    Duration commandLimit,
    Duration idlePause) {
  /**
   * Checks the limits.
   *
   * @throws IllegalArgumentException if a duration is not from 1 ms to 1 hour, or the kernel is
   *     empty
   */
  public MachineSettings {
    Objects.requireNonNull(arch, "arch");
    Objects.requireNonNull(code, "code");
    Objects.requireNonNull(variables, "variables");
    if (kernel != null && kernel.length == 0) {
      throw new IllegalArgumentException("kernel must not be empty: bytes=0");
    }
    requireLimit(startLimit, "startLimit");
    requireLimit(commandLimit, "commandLimit");
    requireLimit(idlePause, "idlePause");
  }

  /**
   * Debian's firmware on a copy of its empty store, no kernel; 20 s to start, 5 s a command, paused
   * after 8 ms.
   *
   * @param arch kind of machine
   * @return the defaults
   */
  public static MachineSettings of(GuestArch arch) {
    return new MachineSettings(
        arch,
        arch.defaultCode(),
        arch.defaultVariables(),
        false,
        null,
        Duration.ofSeconds(20),
        Duration.ofSeconds(5),
        Duration.ofMillis(8));
  }

  /**
   * Other firmware.
   *
   * @param newCode firmware image, only read
   * @param newVariables the store a machine gets a copy of
   * @return changed settings
   */
  public MachineSettings withFirmware(Path newCode, Path newVariables) {
    return new MachineSettings(
        arch, newCode, newVariables, false, kernel, startLimit, commandLimit, idlePause);
  }

  /**
   * A variable store to work on itself, by one machine at a time.
   *
   * @param file a store of exactly the size of the firmware's empty one
   * @return changed settings
   */
  public MachineSettings withVariablesInPlace(Path file) {
    return new MachineSettings(arch, code, file, true, kernel, startLimit, commandLimit, idlePause);
  }

  /**
   * An EFI application that firmware starts instead of looking for a boot device.
   *
   * @param image a PE image; kept, not copied
   * @return changed settings
   */
  public MachineSettings withKernel(byte[] image) {
    Objects.requireNonNull(image, "image");
    return new MachineSettings(
        arch, code, variables, variablesInPlace, image, startLimit, commandLimit, idlePause);
  }

  /**
   * Other limits.
   *
   * @param start how long QEMU may take to start
   * @param command how long it may take to answer one command
   * @return changed settings
   */
  public MachineSettings withLimits(Duration start, Duration command) {
    return new MachineSettings(
        arch, code, variables, variablesInPlace, kernel, start, command, idlePause);
  }

  /**
   * Another time until a machine in no use is paused.
   *
   * @param after time in no use
   * @return changed settings
   */
  public MachineSettings withIdlePause(Duration after) {
    return new MachineSettings(
        arch, code, variables, variablesInPlace, kernel, startLimit, commandLimit, after);
  }

  private static void requireLimit(Duration limit, String name) {
    Objects.requireNonNull(limit, name);
    if (limit.compareTo(Duration.ofMillis(1)) < 0 || limit.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException(
          name + " must be from 1 ms to 1 hour: " + name + "=" + limit);
    }
  }
}
