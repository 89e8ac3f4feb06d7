// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu;

import io.efirts.api.spi.FirmwareFactory;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.qemu.machine.MachineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.function.Function;

/**
 * Makes firmware instances out of machines: each in a newly booted one, over the same variable
 * store. The machine before is ended first, whatever hangs in it: a call of its instance that is
 * still inside faults, and can change nothing any more.
 *
 * <pre>{@code
 * QemuFirmwareFactory factory = new QemuFirmwareFactory(
 *     GuestSettings.of(GuestArch.ARM64),
 *     guest -> VirtualModeSwitch.perform(guest.firmware(), guest.host(), InterruptControl.NONE));
 * Dispatcher dispatcher = Dispatcher.builder().firmware(factory)
 *     .rearm(RearmPolicy.afterProbe(3, Duration.ofSeconds(1))).start();
 * }</pre>
 *
 * <p>Used by one thread at a time, as a dispatcher does; {@link #close} when that is closed.
 */
public final class QemuFirmwareFactory implements FirmwareFactory, AutoCloseable {
  private final GuestSettings settings;
  private final Function<QemuGuest, FirmwareInstance> arming;

  /** A copy of the store that is this factory's; null where the given file itself is used. */
  private final Path ownStore;

  /** Written by whoever arms, read by whoever asks. */
  private volatile QemuGuest guest;

  private boolean closed;

  /**
   * A factory.
   *
   * @param settings of each machine; unless they say that the variable store is used in place, all
   *     of them work on one copy of it
   * @param arming what is done with a guest that has booted: {@link QemuGuest#underFirmwareTables},
   *     {@link QemuGuest#atPhysicalAddresses}, or the switch to virtual addresses
   * @throws MachineException if the store cannot be copied
   */
  public QemuFirmwareFactory(GuestSettings settings, Function<QemuGuest, FirmwareInstance> arming) {
    this.arming = Objects.requireNonNull(arming, "arming");
    if (settings.machine().variablesInPlace()) {
      this.settings = settings;
      ownStore = null;
    } else {
      ownStore = copy(settings.machine().variables());
      this.settings = settings.withMachine(settings.machine().withVariablesInPlace(ownStore));
    }
  }

  private static Path copy(Path store) {
    Path copy = null;
    try {
      copy = Files.createTempFile("efi-", ".fd");
      return Files.copy(store, copy, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      MachineException told =
          new MachineException("variable store must be readable: file=" + store, e);
      try {
        if (copy != null) {
          Files.deleteIfExists(copy);
        }
      } catch (IOException second) {
        told.addSuppressed(second);
      }
      throw told;
    }
  }

  /**
   * {@inheritDoc}
   *
   * @throws MachineException if something is not installed or does not start
   * @throws io.efirts.qemu.agent.AgentException if firmware does not get to the agent in time
   * @throws IllegalStateException if the factory is closed
   */
  @Override
  public synchronized FirmwareInstance create() {
    if (closed) {
      throw new IllegalStateException("factory must be open to boot a machine: closed=true");
    }
    endMachine();
    QemuGuest booted = QemuGuest.boot(settings);
    guest = booted;
    return arming.apply(booted);
  }

  /** Forgets a machine only when it has ended: two must not work on one store. */
  private void endMachine() {
    QemuGuest ended = guest;
    if (ended != null) {
      ended.close();
      guest = null;
    }
  }

  /**
   * The guest of the last instance.
   *
   * @return the guest, or null if none has booted
   */
  public QemuGuest guest() {
    return guest;
  }

  /**
   * The file in which variables are.
   *
   * @return the store that all machines work on
   */
  public Path store() {
    return settings.machine().variables();
  }

  /**
   * Ends the machine, and deletes the copy of the store if there is one. Waits for a machine that
   * is booting.
   *
   * @throws MachineException if the machine does not end, or the copy cannot be deleted
   */
  @Override
  public synchronized void close() {
    closed = true;
    endMachine();
    if (ownStore != null) {
      try {
        Files.deleteIfExists(ownStore);
      } catch (IOException e) {
        throw new MachineException("variable store must be deletable: file=" + ownStore, e);
      }
    }
  }
}
