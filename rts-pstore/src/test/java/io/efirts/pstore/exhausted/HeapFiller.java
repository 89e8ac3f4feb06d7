// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.exhausted;

/** Keeps the heap full: holds what it has got, and goes on asking for more. */
final class HeapFiller implements Runnable {
  private static final int LARGEST = 1 << 20;
  private static final int SMALLEST = 16;

  /** Failures of the smallest request in a row after which the heap counts as full. */
  private static final int FULL_AFTER = 50;

  private volatile boolean full;
  private volatile boolean stop;
  private volatile long refused;
  private Object[] held = new Object[2];

  /** Whether nothing could be had, for a while now. */
  boolean isFull() {
    return full;
  }

  /** How often a request failed. */
  long refused() {
    return refused;
  }

  void stop() {
    stop = true;
  }

  @Override
  public void run() {
    int size = LARGEST;
    int failures = 0;
    while (!stop) {
      try {
        byte[] more = new byte[size];
        Object[] link = new Object[2];
        link[0] = held;
        link[1] = more;
        held = link;
        failures = 0;
      } catch (OutOfMemoryError e) {
        refused++;
        if (size > SMALLEST) {
          size /= 2;
        } else if (++failures >= FULL_AFTER) {
          full = true;
        }
      }
    }
    held = null;
  }
}
