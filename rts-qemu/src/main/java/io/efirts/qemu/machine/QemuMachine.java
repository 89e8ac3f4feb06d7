// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

import io.efirts.api.memory.GuestMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * A running QEMU process whose RAM this JVM shares.
 *
 * <p>It ends with {@link #close()} or with this JVM, whatever kills that. Safe for any thread.
 */
public final class QemuMachine implements AutoCloseable {
  private static final long CLOSE_LIMIT_MILLIS = 10_000;

  private final MachineSettings settings;
  private final MachineDirectory directory;
  private final Process process;
  private final MachineExit exit;
  private final GuestMemory memory;

  private QemuMachine(MachineSettings settings, MachineDirectory directory) {
    this.settings = settings;
    this.directory = directory;
    memory = GuestRam.map(directory.file(MachineDirectory.RAM), settings.arch());
    process =
        Lifeline.start(
            CommandLine.of(settings, false),
            directory.path(),
            directory.file(MachineDirectory.OUTPUT));
    exit = new MachineExit(process, directory);
    exit.start();
  }

  /**
   * Starts a machine; returns when QEMU has begun, long before firmware is done. Blocks, allocates.
   *
   * @param settings what it is made of
   * @return the machine, running
   * @throws MachineException if something is not installed, or QEMU does not start in time
   */
  public static QemuMachine start(MachineSettings settings) {
    Objects.requireNonNull(settings, "settings");
    Installation.require(settings, Objects.requireNonNullElse(System.getenv("PATH"), ""));
    MachineDirectory directory = MachineDirectory.create();
    try {
      GuestRam.create(directory.file(MachineDirectory.RAM));
      if (!settings.variablesInPlace()) {
        ZeroSparingCopy.copy(settings.variables(), directory.file(MachineDirectory.VARIABLES));
      }
      if (settings.kernel() != null) {
        Files.write(directory.file(MachineDirectory.KERNEL), settings.kernel());
      }
      return new QemuMachine(settings, directory);
    } catch (IOException e) {
      directory.delete();
      throw new MachineException("kernel must be writable: directory=" + directory.path(), e);
    } catch (RuntimeException e) {
      directory.delete();
      throw e;
    }
  }

  /**
   * What it is made of.
   *
   * @return the settings it was started with
   */
  public MachineSettings settings() {
    return settings;
  }

  /**
   * Guest RAM, one region. Stays readable and writable after the machine has ended; nobody then
   * answers. The guest's accesses are ordered as the processor's are: a word is published by a
   * release write after its data, and read by an acquire read before.
   *
   * @return the memory, shared with the guest
   */
  public GuestMemory memory() {
    return memory;
  }

  /**
   * The process.
   *
   * @return its number
   */
  public long pid() {
    return process.pid();
  }

  /**
   * Whether the process has not ended. One volatile read: never blocks, allocates or locks; meant
   * for waiting loops, the crash path's too.
   *
   * @return false from shortly after the process's end
   */
  public boolean isAlive() {
    return !exit.exited();
  }

  /**
   * How the process ended.
   *
   * @return exit code and last lines of QEMU's output and the serial port, or "running"
   */
  public String exitDescription() {
    return exit.description();
  }

  /**
   * Kills the process and deletes its files; a second time does nothing. Blocks until the process
   * is gone, at most 10 s.
   *
   * @throws MachineException if the process does not end, or its files cannot be deleted
   */
  @Override
  public void close() {
    process.destroyForcibly();
    boolean interrupted = Thread.interrupted();
    try {
      boolean gone = process.waitFor(CLOSE_LIMIT_MILLIS, TimeUnit.MILLISECONDS);
      exit.join(CLOSE_LIMIT_MILLIS);
      directory.delete();
      if (!gone) {
        throw new MachineException("killed process must end: pid=" + process.pid());
      }
    } catch (InterruptedException e) {
      interrupted = true;
      directory.delete();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
