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
  boolean recording = true;

  private void record(String call) {
    if (recording) {
      calls.add(call);
    }
  }

  @Override
  public void stop() {
    record("stop");
    onStop.run();
    fail();
  }

  @Override
  public void resume(long deadline) {
    record("resume");
    fail();
  }

  @Override
  public boolean resumeForUser() {
    record("user resume");
    return failure == null;
  }

  private void fail() {
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public boolean resumeFromCrash() {
    record("crash resume");
    return true;
  }

  @Override
  public void drain() {
    record("drain");
  }

  @Override
  public void tidy() {
    record("tidy");
    fail();
  }

  @Override
  public boolean isAlive() {
    return alive;
  }
}
