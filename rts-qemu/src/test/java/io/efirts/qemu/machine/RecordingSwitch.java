// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

import java.util.ArrayList;
import java.util.List;

/** A switch without a machine behind it. */
final class RecordingSwitch implements PowerSwitch {
  final List<String> calls = new ArrayList<>();
  Runnable onStop = () -> {};
  MachineException failure;
  boolean alive = true;

  @Override
  public void stop() {
    calls.add("stop");
    onStop.run();
    fail();
  }

  @Override
  public void resume(long deadline) {
    calls.add("resume");
    fail();
  }

  private void fail() {
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public boolean resumeFromCrash() {
    calls.add("crash resume");
    return true;
  }

  @Override
  public void drain() {
    calls.add("drain");
  }

  @Override
  public boolean isAlive() {
    return alive;
  }
}
