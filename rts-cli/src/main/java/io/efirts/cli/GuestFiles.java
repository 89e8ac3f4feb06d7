// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.api.memory.AddressSpace;
import io.efirts.firmware.store.NvImage;
import io.efirts.qemu.machine.GuestArch;
import io.efirts.qemu.machine.MachineSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options that say which firmware a guest is made of, checked before QEMU is asked. */
final class GuestFiles {
  /** QEMU's virt board has two flash devices of this size and takes no other. */
  private static final long VIRT_FLASH_BYTES = 64L << 20;

  @Option(
      names = "--code",
      paramLabel = "FILE",
      description = "The firmware's image; by default Debian's OVMF_CODE_4M.fd or AAVMF_CODE.fd.")
  private Path code;

  @Option(
      names = "--vars",
      paramLabel = "FILE",
      description =
          "Its variable store; by default Debian's OVMF_VARS_4M.fd or AAVMF_VARS.fd. The guest"
              + " works on a copy.")
  private Path vars;

  @Option(
      names = "--keep",
      description = "Work on the file of --vars itself, so that variables are kept.")
  private boolean keep;

  /**
   * The machine that these files make.
   *
   * @param arch the kind of machine, whose defaults stand for what is not given
   * @throws CliException if a file is not there, or cannot be what it is to be
   */
  MachineSettings machine(GuestArch arch) {
    if (keep && vars == null) {
      throw new CliException("--keep needs --vars: the packages' own store is never written");
    }
    if (code != null) {
      ImageFiles.requireReadable(code);
    }
    if (vars != null) {
      requireStore(vars);
    }
    MachineSettings defaults = MachineSettings.of(arch);
    MachineSettings settings =
        defaults.withFirmware(
            code == null ? defaults.code() : code, vars == null ? defaults.variables() : vars);
    requireSizes(settings);
    return keep ? settings.withVariablesInPlace(vars) : settings;
  }

  private void requireStore(Path path) {
    if (keep) {
      ImageFiles.requireWritable(path);
    } else {
      ImageFiles.requireReadable(path);
    }
    // Firmware that finds no store there would stop without a word.
    try {
      NvImage.openReadOnly(path).close();
    } catch (IOException e) {
      throw ImageFiles.failure(path, e);
    }
  }

  /** What is not installed at all is for the machine to say, which knows the packages. */
  private static void requireSizes(MachineSettings settings) {
    if (!Files.isReadable(settings.code()) || !Files.isReadable(settings.variables())) {
      return;
    }
    long codeBytes = bytes(settings.code());
    long varsBytes = bytes(settings.variables());
    switch (settings.arch()) {
      case X86_64 -> requireOneImage(codeBytes, varsBytes);
      case ARM64 -> {
        requireFlashSize(settings.code(), codeBytes);
        requireFlashSize(settings.variables(), varsBytes);
      }
    }
  }

  /** OVMF is built as one image of 1, 2 or 4 MiB and looks for its store right below its code. */
  private static void requireOneImage(long codeBytes, long varsBytes) {
    if (Long.bitCount(codeBytes + varsBytes) != 1 || codeBytes % AddressSpace.PAGE_BYTES != 0) {
      throw new CliException(
          "code and variables must be the two parts of one image, whose size is a power of two:"
              + " codeBytes="
              + codeBytes
              + ", varsBytes="
              + varsBytes);
    }
  }

  private static void requireFlashSize(Path path, long bytes) {
    if (bytes != VIRT_FLASH_BYTES) {
      throw new CliException(
          path + ": must have the size of the board's flash, 67108864 bytes: bytes=" + bytes);
    }
  }

  private static long bytes(Path path) {
    try {
      return Files.size(path);
    } catch (IOException e) {
      throw ImageFiles.failure(path, e);
    }
  }
}
