// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import static io.efirts.cli.CommandRun.rts;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The inputs of {@code rts pagetables} in a directory, and its runs over them. */
record PagetablesFiles(Path directory) {
  private static final String SMALL =
      """
      # a small machine
      EfiConventionalMemory   0x0        0 0x100 0xf
      EfiBootServicesCode     0x200000   0 512   0xf
      EfiRuntimeServicesCode  0x400000   0 2     0x800000000000000f
      EfiRuntimeServicesCode  0x402000   0 1     0x800000000000000f
      EfiRuntimeServicesData  0x500000   0 4     0x800000000000000f
      EfiMemoryMappedIO       0xffc00000 0 0x400 0x8000000000000001
      """;

  Path memmap(String text) throws IOException {
    return Files.writeString(directory.resolve("memmap.txt"), text);
  }

  Path attributes(String text) throws IOException {
    return Files.writeString(directory.resolve("attributes.txt"), text);
  }

  /** The map of a small machine. */
  Path small() throws IOException {
    return memmap(SMALL);
  }

  /** Runs over the map of a small x86-64 machine. */
  CommandRun runSmall(Object... more) throws IOException {
    return run(small(), more);
  }

  /** The map of a virtual machine with AAVMF. */
  Path aavmf() throws IOException {
    try (InputStream in = PagetablesFiles.class.getResourceAsStream("aavmf-virt-256.memmap.txt")) {
      return Files.write(directory.resolve("aavmf.txt"), in.readAllBytes());
    }
  }

  static CommandRun run(Path memmap, Object... more) {
    return run("x86_64", memmap, more);
  }

  static CommandRun runArm64(Path memmap, Object... more) {
    return run("arm64", memmap, more);
  }

  private static CommandRun run(String architecture, Path memmap, Object... more) {
    List<Object> arguments =
        new ArrayList<>(List.of("pagetables", "--arch", architecture, "--memmap", memmap));
    arguments.addAll(List.of(more));
    return rts(arguments.toArray());
  }
}
