// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.x86.plan.VirtualAddressPlanner;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Two files of one Linux 6.1 kernel on OVMF: the map it found, and the regions it mapped. */
final class LinuxMaps {
  private LinuxMaps() {}

  static Path bootLog(Path directory) throws IOException {
    return copy("linux-x86_64-q35-512.memmap.txt", directory);
  }

  static Path runtimeMap(Path directory) throws IOException {
    return copy("linux-x86_64-q35-512.runtime-map.txt", directory);
  }

  private static Path copy(String name, Path directory) throws IOException {
    Path file = directory.resolve(name);
    // Beside the planner's classes: the resources of that module's tests.
    try (InputStream in = VirtualAddressPlanner.class.getResourceAsStream(name)) {
      Files.copy(in, file);
    }
    return file;
  }
}
