// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

import io.efirts.api.memory.GuestMemory;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * A running QEMU process whose RAM this JVM shares.
 *
 * <p>It ends with {@link #close()} or with this JVM, whatever kills that. Its vCPU is paused when
 * nobody uses it, see {@link #power()}. Safe for any thread.
 */
public final class QemuMachine implements AutoCloseable {
  private final MachineSettings settings;
  private final MachineDirectory directory;
  private final GuestMemory memory;
  private final MachineProcess process;
  private final MachineConnections connections;
  private final MachinePower power;

  private QemuMachine(MachineSettings settings, MachineDirectory directory, boolean restored) {
    this.settings = settings;
    this.directory = directory;
    memory = GuestRam.map(directory.file(MachineDirectory.RAM), settings.arch());
    process = new MachineProcess(CommandLine.of(settings, restored), directory);
    try {
      long deadline = System.nanoTime() + settings.startLimit().toNanos();
      connections =
          new MachineConnections(
              directory, settings.arch(), process.exit(), deadline, settings.commandLimit());
      try {
        if (restored) {
          DeviceState.load(connections.control(), process.exit(), deadline);
        }
        power =
            new MachinePower(
                connections, settings.idlePause().toNanos(), "efi-rts-qemu-idle-" + process.pid());
        connections.control().resume();
        power.start();
      } catch (Throwable e) {
        connections.close();
        throw e;
      }
    } catch (RuntimeException e) {
      throw process.failedStart(e);
    } catch (Error e) {
      throw process.failedStart(e);
    }
  }

  /**
   * Starts a machine, in use by the caller; returns when QEMU runs the first instructions, long
   * before firmware is done. Call {@code power().end()} when it is. Blocks, allocates; fails on a
   * thread whose interrupt flag is set.
   *
   * @param settings what it is made of
   * @return the machine, running
   * @throws MachineException if something is not installed, or QEMU does not start in time
   */
  public static QemuMachine start(MachineSettings settings) {
    Objects.requireNonNull(settings, "settings");
    return launch(settings, null);
  }

  /**
   * Brings a machine back as it was, in use by the caller: guest RAM has the bytes it had. Call
   * {@code power().end()} after the first use. Blocks, allocates; fails on a thread whose interrupt
   * flag is set.
   *
   * @param snapshot a machine at rest; not changed
   * @return the machine, running
   * @throws MachineException if something is not installed, or QEMU does not start in time
   */
  public static QemuMachine restore(MachineSnapshot snapshot) {
    Objects.requireNonNull(snapshot, "snapshot");
    return launch(snapshot.restoreSettings(), snapshot);
  }

  private static QemuMachine launch(MachineSettings settings, MachineSnapshot snapshot) {
    Installation.require(settings, Objects.requireNonNullElse(System.getenv("PATH"), ""));
    MachineDirectory directory = MachineDirectory.create();
    try {
      directory.fill(settings, snapshot);
      return new QemuMachine(settings, directory, snapshot != null);
    } catch (Throwable e) {
      directory.delete();
      throw e;
    }
  }

  /**
   * Saves the machine as it is; it runs on afterwards. Nobody may use it meanwhile. Blocks,
   * allocates.
   *
   * @param target a directory that is made, or is empty
   * @return the machine at rest
   * @throws IllegalStateException if the machine is in use
   * @throws MachineException if the directory is not empty or not writable, or QEMU fails or is
   *     late
   */
  public MachineSnapshot snapshot(Path target) {
    Objects.requireNonNull(target, "target");
    MachineDirectory.requireEmpty(target);
    long deadline = System.nanoTime() + settings.startLimit().toNanos();
    if (!power.beginAnswered(deadline)) {
      throw new MachineException("machine must run to be saved: " + exitDescription());
    }
    try {
      save(target, deadline);
    } finally {
      power.end();
    }
    return new MachineSnapshot(target, settings);
  }

  private void save(Path target, long deadline) {
    MachineControl control = connections.control();
    try {
      control.stop();
      DeviceState.save(control, process.exit(), deadline);
      directory.copyTo(target);
    } catch (MachineException e) {
      try {
        control.resume();
      } catch (MachineException another) {
        e.addSuppressed(another);
      }
      throw e;
    }
    control.resume();
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
   * answers, and its memory is given back when the garbage collector finds nobody holds it. The
   * guest's accesses are ordered as the processor's are: publish a word by a release write after
   * its data, and read one by an acquire read before.
   *
   * @return the memory, shared with the guest
   */
  public GuestMemory memory() {
    return memory;
  }

  /**
   * When the vCPU runs.
   *
   * @return the machine's only one
   */
  public MachinePower power() {
    return power;
  }

  /**
   * The alarm line for ordinary use, one thread at a time.
   *
   * @return the machine's only one
   */
  public AlarmLine alarm() {
    return connections.alarm();
  }

  /**
   * The alarm line for the crash path, one thread at a time.
   *
   * @return the machine's only one
   */
  public AlarmLine crashAlarm() {
    return connections.crashAlarm();
  }

  /**
   * The debugger line, shared by the ordinary and the crash path.
   *
   * @return the machine's only one, empty except on {@link GuestArch#ARM64}
   */
  public Optional<DebuggerLine> debugger() {
    return Optional.ofNullable(connections.debugger());
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
    return !process.exit().exited();
  }

  /**
   * How the process ended, or how far it came. Reads files, allocates.
   *
   * @return exit code or "running", then the last lines of QEMU's output and the serial port
   */
  public String exitDescription() {
    return process.exit().description();
  }

  /**
   * Kills the process, ends the machine's threads and deletes its files; a second time does
   * nothing. Blocks until the process is gone, some 10 s at most; an interrupt does not shorten
   * that and is kept.
   *
   * @throws MachineException if the process does not end, or its files cannot be deleted
   */
  @Override
  public synchronized void close() {
    try {
      process.kill();
    } catch (MachineException e) {
      // It may still write to its store, which therefore stays locked, and to its files.
      power.close();
      connections.close();
      throw e;
    }
    power.close();
    connections.close();
    directory.delete();
  }
}
