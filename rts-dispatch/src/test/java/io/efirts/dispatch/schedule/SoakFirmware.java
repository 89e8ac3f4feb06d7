// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.schedule;

import io.efirts.api.call.CallFrame;
import io.efirts.api.flat.FlatFirmwareContext;
import io.efirts.api.memory.Access;
import io.efirts.api.memory.FaultKind;
import io.efirts.api.memory.FirmwareFault;
import io.efirts.api.spi.FirmwareFactory;
import io.efirts.api.spi.FirmwareInstance;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Makes firmware instances that fault, throw, hang and are late, each now and then. */
final class SoakFirmware implements FirmwareFactory {
  private static final int ONE_MISHAP_IN = 2_000;
  private static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(8);
  private static final long HANG_NANOS = TimeUnit.MILLISECONDS.toNanos(120);

  private final EntryLog log;
  private final SplittableRandom random;

  SoakFirmware(EntryLog log, long seed) {
    this.log = log;
    random = new SplittableRandom(seed);
  }

  @Override
  public FirmwareInstance create() {
    return new FirmwareInstance(
        new TaggedFirmware(log, this::inside, true),
        new FlatFirmwareContext(1 << 17),
        new FlatFirmwareContext(1 << 14));
  }

  private synchronized int choose() {
    return random.nextInt(ONE_MISHAP_IN);
  }

  private void inside(int tag, int entry, CallFrame frame) {
    int choice = choose();
    switch (choice) {
      case 0 -> throw new FirmwareFault(FaultKind.NOT_MAPPED, 0xdead_0000L, Access.READ, 0);
      case 1 -> throw new IllegalStateException("injected");
      case 2, 3 -> throw Mishaps.error(choice);
      case 4 -> stay(HANG_NANOS);
      case 5, 6, 7, 8 -> stay(LATE_NANOS);
      default -> {}
    }
  }

  /** Is inside for a while, whoever wakes the thread meanwhile. */
  private static void stay(long nanos) {
    long start = System.nanoTime();
    long left = nanos;
    while (left > 0) {
      LockSupport.parkNanos(left);
      left = nanos - (System.nanoTime() - start);
    }
  }
}
