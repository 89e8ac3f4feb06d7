// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The directory of one machine: everything it writes, all of it deleted with it. */
final class MachineDirectory {
  /** Guest RAM. */
  static final String RAM = "ram.bin";

  /** The machine's own copy of a variable store. */
  static final String VARIABLES = "vars.fd";

  /** The kernel given in the settings. */
  static final String KERNEL = "agent.efi";

  /** What the guest wrote to its serial port. */
  static final String SERIAL = "serial.log";

  /** What QEMU wrote to its standard output and error. */
  static final String OUTPUT = "qemu.log";

  /** A device state on its way out of a machine, or into it. */
  static final String DEVICES = "devices.mig";

  /** Socket of the control connection. */
  static final String CONTROL = "qmp";

  /** Socket of the ordinary alarm line. */
  static final String ALARM = "alarm";

  /** Socket of the crash path's alarm line. */
  static final String CRASH_ALARM = "crash";

  /** Socket of the debugger line. */
  static final String DEBUGGER = "gdb";

  /** Linux's limit for the path of a Unix socket is 108 bytes with its final zero. */
  private static final int SOCKET_PATH_LIMIT = 100;

  private final Path path;
  private StoreLock storeLock;

  private MachineDirectory(Path path) {
    this.path = path;
  }

  /**
   * A new directory in {@code java.io.tmpdir}, for this user only.
   *
   * @throws MachineException if it cannot be made, or sockets in it would have too long a path
   */
  static MachineDirectory create() {
    Path parent = Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath();
    Path longest = parent.resolve("efi-0123456789012345678901").resolve(CRASH_ALARM);
    int bytes = longest.toString().getBytes(StandardCharsets.UTF_8).length;
    if (bytes >= SOCKET_PATH_LIMIT) {
      throw new MachineException(
          "java.io.tmpdir must be so short that a socket's path has less than 100 bytes: tmpdir="
              + parent
              + ", bytes="
              + bytes);
    }
    try {
      return new MachineDirectory(Files.createTempDirectory(parent, "efi-"));
    } catch (IOException e) {
      throw new MachineException("java.io.tmpdir must be writable: tmpdir=" + parent, e);
    }
  }

  Path path() {
    return path;
  }

  Path file(String name) {
    return path.resolve(name);
  }

  /**
   * Puts in what a machine starts with.
   *
   * @param settings what it is made of
   * @param snapshot the machine at rest to bring back, or null
   * @throws MachineException if a file cannot be read or written
   */
  void fill(MachineSettings settings, MachineSnapshot snapshot) {
    if (snapshot == null) {
      GuestRam.create(file(RAM));
    } else {
      ZeroSparingCopy.copy(snapshot.directory().resolve(RAM), file(RAM));
      ZeroSparingCopy.copy(snapshot.directory().resolve(DEVICES), file(DEVICES));
    }
    if (settings.variablesInPlace()) {
      storeLock = StoreLock.take(settings.variables());
    } else {
      ZeroSparingCopy.copy(settings.variables(), file(VARIABLES));
    }
    if (settings.kernel() != null) {
      try {
        Files.write(file(KERNEL), settings.kernel());
      } catch (IOException e) {
        throw new MachineException("kernel must be writable: directory=" + path, e);
      }
    }
  }

  /**
   * Makes a directory for a snapshot.
   *
   * @param target a directory that is made, or is empty
   * @throws MachineException if it is not empty, or cannot be made
   */
  static void requireEmpty(Path target) {
    try {
      Files.createDirectories(target);
      try (DirectoryStream<Path> files = Files.newDirectoryStream(target)) {
        if (files.iterator().hasNext()) {
          throw new MachineException("snapshot's directory must be empty: directory=" + target);
        }
      }
    } catch (IOException e) {
      throw new MachineException("snapshot's directory must be writable: directory=" + target, e);
    }
  }

  /**
   * Copies out what a snapshot consists of.
   *
   * @param target an empty directory
   * @throws MachineException if a file cannot be read or written
   */
  void copyTo(Path target) {
    ZeroSparingCopy.copy(file(RAM), target.resolve(RAM));
    ZeroSparingCopy.copy(file(DEVICES), target.resolve(DEVICES));
    if (storeLock != null) {
      ZeroSparingCopy.copy(storeLock.channel(), target.resolve(VARIABLES));
    } else {
      ZeroSparingCopy.copy(file(VARIABLES), target.resolve(VARIABLES));
    }
  }

  /**
   * Deletes the directory with its files and lets go of a store used in place; a second time does
   * nothing.
   *
   * @throws MachineException if a file cannot be deleted
   */
  void delete() {
    if (storeLock != null) {
      storeLock.close();
    }
    if (!Files.exists(path)) {
      return;
    }
    try {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
        for (Path file : files) {
          Files.deleteIfExists(file);
        }
      }
      Files.deleteIfExists(path);
    } catch (NoSuchFileException e) {
      // The shell beside the machine deletes it too, see Lifeline.
      return;
    } catch (IOException e) {
      throw new MachineException("machine's directory must be deletable: directory=" + path, e);
    }
  }
}
