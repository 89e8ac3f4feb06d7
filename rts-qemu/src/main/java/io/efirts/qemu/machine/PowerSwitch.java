// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

/** What stops the vCPU and lets it run, on connections each of which has one kind of user. */
interface PowerSwitch {
  /**
   * Stops the vCPU; for the housekeeper.
   *
   * @throws MachineException if QEMU did not answer in time
   */
  void stop();

  /**
   * Lets the vCPU run; for users, without waiting, allocating or locking.
   *
   * @return whether QEMU's end took the command
   */
  boolean resumeForUser();

  /**
   * Lets the vCPU run and knows that it does; for the housekeeper and for saving.
   *
   * @param deadline latest time as of {@link System#nanoTime()}
   * @throws MachineException if QEMU did not answer in time
   */
  void resume(long deadline);

  /**
   * Lets the vCPU run; for the crash path, on a connection of its own, without waiting.
   *
   * @return whether QEMU's end took the command
   */
  boolean resumeFromCrash();

  /** Throws away what QEMU said about stops; for the housekeeper. */
  void drain();

  /**
   * Throws away what the guest has said long ago; for the housekeeper.
   *
   * @throws MachineException if that cannot be done
   */
  void tidy();

  /** Whether there still is a machine; one volatile read. */
  boolean isAlive();
}
