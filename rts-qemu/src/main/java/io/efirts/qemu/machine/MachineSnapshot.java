// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A machine at rest, to be brought back any number of times: guest RAM, variable store and device
 * state as files in one directory, which belongs to the caller. It fits the version of QEMU and the
 * firmware it was made with.
 *
 * @param directory where the files are
 * @param settings what the machine was made of; a machine brought back gets the same, with a copy
 *     of the snapshot's variable store
 */
public record MachineSnapshot(Path directory, MachineSettings settings) {
  /**
   * Checks that the files are there.
   *
   * @throws IllegalArgumentException if the directory lacks one of the three files
   */
  public MachineSnapshot {
    Objects.requireNonNull(directory, "directory");
    Objects.requireNonNull(settings, "settings");
    for (String name :
        new String[] {MachineDirectory.RAM, MachineDirectory.VARIABLES, MachineDirectory.DEVICES}) {
      if (!Files.isRegularFile(directory.resolve(name))) {
        throw new IllegalArgumentException(
            "snapshot must have the file " + name + ": directory=" + directory);
      }
    }
  }

  /** What a machine brought back from here is started with. */
  MachineSettings restoreSettings() {
    return new MachineSettings(
        settings.arch(),
        settings.code(),
        directory.resolve(MachineDirectory.VARIABLES),
        false,
        settings.kernel(),
        settings.startLimit(),
        settings.commandLimit(),
        settings.idlePause());
  }
}
