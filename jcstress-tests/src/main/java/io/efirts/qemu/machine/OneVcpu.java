// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

/** A vCPU that does as it is told at once, whichever connection it is told over. */
final class OneVcpu implements PowerSwitch {
  volatile boolean running = true;

  @Override
  public void stop() {
    running = false;
  }

  @Override
  public void resume(long deadline) {
    running = true;
  }

  @Override
  public boolean resumeForUser() {
    running = true;
    return true;
  }

  @Override
  public boolean resumeFromCrash() {
    running = true;
    return true;
  }

  @Override
  public void drain() {}

  @Override
  public void tidy() {}

  @Override
  public boolean isAlive() {
    return true;
  }
}
