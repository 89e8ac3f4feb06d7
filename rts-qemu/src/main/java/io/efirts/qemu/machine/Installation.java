// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether what a machine needs is on this computer, with a message that says what to install. */
final class Installation {
  private Installation() {}

  /**
   * Looks for QEMU in the directories of {@code PATH} and for the firmware's files.
   *
   * @param settings what is needed
   * @param searchPath directories as in {@code PATH}
   * @throws MachineException naming what is missing and the packages that have it
   */
  static void require(MachineSettings settings, String searchPath) {
    GuestArch arch = settings.arch();
    boolean found = false;
    for (String directory : searchPath.split(File.pathSeparator)) {
      found |= !directory.isEmpty() && Files.isExecutable(Path.of(directory, arch.binary()));
    }
    if (!found) {
      throw missing(arch, "QEMU must be installed", "program=" + arch.binary());
    }
    requireFile(arch, "code", settings.code());
    requireFile(arch, "variables", settings.variables());
  }

  private static void requireFile(GuestArch arch, String name, Path file) {
    if (!Files.isReadable(file)) {
      throw missing(arch, "firmware's files must be readable", name + "=" + file);
    }
  }

  private static MachineException missing(GuestArch arch, String rule, String value) {
    return new MachineException(
        rule + " (apt install " + String.join(" ", arch.packages()) + "): " + value);
  }
}
